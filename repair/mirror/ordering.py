"""The order of a site's rules: which must come first for its broken places to show as they do."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from repair.mirror.mirror import Mirror
from repair.mirror.points import Points, text_of
from repair.mirror.reading import Page
from repair.mirror.rules import SIGN, Rules, ranks_of, rules_of
from repair.mirror.running import made
from repair.mirror.tables import characters, codes

_MOST_OVERLAPS = 4
_Pair = tuple[str, str]


def ordered(program: Mirror, read: Sequence[Page], pages: Sequence[Points]) -> Mirror:
    """Put the notes in an order, and the cuts before or after them, so that the broken places come out as seen."""
    best = replace(program, cuts_first=False)
    shown = [pair for page, seen in zip(read, pages, strict=True) for pair in _shown_places(page, seen)]
    if not shown:
        return best
    rules = rules_of(replace(best, simplified="", traditional=""))
    places = [(text, seen, _overlaps(rules, text)) for text, seen in shown]
    before, fewest = _orders(rules, places)
    if fewest and program.cut:
        cuts_first = replace(program, cuts_first=True)
        others, wrong = _orders(rules._replace(ranks=ranks_of(cuts_first)), places)
        if wrong < fewest:
            best, before = cuts_first, others
    readings = dict(program.notes)
    return replace(best, notes=tuple((name, readings[name]) for name in _sorted([*readings], before)))


def _shown_places(page: Page, seen: Points) -> Iterator[tuple[Points, Points]]:
    """Yield each broken place with the character before it: its text in the site's script, and what was seen."""
    for start, end, seen_start, seen_end in page.places.tolist():
        first = max(start - 1, 0)
        origin = int(page.origins[first]) if first < start else seen_start
        if origin >= 0:
            yield page.script[first:end], seen[origin:seen_end]


def _orders(rules: Rules, places: Sequence[tuple[Points, Points, Sequence[_Pair]]]) -> tuple[set[_Pair], int]:
    """Return which characters must go before which so that the places come out as seen, and how many never do.

    Places of few pairs tell most; those of many are read in agreement with them where they can be. Where places
    contradict each other, some of them were read wrong: the more of them are right.
    """
    every: Counter[_Pair] = Counter()
    wrong = 0
    for text, seen, pairs in sorted(places, key=lambda place: len(place[2])):
        for before in sorted(_possible(pairs), key=lambda own: sum(every[b, a] for a, b in own)):
            if _comes_out(rules, before, text, seen):
                every.update(pair for pair in before if not _comes_out(rules, before ^ {pair, pair[::-1]}, text, seen))
                break
        else:
            wrong += 1
    return {(a, b) for (a, b), count in every.items() if count > every[b, a]}, wrong


def _comes_out(rules: Rules, before: set[_Pair], text: Points, seen: Points) -> bool:
    """Say whether a text comes out as seen where the first of each pair of characters comes before the second."""
    return made(_in_order(rules, before) if before else rules, text, seen)


def _possible(pairs: Sequence[_Pair]) -> Iterator[set[_Pair]]:
    """Yield every way to put one of each pair before the other."""
    for turned in product((False, True), repeat=len(pairs)):
        yield {(b, a) if turn else (a, b) for turn, (a, b) in zip(turned, pairs, strict=True)}


def _overlaps(rules: Rules, text: Points) -> list[_Pair]:
    """Return the annotated characters of a text that share a byte, the first ones."""
    data = np.frombuffer(text_of(text).encode("gbk", "replace"), np.uint8).astype(np.intp)
    pairs = data[:-1] << 8 | data[1:]
    noted = (rules.ranks[pairs] != 0) & (rules.notes[pairs] != SIGN)
    at = np.flatnonzero(noted[:-1] & noted[1:] & (pairs[:-1] != pairs[1:]))[:_MOST_OVERLAPS]
    return [
        (chr(first), chr(second)) for first, second in characters()[np.stack((pairs[at], pairs[at + 1]), 1)].tolist()
    ]


def _in_order(rules: Rules, before: set[_Pair]) -> Rules:
    """Let the first of each pair of characters come before the second; the others keep their places."""
    names = sorted({character for pair in before for character in pair})
    own = codes()[[ord(character) for character in _sorted(names, before)]]
    ranks = rules.ranks.copy()
    ranks[own] = np.sort(ranks[own])
    return rules._replace(ranks=ranks)


def _sorted(names: list[str], before: set[_Pair]) -> list[str]:
    """Sort so that the first of each pair comes before the second; a circle is broken where it is met."""
    if not before:
        return names
    waits: dict[str, set[str]] = {}
    for first, second in before:
        waits.setdefault(second, set()).add(first)
    found: dict[str, None] = {}

    def place(character: str, above: frozenset[str]) -> None:
        if character not in found and character not in above:
            for first in sorted(waits.get(character, ())):
                place(first, above | {character})
            found[character] = None

    for character in names:
        place(character, frozenset())
    return [character for character in found if character in set(names)]
