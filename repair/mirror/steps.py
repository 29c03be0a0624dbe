"""The steps that a broken place allows: every way in which bytes of the original can have come to show as they do."""

import numpy as np

from repair.compiled import borrowing
from repair.language import Tables
from repair.language.kernel import recalled
from repair.mirror.lattice import (
    ALONE,
    EATEN,
    HIDDEN,
    IMPOSSIBLE,
    NOTED,
    PAIRED,
    PENDING,
    PLAIN,
    PRUNED,
    RUN,
    SIGNED,
    Lattice,
    Seen,
    begin,
    commit,
    feed,
    listed_inside,
    part,
)
from repair.mirror.site import CUT, DROP, MARK, MARKS, PRIVATE, UNKNOWN, Site
from repair.mirror.trails import NEAR, complete, trails, weigh_trails

ORPHAN_BITS = 3.0
"""What a lead byte alone costs: how rare broken places are among places that could be."""
_NEW_NOTE_BITS = 8.0
"""What a character costs that the site is not known to annotate."""
_NEW_SIGN_BITS = 5.0
_PAIR_BITS = 3.0
_STRAY_BITS = 8.0
_HIDDEN_BITS = 9.0
_UNNOTED_BITS = 15.0
"""What it costs that an annotated character stands without its note."""
_LONGEST_READING = 6
_UNKNOWN_LEFT = 8.0
"""Bits behind the best at a position up to which a path may pass over unknown bytes: there are thousands of ways."""
_SIGN_LEFT = 25.0
"""The same before a sign that is known to be cut out, where one byte is unknown."""
_UNSEEN_LEFT, _UNSEEN_NEAR = 10.0, 6.0
"""The same where they leave no sign and could be anywhere; where no bad byte leaves a sign only notes and signs do."""


@borrowing
def note_at(site: Site, seen: Seen, at: int, eaten: bool) -> int:
    """Return the end of the note at a position, its reading's number in the 16 bits below; -1 where there is none.

    ``eaten`` says that a lead byte took the opening bracket along.
    """
    number = -1
    for turn in range(site.habit[3]):
        if turn or not eaten:
            if at >= len(seen) or seen[at] != 0x28:
                return -1
            at += 1
        start, value = at, 0
        while at < len(seen) and seen[at] < 0x400 and site.table[seen[at]].letter:
            value = (value * 1000003 + np.int64(seen[at])) % (1 << 40)
            at += 1
        if at == start or at - start > _LONGEST_READING or at >= len(seen) or seen[at] != 0x29:
            return -1
        found = np.searchsorted(site.hashes, value)
        if found == len(site.hashes) or site.hashes[found] != value or (turn and found != number):
            return -1
        number = found
        at += 1
    return int(at << 16 | number)


@borrowing
def is_read(site: Site, code: int, number: int) -> bool:
    """Say whether a reading is one of a character's."""
    own = site.readers[site.starts[number] : site.starts[number + 1]]
    found = np.searchsorted(own, code)
    return bool(found < len(own) and own[found] == code)


@borrowing
def sign_at(site: Site, seen: Seen, at: int) -> int:
    """Return the code of the sign at a position that the site cuts out, or may, folded or not; 0 where none stands."""
    if at >= len(seen) or seen[at] >= 0x10000:
        return 0
    character = np.int64(seen[at])
    if character < 0x80:
        code = 0xA380 + character if site.table[character].folded else 0
    else:
        code = np.int64(site.table[character].code)
    return int(code) if code and site.table[code].cut else 0


@borrowing
def _sign_bits(site: Site, sign: int) -> float:
    return 0.0 if site.table[sign].cut == CUT else _NEW_SIGN_BITS


@borrowing
def settle(
    lattice: Lattice, site: Site, seen: Seen, node: int, start: int, at: int, kind: int, sign: int, bits: float
) -> None:
    """End a step where a character seen ends: with the note that must, or may, follow."""
    code, joined = lattice.now[0].code, lattice.now[0].joined
    listed = site.table[code].note
    note = note_at(site, seen, at, False)
    if note >= 0:
        number, end = note & 0xFFFF, note >> 16
        if listed == number or (listed == UNKNOWN and is_read(site, code, number)):
            state = lattice.now[0].state
            part(lattice)
            extra = bits if listed == number else bits + _NEW_NOTE_BITS
            commit(lattice, node, end - start, kind, extra, number << 16 | code, sign)
            lattice.now[0].state = state
            if joined and listed == number:
                return
    elif listed >= 0 and joined:
        bits += _UNNOTED_BITS
    commit(lattice, node, at - start, kind, bits, 0, sign)


