"""A page read backwards, compiled: notes taken off, broken places searched through, the rest copied.

`restore` returns the original's characters with where each began in what was seen, the losses with all that could have
stood there, and what the broken places say about the site's program.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import compiled
from repair.language import Tables
from repair.language.kernel import cost, push
from repair.mirror.lattice import (
    ALONE,
    BEHIND,
    EATEN,
    FARTHEST,
    FULL,
    HIDDEN,
    IMPOSSIBLE,
    JOINED,
    MOST_EMITTED,
    N_STEPS,
    PAIRED,
    PENDING,
    PLAIN,
    PRUNED,
    TEMPER,
    TOUCHED,
    WIDTH,
    Lattice,
    Records,
    clear,
    emitted_at,
    log_sum,
    node_of,
)
from repair.mirror.site import Site
from repair.mirror.steps import Seen, expand, note_at, sign_at

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
_DEARER, _FIRST_BITS = 5.0, 25.0
"""What a place may cost more than usual text: so much for each character that it gives, and once."""
_LEAST_USUAL, _SAMPLE = 6.0, 400
"""What a character of usual text costs at the least, and how many of a page's are looked at to tell."""
_RIGHT = 4
"""Characters after a place that help to choose: the language model looks back three."""
_LEAST_SHARE = 1e-7
"""Probability below which an alternative is not listed, though it counts."""
_CROWDED = 40
_SHADOW = 40
"""Characters after an unsolved place within which nothing is unique: what stands before a place is part of it."""
_UNSOLVED_BITS = 60
"""What it says against a program that a place looks broken and stays as seen."""
_N_TEXT, _N_LOSSES, _N_ALTERNATIVES, _N_EVENTS, _N_PLACES, _N_BITS = range(6)
_CHARACTER = np.dtype([("text", "u4"), ("code", "u4"), ("origin", "i8")])
_ALTERNATIVE = np.dtype([("text", "i8"), ("share", "f8")])


class Restored(NamedTuple):
    """What `restore` writes; see its fields for what they hold, the first ``counts[i]`` of each."""

    characters: Records
    """``text``; ``origin``, where its slice begins in what was seen, -1 within a broken place, which is one slice;
    ``code``, its code in the site's script, 0 where it passed through."""
    losses: npt.NDArray[np.int64]
    """int64[:, 5]: position in the text, first alternative, number of alternatives, whether nothing was left out, what
    the place costs more than usual text, in bits."""
    alternatives: Records
    """``text``, a character or 0 for none, and ``share``, its probability."""
    events: npt.NDArray[np.int64]
    """int64[:, 3]: position in what was seen, a code noted with its reading's number above, a sign's code."""
    places: npt.NDArray[np.int64]
    """int64[:, 4]: start and end in the text, start and end in what was seen."""
    counts: npt.NDArray[np.int64]


def room_for(length: int) -> Restored:
    """Return arrays that hold what comes out of ``length`` characters seen."""
    size = 2 * length + 64
    return Restored(
        np.empty(size, _CHARACTER),
        np.empty((size, 5), np.int64),
        np.empty(64 * size, _ALTERNATIVE),
        np.empty((size, 3), np.int64),
        np.empty((length + 1, 4), np.int64),
        np.zeros(8, np.int64),
    )


@compiled
def restore(site: Site, tables: Tables, seen: Seen, lattice: Lattice, out: Restored) -> None:
    """Read a page backwards."""
    usual = _usual(site, tables, seen)
    context = np.uint64(0)
    last = np.int64(0)
    at = 0
    unsolved = -_SHADOW
    while at < len(seen):
        if _may_be_broken(site, tables, seen, at):
            first = out.counts[_N_LOSSES]
            end = _solve(site, tables, seen, at, last, context, usual, lattice, out)
            if at < unsolved + _SHADOW:
                out.losses[first : out.counts[_N_LOSSES], 3] = 0
            if end == at:
                unsolved = at
            else:
                at = end
                count = out.counts[_N_TEXT]
                context = _context(tables, out, count)
                last = np.int64(out.characters[count - 1].code) & 0xFF
                continue
        character = np.int64(seen[at])
        code = np.int64(site.table[character].code) if character < 0x10000 else 0
        _write(site, out, character, code, at)
        context = push(context, tables.unit_of[character] if code == 0 else site.table[code].unit)
        last = code & 0xFF
        at = _after_note(site, seen, at + 1, code)


