"""The steps that a broken place allows: every way in which bytes of the original can have come to show as they do."""

import numpy as np
import numpy.typing as npt

from repair.compiled import compiled
from repair.language import Tables
from repair.language.kernel import cost
from repair.mirror.lattice import (
    EATEN,
    NOTED,
    PAIRED,
    PENDING,
    PLAIN,
    RUN,
    SIGNED,
    Lattice,
    begin,
    commit,
    feed,
    hide,
    listed_inside,
    part,
)
from repair.mirror.site import CUT, DROP, MARKS, PRIVATE, UNKNOWN, Site

Seen = npt.NDArray[np.uint32]
ORPHAN_BITS = 3.0
"""What a lead byte alone costs: how rare broken places are among places that could be."""
_NEW_NOTE_BITS = 8.0
"""What a character costs that the site is not known to annotate."""
_NEW_SIGN_BITS = 5.0
_EATEN_BITS = 5.0
_PAIR_BITS = 3.0
_HIDDEN_BITS = 9.0
_UNNOTED_BITS = 15.0
"""What it costs that an annotated character stands without its note."""
_TAG_BITS = 12.0
_LONGEST_READING = 6
_SIGN_LEFT, _PAIR_LEFT = 25.0, 3.0
"""Bits behind the best at a position up to which a path may pass over unknown bytes: each such step has thousands of
variants. Where bad bytes leave no sign they could be anywhere, so that only notes and signs show them."""


@compiled
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


@compiled
def is_read(site: Site, code: int, number: int) -> bool:
    """Say whether a reading is one of a character's."""
    own = site.readers[site.starts[number] : site.starts[number + 1]]
    found = np.searchsorted(own, code)
    return bool(found < len(own) and own[found] == code)


@compiled
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


@compiled
def _sign_bits(site: Site, sign: int) -> float:
    return 0.0 if site.table[sign].cut == CUT else _NEW_SIGN_BITS


@compiled
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


@compiled
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


@compiled
def _opaque(lattice: Lattice, tables: Tables, character: int) -> None:
    """Take a character that GBK does not hold; what it is does not matter, but that it is there does."""
    unit = tables.unit_of[character]
    lattice.now[0].bits += cost(tables, lattice.now[0].context, unit)
    lattice.now[0].context = np.uint64(0)
    lattice.now[0].state = 0


@compiled
def orphans(
    lattice: Lattice, site: Site, tables: Tables, seen: Seen, node: int, start: int, at: int, near: bool
) -> None:
    """Take it that a lead byte stood alone before ``at``: before a note, a sign, an ASCII character or the end."""
    eats = site.habit[1] != 0
    bits = ORPHAN_BITS if site.habit[0] else _HIDDEN_BITS
    note = note_at(site, seen, at, eats)
    if note >= 0:
        _before_note(lattice, site, tables, node, start, note, bits)
    sign = sign_at(site, seen, at)
    if sign:
        _before_sign(lattice, site, tables, seen, node, start, at, sign, bits)
    if not lattice.nodes[node].state & PENDING or not near:
        return
    if at == len(seen) or seen[at] >= 0x10000 or (seen[at] >= 0x80 and site.table[seen[at]].code == 0):
        _trail(lattice, site, tables, node, start, at, bits)
    elif note >= 0:
        return
    elif eats:
        _with_ascii(lattice, site, tables, seen, node, start, at, bits)
    elif seen[at] < 0x80:
        _trail(lattice, site, tables, node, start, at, bits)


@compiled
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


@compiled
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
    for byte in range(0x81, 0xFF):
        begin(lattice, node)
        if not feed(lattice, site, tables, byte) or listed_inside(lattice, site):
            continue
        part(lattice)
        if not feed(lattice, site, tables, sign >> 8) or not feed(lattice, site, tables, sign & 0xFF):
            continue
        part(lattice)
        commit(lattice, node, at + 1 - start, SIGNED, bits + _sign_bits(site, sign), 0, sign)


@compiled
def _trail(lattice: Lattice, site: Site, tables: Tables, node: int, start: int, at: int, bits: float) -> None:
    """Yield the trail bytes that stand alone at the end of a shifted run."""
    for byte in range(0x81, 0xFF):
        begin(lattice, node)
        if feed(lattice, site, tables, byte) and not listed_inside(lattice, site):
            if lattice.nodes[node].at == at - start:
                hide(lattice)
            commit(lattice, node, at - start, EATEN, bits, 0, 0)


