"""A page read backwards, compiled: notes taken off, broken places searched through, the rest copied.

`restore` returns the original's characters with where each began in what was seen, the losses with all that could have
stood there, and what the broken places say about the site's program.
"""

import numpy as np

from repair.compiled import borrowing
from repair.language import Tables
from repair.language.kernel import carried, preceding, push, recalled, remembered
from repair.mirror.lattice import (
    BEHIND,
    FARTHEST,
    FULL,
    HIDDEN,
    IMPOSSIBLE,
    JOINED,
    MOST_EMITTED,
    N_STEPS,
    PENDING,
    PRUNED,
    TEMPER,
    TOUCHED,
    WIDTH,
    Lattice,
    Seen,
    clear,
    emitted_at,
    log_sum,
    node_of,
)
from repair.mirror.site import Site
from repair.mirror.steps import expand, note_at, sign_at
from repair.mirror.tracing import N_BITS, N_LOSSES, N_TEXT, Restored, trace, write

_WIDEST = 1024
"""Nodes at a position above which the less likely are given up."""
_UNSEEN_BEHIND = 20.0
"""Bits behind the best at a position from which on a path is given up where bad bytes leave no sign."""
_UNSETTLED = 25.0
"""Bits behind the best at a position from which on a path does not keep a place open."""
_LITERAL_BITS = 8.0
"""Bits by which a broken place must read better mended than as it stands."""
_LOOK, _ODD_BITS = 3, 10.0
"""How many characters after a sign are looked at, and from how many bits each on they are odd."""
_TAG = 0x3C
_DEARER, _FIRST_BITS = 5.0, 25.0
"""What a place may cost more than usual text: so much for each character that it gives, and once."""
_LEAST_USUAL, _SAMPLE = 6.0, 400
"""What a character of usual text costs at the least, and how many of a page's are looked at to tell."""
_CROWDED = 40
"""Characters from which on a place may end where the next one may begin."""
_SHADOW = 40
"""Characters after an unsolved place within which nothing is unique: what stands before a place is part of it."""
_UNSOLVED_BITS = 60
"""What it says against a program that a place looks broken and stays as seen."""
_RIGHT = 4
"""Characters after a place that help to choose: the language model looks back three."""


@borrowing
def restore(
    site: Site, tables: Tables, seen: Seen, lattice: Lattice, out: Restored, with_losses: bool, most: int
) -> None:
    """Read a page backwards, up to where its broken places cost more than ``most`` bits more than usual text."""
    usual = _usual(site, tables, seen)
    context = np.uint64(0)
    last = np.int64(0)
    at = 0
    unsolved = -_SHADOW
    while at < len(seen) and out.counts[N_BITS] <= most:
        if _may_be_broken(site, tables, seen, at):
            first = out.counts[N_LOSSES]
            end = _solve(site, tables, seen, at, last, context, usual, lattice, out, with_losses)
            if at < unsolved + _SHADOW:
                out.losses[first : out.counts[N_LOSSES], 3] = 0
            if end == at:
                unsolved = at
            else:
                at = end
                count = out.counts[N_TEXT]
                context = _context(tables, out, count)
                last = np.int64(out.characters[count - 1].code) & 0xFF
                continue
        character = np.int64(seen[at])
        code = np.int64(site.table[character].code) if character < 0x10000 else 0
        write(site, out, character, code, at)
        context = push(context, tables.unit_of[character] if code == 0 else site.table[code].unit)
        last = code & 0xFF
        at = _after_note(site, seen, at + 1, code)


@borrowing
def _usual(site: Site, tables: Tables, seen: Seen) -> float:
    """Return the bits that a character costs at the beginning of a page."""
    context, precedes, bits = np.uint64(0), np.uint32(0), 0.0
    at = count = 0
    while at < len(seen) and count < _SAMPLE:
        character = np.int64(seen[at])
        code = np.int64(site.table[character].code) if character < 0x10000 else 0
        unit = np.int64(site.table[code].unit if code else tables.unit_of[character])
        own, context, precedes = carried(tables, context, unit, precedes)
        bits += own
        count += 1
        at = _after_note(site, seen, at + 1, code)
    return max(bits / max(count, 1), _LEAST_USUAL)


@borrowing
def _context(tables: Tables, out: Restored, count: int) -> np.uint64:
    context = np.uint64(0)
    for position in range(max(0, count - 3), count):
        context = push(context, tables.unit_of[out.characters[position].text])
    return context