@compiled
def _usual(site: Site, tables: Tables, seen: Seen) -> float:
    """Return the bits that a character costs at the beginning of a page."""
    context, bits = np.uint64(0), 0.0
    at = count = 0
    while at < len(seen) and count < _SAMPLE:
        character = np.int64(seen[at])
        code = np.int64(site.table[character].code) if character < 0x10000 else 0
        unit = np.int64(site.table[code].unit if code else tables.unit_of[character])
        bits += cost(tables, context, unit)
        context = push(context, unit)
        count += 1
        at = _after_note(site, seen, at + 1, code)
    return max(bits / max(count, 1), _LEAST_USUAL)


@compiled
def _write(site: Site, out: Restored, character: int, code: int, origin: int) -> None:
    count = out.counts[_N_TEXT]
    out.characters[count].text = site.table[code].text if code else character
    out.characters[count].code = code
    out.characters[count].origin = origin
    out.counts[_N_TEXT] += 1


@compiled
def _context(tables: Tables, out: Restored, count: int) -> np.uint64:
    context = np.uint64(0)
    for position in range(max(0, count - 3), count):
        context = push(context, tables.unit_of[out.characters[position].text])
    return context


@compiled
def _after_note(site: Site, seen: Seen, at: int, code: int) -> int:
    """Return the position after the note of a character, if it stands here."""
    if site.table[code].note >= 0 and at < len(seen) and seen[at] == 0x28:
        note = note_at(site, seen, at, False)
        if note >= 0 and note & 0xFFFF == site.table[code].note:
            return note >> 16
    return at


@compiled
def _may_be_broken(site: Site, tables: Tables, seen: Seen, at: int) -> bool:
    """Say whether a broken place can begin here: a mark before a note or sign, or a note that is not its neighbour's."""  # noqa: E501
    character = seen[at]
    if site.habit[0]:
        if character != site.habit[0]:
            return False
        return note_at(site, seen, at + 1, site.habit[1] != 0) >= 0 or sign_at(site, seen, at + 1) != 0
    if sign_at(site, seen, at) and _odd_after(site, tables, seen, at):
        return True
    if site.habit[1] == 0:
        return character == 0x28 and note_at(site, seen, at, False) >= 0
    return character < 0x400 and site.table[character].letter and note_at(site, seen, at, True) >= 0


@compiled
def _odd_after(site: Site, tables: Tables, seen: Seen, at: int) -> bool:
    """Say whether what follows a sign reads so badly that it can be a shifted run, which nothing else shows here."""
    end = min(at + 1 + _LOOK, len(seen))
    context = np.uint64(0)
    bits = 0.0
    for position in range(at, end):
        character = np.int64(seen[position])
        unit = site.table[site.table[character].code].unit if character < 0x10000 else tables.unit_of[character]
        if position > at:
            bits += cost(tables, context, unit)
        context = push(context, unit)
    return bits > _ODD_BITS * (end - at - 1)


@compiled
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
) -> int:
    """Search a place through and write what stood there; return where the page goes on, ``start`` where it is as seen."""  # noqa: E501
    clear(lattice)
    root = node_of(lattice, 0, last | JOINED, context)
    lattice.nodes[root].best, lattice.nodes[root].forward = 0.0, 0.0
    end = _fill(site, tables, seen, start, lattice)
    chosen, literal = _finish(site, tables, seen, start + end, lattice, end)
    count = _emitted(lattice, chosen) if chosen >= 0 else 0
    bits = lattice.nodes[chosen].best
    if chosen < 0 or bits > literal - _LITERAL_BITS or bits > (usual + _DEARER) * count + _FIRST_BITS:
        out.counts[_N_BITS] += _UNSOLVED_BITS
        return start
    out.counts[_N_BITS] += max(int(bits - usual * count), 0)
    first = out.counts[_N_LOSSES]
    _backward(lattice)
    end = _trace(site, start, chosen, lattice, out)
    for loss in range(first, out.counts[_N_LOSSES]):
        out.losses[loss, 4] = int(bits - usual * count)
    return end


