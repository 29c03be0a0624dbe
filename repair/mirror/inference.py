"""Which program made the pages of a site: read off their notes, their script and their broken places."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from repair.channel import UndamageableError
from repair.mirror.evidence import notes_of, of_a_site
from repair.mirror.habits import mark_and_eats, private, unfolded
from repair.mirror.mirror import Mirror
from repair.mirror.reading import Page, read_back, site_for
from repair.mirror.script import counted, inverse, unseen, with_the_unseen
from repair.mirror.site import SIGNS

_MOST_CHARACTERS = 200_000
"""Characters of a site's pages from which its program is read: more of them show nothing new."""
_MOST_OVERLAPS = 4
_MOST_TELLING = 8
"""Pages with broken places that tell what a decoder does with undefined pairs."""
_HABIT_BITS = 10.0
"""Bits by which they must read better than with the commonest habit."""


def infer(pages: str | Sequence[str]) -> Mirror | None:
    """Return the program that a page, or the pages of a site, show; None where their notes do not come from one."""
    pages = [pages] if isinstance(pages, str) else [page for page in pages if of_a_site(page)]
    pages = _enough(pages)
    counts = counted(pages)
    notes = notes_of(pages, counts)
    if notes is None:
        return None
    mark, eats = mark_and_eats(pages)
    folds, spared = unfolded(counts)
    table = inverse(counts, lenient=True)
    program = Mirror(
        "".join(table.values()),
        "".join(table),
        tuple(notes.readings.items()),
        "",
        folds,
        spared,
        notes.repeat,
        mark,
        eats,
        "private" if private(counts) else "mark",
    )
    read = _read(program, pages, counts)
    broken = [number for number, page in enumerate(read) if page.places or page.bits]
    chosen = _with_habit(program, pages, read, broken, counts)
    if chosen is not program:
        read = _again(chosen, pages, read, broken, counts)
    program = _learned(chosen, read, pages)
    if _parts(program) == _parts(chosen):
        return program
    return _learned(program, _again(program, pages, read, broken, counts), pages)


def _parts(program: Mirror) -> tuple[frozenset[tuple[str, str]], str, str]:
    """Return what broken places can add to, in no order: notes, signs that are cut out, the table."""
    return frozenset(program.notes), program.cut, program.traditional


def _with_habit(
    program: Mirror, pages: Sequence[str], read: Sequence[Page], broken: Sequence[int], counts: Counter[str]
) -> Mirror:
    """Choose the habit at undefined pairs under which pages with broken places read best."""
    telling = [number for number in broken if read[number].bits][:_MOST_TELLING]
    if program.undefined == "private" or not program.mark or not telling:
        return program
    chosen, least = program, sum(read[number].bits for number in telling) - _HABIT_BITS
    for habit in ("marks", "drop"):
        other = replace(program, undefined=habit)
        bits = sum(page.bits for page in _read(other, [pages[number] for number in telling], counts))
        if bits < least:
            chosen, least = other, bits
    return chosen


def _again(
    program: Mirror, pages: Sequence[str], read: Sequence[Page], broken: Sequence[int], counts: Counter[str]
) -> list[Page]:
    """Read the pages with broken places again, by what is known by now; the others come out the same."""
    again = dict(zip(broken, _read(program, [pages[number] for number in broken], counts), strict=True))
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


def _read(program: Mirror, pages: Sequence[str], counts: Counter[str]) -> list[Page]:
    """Read the pages backwards with what is known of the program."""
    table = dict(zip(program.traditional, program.simplified, strict=True))
    known = dict(program.notes)
    unnoted = [character for character in counts if character not in known and "\u4e00" <= character <= "\u9fff"]
    site = site_for(program, unnoted, with_the_unseen(table, unseen(counts)))
    return [read_back(site, page, with_losses=False) for page in pages]


def _learned(program: Mirror, read: Sequence[Page], pages: Sequence[str]) -> Mirror:
    """Add to the program what the broken places of pages that were read with it show."""
    known = dict(program.notes)
    noted = Counter(note for page in read for note in page.noted)
    for (character, reading), _ in noted.most_common():
        known.setdefault(character, reading)
    signs = Counter(sign for page in read for sign in page.signs)
    sound = _sound_counts(read)
    table = inverse(sound, lenient=False)
    for page in read:
        table |= _in_places(page, table, sound)
    program = replace(
        program,
        simplified="".join(table.values()),
        traditional="".join(table),
        notes=tuple(known.items()),
        cut="".join(sign for sign in SIGNS if sign in signs),
    )
    return _ordered(program, read, pages)


