"""Which program made the pages of a site: read off their notes, their script and their broken places."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from repair.mirror.counting import counted
from repair.mirror.evidence import notes_of, of_a_site
from repair.mirror.habits import mark_and_eats, private, unfolded
from repair.mirror.mirror import Mirror
from repair.mirror.ordering import ordered
from repair.mirror.points import Points, points_of, text_of
from repair.mirror.reading import ENDLESS, Page, read_back, site_for, table_of
from repair.mirror.script import Counts, Table, inverse, with_the_unseen
from repair.mirror.site import SIGNS

_FIRST_HANZI, _LAST_HANZI = 0x4E00, 0x9FFF
_MOST_CHARACTERS = 200_000
"""Characters of a site's pages from which its program is read: more of them show nothing new."""
_COMMONEST = ("?", True)
"""What most decoders put for a lead byte alone, and whether they take an ASCII character along."""
_MOST_TELLING = 8
"""Pages with broken places that tell what a decoder does with undefined pairs."""
_HABIT_BITS = 10.0
"""Bits by which they must read better than with the commonest habit."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """The program that pages show; a page that is alone as it was read with it, where it need not be read again."""

    program: Mirror
    page: Page | None = None


def infer(pages: Sequence[str]) -> Inferred | None:
    """Return the program that a page, or the pages of a site, show; None where their notes do not come from one."""
    if len(pages) > 1:
        pages = [page for page in pages if of_a_site(page)]
    pages = _enough(pages)
    points = [points_of(page) for page in pages]
    counts = counted(points)
    notes = notes_of(pages, counts)
    if notes is None:
        return None
    told = mark_and_eats(pages)
    mark, eats = told or _COMMONEST
    folds, spared = unfolded(counts)
    program = Mirror(
        *_strings(inverse(counts)),
        tuple(notes.readings.items()),
        "",
        folds,
        spared,
        notes.repeat,
        mark,
        eats,
        "private" if private(counts) else "mark",
    )
    shown = Shown(points, counts)
    chosen, read = _with_habit(program, shown) if told else _with_mark(program, shown)
    program = _learned(chosen, read)
    finished = not any(len(page.places) for page in read)
    if _parts(program) != _parts(chosen):
        read = _again(program, shown, read, with_losses=len(pages) == 1)
        known, program = program, _learned(program, read)
        finished = _parts(program) == _parts(known)
    return Inferred(ordered(program, read, points), read[0] if finished and len(pages) == 1 else None)


class Shown(NamedTuple):
    """What is seen of a site: its pages, and how often each character occurs on them."""

    pages: Sequence[Points]
    counts: Counts


def _strings(table: Table) -> tuple[str, str]:
    """Return simplified and traditional characters of a table, as a program holds them."""
    return text_of(table.simple), text_of(table.own)


def _parts(program: Mirror) -> tuple[frozenset[tuple[str, str]], str, str]:
    """Return what broken places can add to, in no order: notes, signs that are cut out, the table."""
    return frozenset(program.notes), program.cut, program.traditional


def _with_mark(program: Mirror, shown: Shown) -> tuple[Mirror, list[Page]]:
    """Read pages of which no note tells whether bad bytes left a mark: where none did, signs that were cut out tell."""
    read: list[Page] = []
    if shown.counts[ord(program.mark)]:
        program, read = _with_habit(program, shown)
        if any(len(page.places) for page in read):
            return program, read
    silent = replace(program, mark="")
    found = _read(silent, shown, shown.pages)
    return (silent, found) if any(len(page.places) for page in found) else (program, read or found)


def _with_habit(program: Mirror, shown: Shown) -> tuple[Mirror, list[Page]]:
    """Choose the habit at undefined pairs under which pages with broken places read best; return them as read."""
    read = _read(program, shown, shown.pages)
    telling = [number for number, page in enumerate(read) if page.bits][:_MOST_TELLING]
    if program.undefined == "private" or not program.mark:
        return program, read
    chosen, least = program, sum(read[number].bits for number in telling) - _HABIT_BITS
    told = [read[number] for number in telling]
    for habit in ("marks", "drop"):
        other = replace(program, undefined=habit)
        pages = _read(other, shown, [shown.pages[number] for number in telling], most=least) if least > 0 else []
        bits = sum(page.bits for page in pages)
        if pages and bits < least:
            chosen, least, told = other, bits, pages
    if chosen is program:
        return program, read
    if len(telling) == len(read):
        return chosen, told
    return chosen, _again(chosen, shown, read)


def _again(program: Mirror, shown: Shown, read: Sequence[Page], *, with_losses: bool = False) -> list[Page]:
    """Read the pages with broken places again, by what is known by now; the others come out the same."""
    broken = [number for number, page in enumerate(read) if len(page.places) or page.bits]
    pages = _read(program, shown, [shown.pages[number] for number in broken], with_losses=with_losses)
    again = dict(zip(broken, pages, strict=True))
    return [again.get(number, page) for number, page in enumerate(read)]


def _enough(pages: Sequence[str]) -> list[str]:
    """Return pages up to a number of characters, the longest first."""
    left = _MOST_CHARACTERS
    kept: list[str] = []
    for page in sorted(pages, key=len, reverse=True):
        if kept and len(page) > left:
            continue
        kept.append(page)
        left -= len(page)
    return kept


def _read(
    program: Mirror, shown: Shown, pages: Sequence[Points], *, with_losses: bool = False, most: int | None = None
) -> list[Page]:
    """Read pages backwards with what is known of the program, up to ``most`` bits of broken places in all of them."""
    unnoted = _FIRST_HANZI + np.flatnonzero(shown.counts[_FIRST_HANZI : _LAST_HANZI + 1])
    site = site_for(program, unnoted, with_the_unseen(table_of(program), shown.counts))
    read: list[Page] = []
    for page in pages:
        left = ENDLESS if most is None else most - sum(own.bits for own in read)
        read.append(read_back(site, page, with_losses=with_losses, most=left))
        if read[-1].bits > left:
            break
    return read


def _learned(program: Mirror, read: Sequence[Page]) -> Mirror:
    """Add to the program what the broken places of pages that were read with it show."""
    known = dict(program.notes)
    noted = Counter(note for page in read for note in page.noted)
    for (character, reading), _ in noted.most_common():
        known.setdefault(character, reading)
    signs = {sign for page in read for sign in page.signs}
    sound = counted(_outside(page) for page in read)
    table = _with_places(inverse(sound, points_of("".join(known))), read, sound)
    simplified, traditional = _strings(table)
    cut = "".join(sign for sign in SIGNS if sign in signs)
    return replace(program, simplified=simplified, traditional=traditional, notes=(*known.items(),), cut=cut)


def _outside(page: Page) -> Points:
    """Return the characters outside broken places, in the site's script."""
    inside = [np.arange(start, end) for start, end, _, _ in page.places.tolist()]
    return np.delete(page.script, np.concatenate(inside)) if inside else page.script


def _with_places(table: Table, read: Sequence[Page], sound: Counts) -> Table:
    """Add what the script of broken places tells of the table."""
    more: dict[int, int] = {}
    known, taken = set(table.own.tolist()), set(table.simple.tolist())
    for page in read:
        for start, end, _, _ in page.places.tolist():
            for own, simple in zip(page.script[start:end].tolist(), page.text[start:end].tolist(), strict=True):
                if own != simple and own not in known and simple not in taken and not sound[simple]:
                    more[own] = simple
                    known.add(own)
                    taken.add(simple)
    own, simple = np.array([*more], np.uint32), np.array([*more.values()], np.uint32)
    return Table(np.concatenate((table.own, own)), np.concatenate((table.simple, simple)))
