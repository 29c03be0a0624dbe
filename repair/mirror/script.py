"""The script of a site: which characters its table made traditional, read off its pages."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache

import numpy as np

from repair.channel import Loss
from repair.language import load
from repair.mirror.tables import codes, simplified

_SIMPLIFIED_TOO = {"著": "着"}
"""What sites convert though the character has its own words in simplified text."""
_SIDE = 3
"""Characters at either side by which a character is chosen: the model looks back three."""
_ACCIDENTS, _UNSOLVED = 0.1, 0.02
"""Share of a pair's occurrences that the simplified form may have by accident: in broken places, and when these are
known in those that stay unsolved."""
_LEAST_MIXED = 3
_MIXED = 0.25


@cache
def _convertible() -> dict[str, str]:
    """Return traditional -> simplified where GBK holds both: sites convert in GBK."""
    held = codes()
    return {
        character: simple
        for character, simple in (*simplified().items(), *_SIMPLIFIED_TOO.items())
        if ord(simple) < len(held) and held[ord(simple)] and held[ord(character)]
    }


def counted(texts: Iterable[str]) -> Counter[str]:
    """Count the characters of texts; of long ones ten times as fast as `Counter` does."""
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    counts = np.bincount(points)
    found = np.flatnonzero(counts)
    return Counter(dict(zip(map(chr, found.tolist()), counts[found].tolist(), strict=True)))


def inverse(counts: Mapping[str, int], *, lenient: bool) -> dict[str, str]:
    """Return traditional -> simplified for a site's table, given how often each character occurs on its pages.

    A table replaces every occurrence, so a simplified form that still stands was not in it, and its traditional form
    was there before (于 beside 於, 里 beside 裡). One simplified form has one traditional form in a table: the most
    frequent. ``lenient`` bears with more simplified forms that stand by accident. Empty where the pages were
    traditional before: they keep apart what a table would have made one.
    """
    table: dict[str, str] = {}
    mixed = 0
    by_count = sorted((-count, character) for character, count in counts.items() if character in _convertible())
    for negative, character in by_count:
        simple = _convertible()[character]
        own = counts.get(simple, 0)
        if own > (_ACCIDENTS if lenient else _UNSOLVED) * (own - negative) + 0.5 or simple in table:
            mixed += 1
        else:
            table[simple] = character
    if mixed >= max(_LEAST_MIXED, _MIXED * len(table)):
        return {}
    return {traditional: simple for simple, traditional in sorted(table.items())}


def unseen(characters: Collection[str]) -> dict[str, str]:
    """Return traditional -> simplified for the pairs of which pages with these characters show neither."""
    return {
        character: simple
        for character, simple in _convertible().items()
        if simple not in characters and character not in characters
    }


def with_the_unseen(table: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Add to a site's table what is `unseen` on its pages, but for simplified forms that it has already.

    These pairs are for reading broken places; the table of the program gets those that a place needs.
    """
    taken = set(table.values())
    return {**{own: simple for own, simple in more.items() if simple not in taken}, **table} if table else {}


def by_context(text: str, script: str, table: Mapping[str, str]) -> tuple[str, tuple[Loss, ...]]:
    """Choose anew where a character of the site's script is one of simplified text as well, and tell how likely it is.

    A table that makes 著 of 着 turns 着手 into 著手 and leaves 显著: the page alone does not tell them apart. Returns
    the text with the likelier characters, and where they stand.
    """
    open_ = {own for own in set(script).intersection(table) if _is_simplified(own)}
    if not open_:
        return text, ()
    places = [at for at, own in enumerate(script) if own in open_]
    sides = [(text[max(0, at - _SIDE) : at], text[at + 1 : at + 1 + _SIDE]) for at in places]
    both = [(table[script[at]], script[at]) for at in places]
    windows = [before + one + after for (before, after), pair in zip(sides, both, strict=True) for one in pair]
    bits = load().log_probabilities(windows).reshape(-1, 2)
    shares = 1 / (1 + np.exp2(np.clip(bits[:, ::-1] - bits, -1000, 1000)))
    chosen = list(text)
    losses: list[Loss] = []
    for at, pair, own in zip(places, both, shares.tolist(), strict=True):
        ranked = sorted(zip(pair, own, strict=True), key=lambda one: -one[1])
        chosen[at] = ranked[0][0]
        losses.append(Loss(at, at + 1, tuple(ranked)))
    return "".join(chosen), tuple(losses)


@cache
def _is_simplified(character: str) -> bool:
    """Say whether a character belongs to GB 2312, the set of simplified script."""
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False