@borrowing
def plain(lattice: Lattice, site: Site, tables: Tables, seen: Seen, node: int, start: int, at: int) -> None:
    """Take what stands at a position as it stands: the bytes of the character seen."""
    character = np.int64(seen[at])
    pending = lattice.nodes[node].state & PENDING
    kind = RUN if pending else PLAIN
    begin(lattice, node)
    code = np.int64(site.table[character].code) if character < 0x10000 else 0
    if code == 0:
        if not pending:
            _opaque(lattice, tables, character)
            commit(lattice, node, at + 1 - start, PLAIN, 0.0, 0, 0)
        return
    if character < 0x80:
        if feed(lattice, site, tables, character):
            settle(lattice, site, seen, node, start, at + 1, kind, 0, 0.0)
        if not pending or not site.table[character].folded:
            return
        code = 0xA380 + character
        begin(lattice, node)
    cut = site.table[code].cut
    if cut:
        part(lattice)
    if not feed(lattice, site, tables, code >> 8) or (not cut and listed_inside(lattice, site)):
        return
    if feed(lattice, site, tables, code & 0xFF):
        if cut:
            part(lattice)
        settle(lattice, site, seen, node, start, at + 1, kind, 0, 0.0)


@borrowing
def _opaque(lattice: Lattice, tables: Tables, character: int) -> None:
    """Take a character that GBK does not hold; what it is does not matter, but that it is there does."""
    unit = tables.unit_of[character]
    lattice.now[0].bits += recalled(tables, lattice.now[0].context, unit, np.uint32(lattice.now[0].precedes))[0]
    lattice.now[0].context = lattice.now[0].precedes = np.uint64(0)
    lattice.now[0].state = 0


@borrowing
def orphans(
    lattice: Lattice, site: Site, tables: Tables, seen: Seen, node: int, start: int, at: int, behind: float
) -> None:
    """Take it that a lead byte stood alone before ``at``: before a note, a sign, an ASCII character or the end."""
    eats = site.habit[1] != 0
    bits = ORPHAN_BITS if site.habit[0] else _HIDDEN_BITS
    note = note_at(site, seen, at, eats)
    if note >= 0:
        _before_note(lattice, site, tables, node, start, note, bits)
    sign = sign_at(site, seen, at)
    if sign and behind < (_SIGN_LEFT if site.habit[0] and site.table[sign].cut == CUT else _UNKNOWN_LEFT):
        _before_sign(lattice, site, tables, seen, node, start, at, sign, bits)
    if not lattice.nodes[node].state & PENDING or site.habit[0] == 0 or behind > _UNKNOWN_LEFT:
        return
    if (at == len(seen) and not eats) or (at < len(seen) and not _held(site, seen[at])):
        trails(lattice, site, tables, seen, node, start, at, ALONE, bits, NEAR)
    elif note >= 0:
        return
    elif eats:
        if at == len(seen):
            trails(lattice, site, tables, seen, node, start, at, ALONE, bits, NEAR)
        trails(lattice, site, tables, seen, node, start, at, EATEN, bits, NEAR)
    elif seen[at] < 0x80:
        trails(lattice, site, tables, seen, node, start, at, ALONE, bits, NEAR)


@borrowing
def _held(site: Site, character: int) -> bool:
    """Say whether GBK holds a character, so that bytes can run on into it."""
    return bool(character < 0x80 or (character < 0x10000 and site.table[character].code))


@borrowing
def _before_note(lattice: Lattice, site: Site, tables: Tables, node: int, start: int, note: int, bits: float) -> None:
    """Yield the bytes that end an annotated character with this reading."""
    number, end = note & 0xFFFF, note >> 16
    lead = (lattice.nodes[node].state & 0xFF) << 8
    first, last = site.starts[number], site.starts[number + 1]
    own = site.readers[first:last]
    for index in range(np.searchsorted(own, lead + 0x81), np.searchsorted(own, lead + 0xFF)):
        code = np.int64(own[index])
        listed = site.table[code].note
        if listed not in (number, UNKNOWN):
            continue
        begin(lattice, node)
        if feed(lattice, site, tables, code & 0xFF):
            part(lattice)
            extra = bits if listed == number else bits + _NEW_NOTE_BITS
            commit(lattice, node, end - start, NOTED, extra, number << 16 | code, 0)


