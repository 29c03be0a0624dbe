"""Which program made a page: read off its notes, its script and its broken places."""

import re
from collections import Counter
from collections.abc import Iterator

from repair.mirror.lattice import solve_notes
from repair.mirror.program import Mirror
from repair.mirror.tables import reads, simplified

NOTE = re.compile(r"([\u4e00-\u9fff])\(([a-zêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6})\)")
_LEAST_NOTES = 5
_LEAST_KINDS = 3
_MOST_NOTED = 0.5
"""Share of the hanzi with a note above which the notes are the page's purpose: a reader, a poem for children."""
_CONVERTED = 0.9
"""Share of the annotated characters that must be of the site's own making: traditional forms."""
_FULL_WIDTH = re.compile("[！-～]")


def infer(seen: str) -> Mirror | None:
    """Return the program that a page shows, None where its notes do not come from a program.

    A program annotates every occurrence of its characters with one reading; a person annotates what is hard to read,
    once, and a textbook nearly everything.
    """
    notes = _notes(seen)
    if notes is None:
        return None
    plain = NOTE.sub(lambda match: match.group(1) if reads(*match.groups()) else match.group(), seen)
    table = _script(plain)
    folds = not _FULL_WIDTH.search(plain)
    program = Mirror("".join(table.values()), "".join(table), tuple(notes.items()), "？", folds)
    return _with_straddling(program, seen)


def _notes(seen: str) -> dict[str, str] | None:
    """Return character -> reading in the order of the page, if they are a program's."""
    found = [match for match in NOTE.finditer(seen) if reads(*match.groups())]
    notes = {match.group(1): match.group(2) for match in found}
    hanzi = sum("\u4e00" <= character <= "\u9fff" for character in seen)
    if len(found) < _LEAST_NOTES or len(notes) < _LEAST_KINDS or len(found) > _MOST_NOTED * hanzi:
        return None
    if sum(character in simplified() for character in notes) < _CONVERTED * len(notes):
        return None
    counts = Counter(seen)
    noted = Counter(match.groups() for match in found)
    everywhere = all(noted[character, reading] == counts[character] for character, reading in notes.items())
    return notes if everywhere else None


def _script(plain: str) -> dict[str, str]:
    """Return traditional -> simplified for the page: one to one, and only where the simplified form does not occur."""
    present = Counter(plain)
    by_simple: dict[str, str] = {}
    for character, _ in present.most_common():
        simple = simplified().get(character)
        if simple and simple not in present:
            by_simple.setdefault(simple, character)
    return {traditional: simple for simple, traditional in sorted(by_simple.items())}


def _with_straddling(program: Mirror, seen: str) -> Mirror:
    """Add the characters that only broken places show, and put the notes in an order that explains those places."""
    before: set[tuple[str, str]] = set()
    notes = dict(program.notes)
    table = dict(zip(program.traditional, program.simplified, strict=True))
    for text, straddling in solve_notes(program, seen):
        for character in text:
            simple = simplified().get(character)
            if simple and simple not in seen and simple not in table.values():
                table[character] = simple
        for character, reading in straddling:
            notes.setdefault(character, reading)
            before |= {(own, character) for own in text if own in notes and own != character}
    ordered = tuple((character, notes[character]) for character in _ordered(list(notes), before))
    pairs = sorted(table.items())
    return Mirror("".join(s for _, s in pairs), "".join(t for t, _ in pairs), ordered, program.cut, program.folds)


def _ordered(characters: list[str], before: set[tuple[str, str]]) -> Iterator[str]:
    """Sort so that the first of each pair comes before the second; a circle is broken where it is met."""
    left = list(characters)
    while left:
        free = [c for c in left if not any(b == c and a in left for a, b in before)]
        character = free[0] if free else left[0]
        left.remove(character)
        yield character