@compiled
def _with_ascii(
    lattice: Lattice, site: Site, tables: Tables, seen: Seen, node: int, start: int, at: int, bits: float
) -> None:
    """Yield the trail bytes that took an ASCII character along, which is not seen any more."""
    tag = _tag_follows(seen, at)
    for byte in range(0x81, 0xFF):
        for eaten in range(0x1F, 0x40):
            begin(lattice, node)
            if not feed(lattice, site, tables, byte) or listed_inside(lattice, site):
                break
            feed(lattice, site, tables, 0x0A if eaten == 0x1F else eaten)
            extra = bits + _EATEN_BITS - (_TAG_BITS if tag and eaten == 0x3C else 0.0)
            if lattice.nodes[node].at == at - start:
                hide(lattice)
            commit(lattice, node, at - start, EATEN, extra, 0, 0)


@compiled
def _tag_follows(seen: Seen, at: int) -> bool:
    """Say whether a tag follows that has lost its ``<``."""
    if at < len(seen) and seen[at] == 0x2F:
        at += 1
    first = at
    while at < len(seen) and at < first + 200 and seen[at] != 0x3E and seen[at] != 0x3C:
        at += 1
    named = first < len(seen) and (0x61 <= seen[first] <= 0x7A or 0x41 <= seen[first] <= 0x5A)
    return bool(named and at < len(seen) and seen[at] == 0x3E)


@compiled
def undefined_pairs(lattice: Lattice, site: Site, tables: Tables, seen: Seen, node: int, start: int, at: int) -> None:
    """Take it that two bytes that GBK does not define stood before ``at``."""
    if site.habit[2] == MARKS:
        if at >= len(seen) or seen[at] != site.habit[0]:
            return
        at += 1
    for byte in range(0xA1, 0xFF):
        begin(lattice, node)
        if not feed(lattice, site, tables, byte) or listed_inside(lattice, site):
            continue
        bits = lattice.now[0].bits
        context, state, emitted = lattice.now[0].context, lattice.now[0].state, lattice.now[0].emitted
        for lead in range(0x81, 0xFF):
            if site.table[byte << 8 | lead].character:
                continue
            begin(lattice, node)
            lattice.now[0].bits, lattice.now[0].context, lattice.now[0].state = bits, context, state
            lattice.now[0].emitted, lattice.now[0].count = emitted, 1
            feed(lattice, site, tables, lead)
            if lattice.nodes[node].at == at - start:
                hide(lattice)
            commit(
                lattice, node, at - start, PAIRED, _PAIR_BITS + (0.0 if site.habit[2] != DROP else _HIDDEN_BITS), 0, 0
            )


@compiled
def expand(lattice: Lattice, site: Site, tables: Tables, seen: Seen, node: int, start: int, behind: float) -> None:
    """Take every step that is possible from a node that is so many bits behind the best at its position."""
    at = start + lattice.nodes[node].at
    pending = lattice.nodes[node].state & PENDING
    mark = site.habit[0]
    marked = mark and at < len(seen) and seen[at] == mark
    half_note = False
    if marked:
        half_note = pending != 0 and note_at(site, seen, at + 1, site.habit[1] != 0) >= 0
        if half_note:
            pending = 0  # a mark before a note is no other thing: the original would hold half a note
        orphans(lattice, site, tables, seen, node, start, at + 1, behind < _SIGN_LEFT)
        if pending and behind < _PAIR_LEFT and site.habit[2] not in (DROP, PRIVATE):
            undefined_pairs(lattice, site, tables, seen, node, start, at + 1)
        if pending:
            _stray(lattice, site, tables, node, start, at + 1)
    if mark == 0:
        orphans(lattice, site, tables, seen, node, start, at, False)
    if at < len(seen) and not half_note:
        plain(lattice, site, tables, seen, node, start, at)


@compiled
def _stray(lattice: Lattice, site: Site, tables: Tables, node: int, start: int, at: int) -> None:
    """Take a mark for the trail byte 80, which begins no character and takes nothing along."""
    begin(lattice, node)
    if feed(lattice, site, tables, 0x80):
        commit(lattice, node, at - start, PAIRED, _PAIR_BITS, 0, 0)