@borrowing
def _among_the_best(lattice: Lattice, node: int) -> bool:
    """Say whether a lead byte that ends a character before a sign comes near the best one from this position."""
    total = lattice.nodes[node].best + lattice.now[0].bits
    lattice.levels[SIGNED] = min(lattice.levels[SIGNED], total)
    near = total <= lattice.levels[SIGNED] + NEAR
    lattice.counts[PRUNED] |= np.int64(not near)
    return bool(near)


@borrowing
def _before_sign(
    lattice: Lattice,
    site: Site,
    tables: Tables,
    seen: Seen,  # noqa: ARG001 - the steps are called alike
    node: int,
    start: int,
    at: int,
    sign: int,
    bits: float,
) -> None:
    base, pending = lattice.nodes[node].best, lattice.nodes[node].state & PENDING
    if pending:
        lattice.levels[SIGNED] = min(lattice.levels[SIGNED], base + weigh_trails(lattice, site, tables, node))
    for byte in range(0x81, 0xFF):
        if pending:
            own = lattice.trails[byte].bits
            if base + own > lattice.levels[SIGNED] + NEAR:
                lattice.counts[PRUNED] |= np.int64(own < IMPOSSIBLE)
                continue
            complete(lattice, site, node, byte)
        else:
            begin(lattice, node)
            if not feed(lattice, site, tables, byte) or listed_inside(lattice, site):
                continue
        part(lattice)
        if not feed(lattice, site, tables, sign >> 8):
            continue
        if site.habit[0] == 0 and not _among_the_best(lattice, node):
            continue
        if not feed(lattice, site, tables, sign & 0xFF):
            continue
        part(lattice)
        commit(lattice, node, at + 1 - start, SIGNED, bits + _sign_bits(site, sign), 0, sign)


@borrowing
def expand(lattice: Lattice, site: Site, tables: Tables, seen: Seen, node: int, start: int, behind: float) -> None:
    """Take every step that is possible from a node that is so many bits behind the best at its position."""
    at = start + lattice.nodes[node].at
    pending = lattice.nodes[node].state & PENDING
    half_note = False
    if site.habit[0] == 0:
        orphans(lattice, site, tables, seen, node, start, at, behind)
    elif at < len(seen) and seen[at] == site.habit[0]:
        half_note = pending != 0 and note_at(site, seen, at + 1, site.habit[1] != 0) >= 0
        _marked(lattice, site, tables, seen, node, start, at, behind, half_note)
    if pending and behind < _UNSEEN_LEFT and not lattice.nodes[node].state & HIDDEN:
        if site.habit[2] == DROP:
            trails(lattice, site, tables, seen, node, start, at, PAIRED, _HIDDEN_BITS, _UNSEEN_NEAR)
        if not site.habit[0] and site.habit[1]:
            trails(lattice, site, tables, seen, node, start, at, EATEN, _HIDDEN_BITS, _UNSEEN_NEAR)
    if at < len(seen) and not half_note:
        plain(lattice, site, tables, seen, node, start, at)


@borrowing
def _marked(
    lattice: Lattice,
    site: Site,
    tables: Tables,
    seen: Seen,
    node: int,
    start: int,
    at: int,
    behind: float,
    half_note: bool,
) -> None:
    """Take every step over a mark; before half a note it is no other thing: the original would hold half a note."""
    near = behind < _UNKNOWN_LEFT
    orphans(lattice, site, tables, seen, node, start, at + 1, behind)
    if not lattice.nodes[node].state & PENDING or half_note:
        return
    if near and site.habit[2] in (MARK, PRIVATE):
        trails(lattice, site, tables, seen, node, start, at + 1, PAIRED, _PAIR_BITS, NEAR)
    elif near and site.habit[2] == MARKS and at + 1 < len(seen):
        trails(lattice, site, tables, seen, node, start, at + 1, ALONE, _PAIR_BITS, NEAR)
    _stray(lattice, site, tables, node, start, at + 1)


@borrowing
def _stray(lattice: Lattice, site: Site, tables: Tables, node: int, start: int, at: int) -> None:
    """Take a mark for the trail byte 80, which begins no character and takes nothing along."""
    begin(lattice, node)
    if feed(lattice, site, tables, 0x80):
        commit(lattice, node, at - start, PAIRED, _STRAY_BITS, 0, 0)