@compiled
def _emitted(lattice: Lattice, node: int) -> int:
    """Count the characters that the best path to a node gives, with those after it by which it was weighed."""
    count = _RIGHT
    while lattice.nodes[node].via >= 0:
        step = lattice.nodes[node].via
        for position in range(MOST_EMITTED):
            count += emitted_at(lattice, step, position) != 0
        node = lattice.steps[step].source
    return count


@compiled
def _fill(site: Site, tables: Tables, seen: Seen, start: int, lattice: Lattice) -> int:
    """Build the lattice up to where every path agrees with what was seen again; return how far that is."""
    limit = min(WIDTH, len(seen) - start)
    for at in range(limit):
        if lattice.at[at, 0] < 0:
            continue
        if at and _agreed(site, tables, seen, start, at, lattice):
            return at
        if lattice.counts[FULL]:
            return limit
        _expand_all(site, tables, seen, start, at, lattice)
    return limit


@compiled
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


@compiled
def _reach(lattice: Lattice, at: int, least: float) -> float:
    """Return how many bits behind the best a node may be to be expanded, so that there are not too many of them."""
    counts = np.zeros(int(BEHIND) + 1, np.int64)
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


@compiled
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


@compiled
def _finish(site: Site, tables: Tables, seen: Seen, at: int, lattice: Lattice, end: int) -> tuple[int, float]:
    """Weigh the last nodes by what follows; return the best that holds a broken place, and what leaving it costs."""
    chosen, literal = -1, IMPOSSIBLE
    node = lattice.at[end, 0]
    while node >= 0:
        if not lattice.nodes[node].state & PENDING:
            bits = _right(site, tables, seen, at, lattice.nodes[node].context)
            lattice.nodes[node].best += bits
            if lattice.nodes[node].state & TOUCHED:
                lattice.nodes[node].backward = -TEMPER * bits
                if chosen < 0 or lattice.nodes[node].best < lattice.nodes[chosen].best:
                    chosen = node
            else:
                literal = min(literal, lattice.nodes[node].best)
        node = lattice.nodes[node].following
    return chosen, literal


@compiled
def _right(site: Site, tables: Tables, seen: Seen, at: int, context: np.uint64) -> float:
    """Return what the next characters cost after a context."""
    bits = 0.0
    for _ in range(_RIGHT):
        if at >= len(seen) or _may_be_broken(site, tables, seen, at):
            break
        character = np.int64(seen[at])
        code = np.int64(site.table[character].code) if character < 0x10000 else 0
        unit = site.table[code].unit if code else tables.unit_of[character]
        bits += cost(tables, context, unit)
        context = push(context, unit)
        at = _after_note(site, seen, at + 1, code)
    return bits


@compiled
def _backward(lattice: Lattice) -> None:
    for step in range(lattice.counts[N_STEPS] - 1, -1, -1):
        value = lattice.nodes[lattice.steps[step].target].backward
        if value > -IMPOSSIBLE:
            source = lattice.steps[step].source
            lattice.nodes[source].backward = log_sum(
                lattice.nodes[source].backward, value - TEMPER * lattice.steps[step].bits
            )


@compiled
def _trace(site: Site, start: int, node: int, lattice: Lattice, out: Restored) -> int:
    """Write the best path, without the plain characters at its end; return where the page goes on."""
    path = np.zeros(WIDTH * 2, np.int64)
    length = 0
    while lattice.nodes[node].via >= 0:
        path[length] = lattice.nodes[node].via
        length += 1
        node = lattice.steps[lattice.nodes[node].via].source
    tail = 0
    while lattice.steps[path[tail]].kind == PLAIN:
        tail += 1
    total = lattice.nodes[0].backward
    end = start
    place = out.counts[_N_PLACES]
    out.places[place, 0], out.places[place, 2] = out.counts[_N_TEXT], start
    first = True
    for index in range(length - 1, tail - 1, -1):
        step = path[index]
        _write_step(site, start, step, lattice, out, total, first)
        first = first and emitted_at(lattice, step, 0) == 0
        end = start + lattice.nodes[lattice.steps[step].target].at
    out.places[place, 1], out.places[place, 3] = out.counts[_N_TEXT], end
    out.counts[_N_PLACES] += 1
    return end


