"""Trail bytes that left a mark: each byte that can complete what is pending, with what went under beside it."""

import numpy as np

from repair.compiled import borrowing
from repair.language import Tables
from repair.language.kernel import push, recalled, shortened
from repair.mirror.lattice import (
    EATEN,
    HIDDEN,
    IMPOSSIBLE,
    JOINED,
    PAIRED,
    PENDING,
    PRUNED,
    TOUCHED,
    WEIGHED,
    Lattice,
    Seen,
    append,
    begin,
    commit,
    hide,
)
from repair.mirror.site import PRIVATE, Site

_EATEN_BITS = 5.0
_TAG_BITS = 12.0
NEAR = 9.0
"""Bits behind the best of these ways up to which they are followed: what is less likely is 1 in 500."""


@borrowing
def weigh_trails(lattice: Lattice, site: Site, tables: Tables, node: int) -> float:
    """Put the cost of each trail byte that can complete the pending one into ``lattice.trails``; return the least."""
    if lattice.counts[WEIGHED] == node:
        return float(lattice.trails[0].bits)
    state, context = lattice.nodes[node].state, lattice.nodes[node].context
    precedes = np.uint32(lattice.nodes[node].precedes)
    least = IMPOSSIBLE
    for byte in range(0x81, 0xFF):
        code = (state & 0xFF) << 8 | byte
        lattice.trails[byte].bits = IMPOSSIBLE
        if site.table[code].character and not (state & JOINED and site.table[code].note >= 0):
            bits, _, follows = recalled(tables, context, site.table[code].unit, precedes)
            lattice.trails[byte].bits, lattice.trails[byte].precedes = bits, follows
            least = min(least, bits)
    lattice.trails[0].bits = least
    lattice.counts[WEIGHED] = node
    return least


@borrowing
def complete(lattice: Lattice, site: Site, node: int, byte: int) -> None:
    """Start a step at a node with the trail byte that completes the pending one, which was weighed and is possible."""
    begin(lattice, node)
    code = (lattice.nodes[node].state & 0xFF) << 8 | byte
    precedes = np.uint32(lattice.trails[byte].precedes)
    context = shortened(push(lattice.nodes[node].context, site.table[code].unit), precedes)
    append(lattice, code, lattice.trails[byte].bits, context, precedes)
    lattice.now[0].code, lattice.now[0].joined = code, lattice.nodes[node].state & JOINED
    lattice.now[0].state = byte | JOINED | (lattice.nodes[node].state & TOUCHED)


@borrowing
def trails(
    lattice: Lattice,
    site: Site,
    tables: Tables,
    seen: Seen,
    node: int,
    start: int,
    at: int,
    kind: int,
    bits: float,
    near: float,
) -> None:
    """Take the trail bytes that can have left a mark before ``at``: alone, with an ASCII character, with a lead byte.

    Of thousands of ways those are followed that come so near the best one from this position, each kind for itself.
    """
    base = lattice.nodes[node].best
    least = weigh_trails(lattice, site, tables, node)
    lattice.levels[kind] = min(lattice.levels[kind], base + least)
    for byte in range(0x81, 0xFF):
        if base + lattice.trails[byte].bits > lattice.levels[kind] + near:
            continue
        complete(lattice, site, node, byte)
        if lattice.nodes[node].at == at - start:
            hide(lattice)
        if kind == EATEN:
            _with_ascii(lattice, site, tables, seen, node, start, at, bits)
        elif kind == PAIRED:
            _with_lead(lattice, site, node, start, at, byte, bits)
        elif _ends_badly(site, seen, at, byte):
            commit(lattice, node, at - start, kind, bits, 0, 0)


@borrowing
def _ends_badly(site: Site, seen: Seen, at: int, byte: int) -> bool:
    """Say whether GBK defines no character that begins with a byte where the original goes on as seen."""
    code = np.int64(site.table[seen[at]].code) if at < len(seen) and seen[at] < 0x10000 else 0
    return bool(code <= 0xFF or site.table[byte << 8 | code >> 8].character == 0)


@borrowing
def _with_ascii(
    lattice: Lattice, site: Site, tables: Tables, seen: Seen, node: int, start: int, at: int, bits: float
) -> None:
    """End steps with the ASCII character that a trail byte took along, which is not seen any more."""
    tag = _tag_follows(seen, at)
    state, context, precedes = lattice.now[0].state, lattice.now[0].context, np.uint32(lattice.now[0].precedes)
    own, emitted, count = lattice.now[0].bits, lattice.now[0].emitted, lattice.now[0].count
    least, unit = IMPOSSIBLE, -1
    more, after, follows = np.float32(0.0), context, precedes
    for eaten in range(0x1F, 0x40 if site.habit[0] else 0x20):  # without a sign it may be anywhere: ends of lines tell
        character = 0x0A if eaten == 0x1F else eaten
        extra = bits + _EATEN_BITS - (_TAG_BITS if tag and eaten == 0x3C else 0.0)
        if site.table[character].unit != unit:  # digits are one unit
            unit = np.int64(site.table[character].unit)
            more, after, follows = recalled(tables, context, unit, precedes)
        least = min(least, extra + more)
        if extra + more > least + NEAR:
            continue
        lattice.now[0].bits, lattice.now[0].emitted, lattice.now[0].count = own, emitted, count
        append(lattice, character, more, after, follows)
        lattice.now[0].state = character | JOINED | (state & (TOUCHED | HIDDEN))
        commit(lattice, node, at - start, EATEN, extra, 0, 0)


@borrowing
def _with_lead(lattice: Lattice, site: Site, node: int, start: int, at: int, trail: int, bits: float) -> None:
    """End steps with each lead byte that GBK does not define after a trail byte: they went under as a pair."""
    lattice.counts[PRUNED] = 1
    for lead in range(0x81, 0xFF):
        if not site.table[trail << 8 | lead].character and not (site.habit[2] == PRIVATE and _is_private(trail, lead)):
            lattice.now[0].state = lead | PENDING | JOINED | (lattice.now[0].state & (TOUCHED | HIDDEN))
            commit(lattice, node, at - start, PAIRED, bits, 0, 0)


@borrowing
def _is_private(lead: int, trail: int) -> bool:
    """Say whether Windows reads two bytes as a character for private use; see `tables.private_character`."""
    return bool((0xAA <= lead <= 0xAF or lead >= 0xF8) and trail >= 0xA1)


@borrowing
def _tag_follows(seen: Seen, at: int) -> bool:
    """Say whether a tag follows that has lost its ``<``."""
    if at < len(seen) and seen[at] == 0x2F:
        at += 1
    first = at
    while at < len(seen) and at < first + 200 and seen[at] != 0x3E and seen[at] != 0x3C:
        at += 1
    named = first < len(seen) and (0x61 <= seen[first] <= 0x7A or 0x41 <= seen[first] <= 0x5A)
    return bool(named and at < len(seen) and seen[at] == 0x3E)