def _sound_counts(read: Sequence[Page]) -> Counter[str]:
    """Count the characters outside broken places, in the site's script."""
    inside = (page.script[place.start : place.end] for page in read for place in page.places)
    return counted(page.script for page in read) - counted(inside)


def _in_places(page: Page, table: dict[str, str], sound: Counter[str]) -> dict[str, str]:
    """Return what the script of broken places adds to the table."""
    more: dict[str, str] = {}
    taken = set(table.values())
    for place in page.places:
        for own, simple in zip(page.script[place.start : place.end], page.text[place.start : place.end], strict=True):
            if own != simple and own not in table and simple not in taken and simple not in sound:
                more[own] = simple
                taken.add(simple)
    return more


def _ordered(program: Mirror, read: Sequence[Page], pages: Sequence[str]) -> Mirror:
    """Put the notes in an order, and the cuts before or after them, so that the broken places come out as seen."""
    best, fewest = program, -1
    noted = {character.encode("gbk"): (character, reading) for character, reading in program.notes}
    shown_places = [pair for page, seen in zip(read, pages, strict=True) for pair in _shown_places(page, seen)]
    for cuts_first in (False, True):
        candidate = replace(program, cuts_first=cuts_first)
        before: set[tuple[str, str]] = set()
        wrong = 0
        for text, shown in shown_places:
            found = _order_at(candidate, noted, text, shown)
            wrong += found is None
            before |= found or set()
        if fewest < 0 or wrong < fewest:
            fewest = wrong
            characters = _sorted([character for character, _ in program.notes], before)
            readings = dict(program.notes)
            best = replace(candidate, notes=tuple((character, readings[character]) for character in characters))
    return best


def _shown_places(page: Page, seen: str) -> Iterator[tuple[str, str]]:
    """Yield each broken place with the character before it: its text in the site's script, and what was seen."""
    for place in page.places:
        first = max(place.start - 1, 0)
        origin = page.origins[first] if first < place.start else place.seen_start
        if origin >= 0:
            yield page.script[first : place.end], seen[origin : place.seen_end]


def _order_at(
    program: Mirror, noted: dict[bytes, tuple[str, str]], text: str, shown: str
) -> set[tuple[str, str]] | None:
    """Return which characters must go before which so that a text comes out as it was seen, None where none does."""
    try:
        data = text.encode("gbk")
    except UnicodeEncodeError:
        return None
    own = {noted[data[at : at + 2]] for at in range(len(data) - 1) if data[at : at + 2] in noted}
    pairs = [
        (noted[data[at : at + 2]][0], noted[data[at + 1 : at + 3]][0])
        for at in range(len(data) - 2)
        if data[at : at + 2] in noted and data[at + 1 : at + 3] in noted and data[at : at + 2] != data[at + 1 : at + 3]
    ][:_MOST_OVERLAPS]
    for turned in product((False, True), repeat=len(pairs)):
        before = {(b, a) if turn else (a, b) for turn, (a, b) in zip(turned, pairs, strict=True)}
        readings = dict(own)
        ordered = tuple((character, readings[character]) for character in _sorted(sorted(readings), before))
        try:
            if replace(program, notes=ordered).annotate(text) == shown:
                return before
        except UndamageableError:
            return None
    return None


def _sorted(characters: list[str], before: set[tuple[str, str]]) -> list[str]:
    """Sort so that the first of each pair comes before the second; a circle is broken where it is met."""
    waits: dict[str, set[str]] = {}
    for first, second in before:
        waits.setdefault(second, set()).add(first)
    ordered: dict[str, None] = {}

    def place(character: str, above: frozenset[str]) -> None:
        if character not in ordered and character not in above:
            for first in sorted(waits.get(character, ())):
                place(first, above | {character})
            ordered[character] = None

    for character in characters:
        place(character, frozenset())
    return [character for character in ordered if character in set(characters)]