@borrowing
def _after_note(site: Site, seen: Seen, at: int, code: int) -> int:
    """Return the position after the note of a character, if it stands here."""
    if site.table[code].note >= 0 and at < len(seen) and seen[at] == 0x28:
        note = note_at(site, seen, at, False)
        if note >= 0 and note & 0xFFFF == site.table[code].note:
            return note >> 16
    return at


@borrowing
def _may_be_broken(site: Site, tables: Tables, seen: Seen, at: int) -> bool:
    """Say whether a broken place can begin here: a mark before a note or sign, or a note that is not its neighbour's."""  # noqa: E501
    character = seen[at]
    if site.habit[0]:
        if character != site.habit[0]:
            return False
        return note_at(site, seen, at + 1, site.habit[1] != 0) >= 0 or sign_at(site, seen, at + 1) != 0
    if sign_at(site, seen, at) and (_trail_after(seen, at) or _odd_after(site, tables, seen, at)):
        return True
    if site.habit[1] == 0:
        return character == 0x28 and note_at(site, seen, at, False) >= 0
    return character < 0x400 and site.table[character].letter and note_at(site, seen, at, True) >= 0


@borrowing
def _trail_after(seen: Seen, at: int) -> bool:
    """Say whether an ASCII character follows a sign that can be the trail byte of what the sign's cut took apart."""
    return bool(at + 1 < len(seen) and 0x40 <= seen[at + 1] < 0x7F)


@borrowing
def _odd_after(site: Site, tables: Tables, seen: Seen, at: int) -> bool:
    """Say whether what follows a sign reads so badly that it can be a shifted run, which nothing else shows here.

    A tag reads badly too, and is no trail byte of anything.
    """
    context, precedes = np.uint64(0), np.uint32(0)
    bits, looked = 0.0, 0
    for position in range(at, min(at + 1 + _LOOK, len(seen))):
        character = np.int64(seen[position])
        if character == _TAG:
            break
        unit = site.table[site.table[character].code].unit if character < 0x10000 else tables.unit_of[character]
        own, context, precedes = carried(tables, context, unit, precedes)
        if position > at:
            bits += own
            looked += 1
    return bits > _ODD_BITS * looked


@borrowing
def _solve(
    site: Site,
    tables: Tables,
    seen: Seen,
    start: int,
    last: int,
    context: np.uint64,
    usual: float,
    lattice: Lattice,
    out: Restored,
    with_losses: bool,
) -> int:
    """Search a place through and write what stood there; return where the page goes on, ``start`` where it is as seen."""  # noqa: E501
    clear(lattice)
    context = remembered(tables, context)
    root = node_of(lattice, 0, last | JOINED, context, np.uint64(preceding(tables, context)))
    lattice.nodes[root].best, lattice.nodes[root].forward = 0.0, 0.0
    end = _fill(site, tables, seen, start, lattice)
    chosen, literal = _finish(site, tables, seen, start + end, lattice, end)
    count = _emitted(lattice, chosen) if chosen >= 0 else 0
    bits = lattice.nodes[chosen].best
    if chosen < 0 or bits > literal - _LITERAL_BITS or bits > (usual + _DEARER) * count + _FIRST_BITS:
        out.counts[N_BITS] += _UNSOLVED_BITS
        return start
    out.counts[N_BITS] += max(int(bits - usual * count), 0)
    first = out.counts[N_LOSSES]
    if with_losses:
        _backward(lattice)
        _forward(lattice)
    end = trace(site, start, chosen, lattice, out, with_losses)
    for loss in range(first, out.counts[N_LOSSES]):
        out.losses[loss, 4] = int(bits - usual * count)
    return end


@borrowing
def _emitted(lattice: Lattice, node: int) -> int:
    """Count the characters that the best path to a node gives, with those after it by which it was weighed."""
    count = _RIGHT
    while lattice.nodes[node].via >= 0:
        step = lattice.nodes[node].via
        for position in range(MOST_EMITTED):
            count += emitted_at(lattice, step, position) != 0
        node = lattice.steps[step].source
    return count


@borrowing
def _fill(site: Site, tables: Tables, seen: Seen, start: int, lattice: Lattice) -> int:
    """Build the lattice up to where every path agrees with what was seen again; return how far that is."""
    limit = min(WIDTH, len(seen) - start)
    for at in range(limit):
        lattice.at[at, 2] = lattice.counts[N_STEPS]
        if lattice.at[at, 0] < 0:
            continue
        if at and _agreed(site, tables, seen, start, at, lattice):
            return at
        if lattice.counts[FULL]:
            return limit
        _expand_all(site, tables, seen, start, at, lattice)
    return limit