@compiled
def _write_step(site: Site, start: int, step: int, lattice: Lattice, out: Restored, total: float, first: bool) -> None:
    source, _target = lattice.steps[step].source, lattice.steps[step].target
    if lattice.steps[step].noted or lattice.steps[step].sign:
        event = out.counts[_N_EVENTS]
        out.events[event, 0] = start + lattice.nodes[source].at
        out.events[event, 1], out.events[event, 2] = lattice.steps[step].noted, lattice.steps[step].sign
        out.counts[_N_EVENTS] += 1
    for position in range(MOST_EMITTED):
        code = np.int64(emitted_at(lattice, step, position))
        if code == 0:
            break
        if lattice.steps[step].kind != PLAIN:
            _write_loss(site, step, position, lattice, out, total)
        _write(site, out, code, code, start if first and position == 0 else -1)


@compiled
def _write_loss(site: Site, step: int, position: int, lattice: Lattice, out: Restored, total: float) -> None:
    """Write every character that could have stood here with its probability, the chosen one first."""
    loss, first = out.counts[_N_LOSSES], out.counts[_N_ALTERNATIVES]
    out.losses[loss, 0], out.losses[loss, 1] = out.counts[_N_TEXT], first
    chosen = np.int64(site.table[emitted_at(lattice, step, position)].text)
    count = _weigh(site, step, position, lattice, out, total, first)
    if count == 0 or out.alternatives[first].text != chosen:
        for index in range(first, first + count):
            if out.alternatives[index].text == chosen:
                out.alternatives[index].text = out.alternatives[first].text
        out.alternatives[first].text = chosen
        count = max(count, 1)
    for index in range(first, first + count):
        character = out.alternatives[index].text
        out.alternatives[index].share = min(lattice.weights[character], 1.0)
    for index in range(first, first + count):
        lattice.weights[out.alternatives[index].text] = 0.0
    out.losses[loss, 2] = count
    out.losses[loss, 3] = lattice.steps[step].kind not in (EATEN, ALONE, PAIRED) and not lattice.counts[PRUNED]
    out.counts[_N_ALTERNATIVES] += count
    out.counts[_N_LOSSES] += 1


@compiled
def _weigh(site: Site, step: int, position: int, lattice: Lattice, out: Restored, total: float, first: int) -> int:
    """Sum the probabilities of the steps that stand where this one does; return how many characters they give.

    A step that passes over nothing that is seen stands beside others of that kind alone.
    """
    begins, ends = lattice.nodes[lattice.steps[step].source].at, lattice.nodes[lattice.steps[step].target].at
    count = 0
    for other in range(lattice.counts[N_STEPS]):
        source, target = lattice.steps[other].source, lattice.steps[other].target
        over = lattice.nodes[source].at <= begins < lattice.nodes[target].at
        if not (over if begins < ends else lattice.nodes[source].at == begins == lattice.nodes[target].at):
            continue
        backward = lattice.nodes[target].backward
        if backward <= -IMPOSSIBLE or not lattice.nodes[target].state & TOUCHED:
            continue
        same = lattice.nodes[source].at == begins and lattice.nodes[target].at == ends
        code = emitted_at(lattice, other, position if same else 0)
        if code == 0 and same and position:
            code = emitted_at(lattice, other, 0)
        share = np.exp2(lattice.nodes[source].forward - TEMPER * lattice.steps[other].bits + backward - total)
        character = np.int64(site.table[code].text) if code else 0
        if lattice.weights[character] == 0.0:
            if first + count >= len(out.alternatives):
                continue
            out.alternatives[first + count].text = character
            count += 1
        lattice.weights[character] += max(share, 1e-300)
    return count