@borrowing
def _expand_all(site: Site, tables: Tables, seen: Seen, start: int, at: int, lattice: Lattice) -> None:
    """Expand the nodes at a position, the best first, so that the others are measured by its steps."""
    lattice.levels[:] = IMPOSSIBLE
    best = lattice.at[at, 0]
    node = best
    while node >= 0:
        if lattice.nodes[node].best < lattice.nodes[best].best:
            best = node
        node = lattice.nodes[node].following
    least = lattice.nodes[best].best
    behind = _reach(lattice, at, least) if site.habit[0] else _UNSEEN_BEHIND
    expand(lattice, site, tables, seen, best, start, 0.0)
    node = lattice.at[at, 0]
    while node >= 0:
        if lattice.nodes[node].best > least + behind:
            lattice.counts[PRUNED] |= lattice.nodes[node].state & TOUCHED
        elif node != best:
            expand(lattice, site, tables, seen, node, start, lattice.nodes[node].best - least)
        node = lattice.nodes[node].following


@borrowing
def _reach(lattice: Lattice, at: int, least: float) -> float:
    """Return how many bits behind the best a node may be to be expanded, so that there are not too many of them."""
    counts = lattice.path
    counts[: int(BEHIND) + 1] = 0
    node = lattice.at[at, 0]
    while node >= 0:
        counts[min(int(lattice.nodes[node].best - least), int(BEHIND))] += 1
        node = lattice.nodes[node].following
    total = 0
    for bits in range(int(BEHIND)):
        total += counts[bits]
        if total > _WIDEST and bits:
            return float(bits)
    return BEHIND


@borrowing
def _agreed(site: Site, tables: Tables, seen: Seen, start: int, at: int, lattice: Lattice) -> bool:
    if lattice.counts[FARTHEST] > at:
        return False
    node = lattice.at[at, 0]
    while node >= 0:
        unsettled = lattice.nodes[node].state & (PENDING | HIDDEN)
        if unsettled and lattice.nodes[node].best <= lattice.least[at] + _UNSETTLED:
            return False
        node = lattice.nodes[node].following
    return at > _CROWDED or start + at >= len(seen) or not _may_be_broken(site, tables, seen, start + at)


@borrowing
def _finish(site: Site, tables: Tables, seen: Seen, at: int, lattice: Lattice, end: int) -> tuple[int, float]:
    """Weigh the last nodes by what follows; return the best that holds a broken place, and what leaving it costs."""
    chosen, literal = -1, IMPOSSIBLE
    node = lattice.at[end, 0]
    while node >= 0:
        if not lattice.nodes[node].state & PENDING:
            bits = _right(site, tables, seen, at, lattice.nodes[node].context, lattice.nodes[node].precedes)
            lattice.nodes[node].best += bits
            if lattice.nodes[node].state & TOUCHED:
                lattice.nodes[node].backward = -TEMPER * bits
                if chosen < 0 or lattice.nodes[node].best < lattice.nodes[chosen].best:
                    chosen = node
            else:
                literal = min(literal, lattice.nodes[node].best)
        node = lattice.nodes[node].following
    return chosen, literal


@borrowing
def _right(site: Site, tables: Tables, seen: Seen, at: int, context: np.uint64, preceding_it: np.uint64) -> float:
    """Return what the next characters cost after a context."""
    bits, precedes = 0.0, np.uint32(preceding_it)
    for _ in range(_RIGHT):
        if at >= len(seen) or _may_be_broken(site, tables, seen, at):
            break
        character = np.int64(seen[at])
        code = np.int64(site.table[character].code) if character < 0x10000 else 0
        unit = site.table[code].unit if code else tables.unit_of[character]
        own, context, precedes = recalled(tables, context, unit, precedes)
        bits += own
        at = _after_note(site, seen, at + 1, code)
    return bits


@borrowing
def _backward(lattice: Lattice) -> None:
    for step in range(lattice.counts[N_STEPS] - 1, -1, -1):
        value = lattice.nodes[lattice.steps[step].target].backward
        if value > -IMPOSSIBLE:
            source = lattice.steps[step].source
            lattice.nodes[source].backward = log_sum(
                lattice.nodes[source].backward, value - TEMPER * lattice.steps[step].bits
            )


@borrowing
def _forward(lattice: Lattice) -> None:
    """Sum what leads to each node, of those that lead to the end; each step stands behind those to its source."""
    for step in range(lattice.counts[N_STEPS]):
        target, source = lattice.steps[step].target, lattice.steps[step].source
        if lattice.nodes[target].backward > -IMPOSSIBLE:
            lattice.nodes[target].forward = log_sum(
                lattice.nodes[target].forward, lattice.nodes[source].forward - TEMPER * lattice.steps[step].bits
            )
