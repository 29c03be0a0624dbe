"""The lattice of a broken place: where the search can stand, and the steps between, as arrays for compiled functions.

A node is a position in what was seen together with what matters for what follows: the last byte of the original,
whether it begins a character that is still to be completed, and what the language model remembers. A step appends
bytes to the original and passes over what the site's program shows of them. Two ways that lead to one node are merged;
probabilities are those of the forward-backward algorithm (Baum et al. 1970).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing
from repair.language import Tables
from repair.language.kernel import recalled
from repair.mirror.site import Site

WIDTH = 192
"""Characters of what was seen that one place may cover."""
_NODES, _STEPS, _SLOTS = 1 << 15, 1 << 16, 1 << 16
_HASH_BITS = 16
BEHIND = 60.0
"""Bits behind the best at a position from which on a path is given up."""
PENDING, JOINED, HIDDEN, TOUCHED = 1 << 8, 1 << 9, 1 << 10, 1 << 11
"""Of a node's state, above its last byte: a lead byte waits for its trail; nothing was put after it; bytes that left no
sign were taken to be here; the path holds a broken place."""
PLAIN, RUN, NOTED, SIGNED, EATEN, ALONE, PAIRED = range(7)
"""Kinds of steps: a character as seen; bytes as seen, shifted; a lead byte alone before a note; before a sign that was
cut out; with the ASCII character after it; at the end of a shifted run; two bytes that GBK does not define."""
_N_NODES, N_STEPS, _STAMP, FULL, FARTHEST, PRUNED, WEIGHED, LONGEST = range(8)
MOST_EMITTED = 3
TEMPER = 1.0
"""What a bit of the model counts for in probabilities: as it is; `reading` doubts places that read badly as a whole."""
IMPOSSIBLE = 1e30
_NODE = np.dtype(
    [
        ("at", "i8"),
        ("state", "i8"),
        ("context", "u8"),
        ("precedes", "u8"),
        ("best", "f8"),
        ("via", "i8"),
        ("forward", "f8"),
        ("backward", "f8"),
        ("following", "i8"),
    ]
)
_STEP = np.dtype(
    [
        ("source", "i8"),
        ("target", "i8"),
        ("bits", "f8"),
        ("emitted", "i8"),
        ("kind", "i8"),
        ("noted", "i8"),
        ("sign", "i8"),
    ]
)
_NOW = np.dtype(
    [
        ("state", "i8"),
        ("context", "u8"),
        ("precedes", "u8"),
        ("bits", "f8"),
        ("emitted", "i8"),
        ("count", "i8"),
        ("code", "i8"),
        ("joined", "i8"),
    ]
)
_TRAIL = np.dtype([("bits", "f8"), ("precedes", "u8")])
Records = npt.NDArray[np.void]
Seen = npt.NDArray[np.uint32]
"""What was seen, as code points."""


class Lattice(NamedTuple):
    """Nodes and steps of one place at a time; made once, used for every place of a page.

    Few arrays of records rather than many arrays: each array makes every function that is given it slower to compile.
    """

    nodes: Records
    """``precedes`` is the bigram of ``context``, ``via`` the step of the best path, ``following`` the next node at the
    same position; -1 for none."""
    steps: Records
    """``emitted`` are up to three codes of 16 bits, the first in the low bits; ``noted`` and ``sign`` as in `commit`."""  # noqa: E501
    at: npt.NDArray[np.int64]
    """int64[WIDTH + 2, 3]: the first and last node at each position and the first step from it, -1 for none."""
    least: npt.NDArray[np.float64]
    """float64[WIDTH + 2]: what the best path to each position costs."""
    levels: npt.NDArray[np.float64]
    """float64[kinds]: what the best step of each kind of unknown bytes costs so far, from the position in hand."""
    slots: npt.NDArray[np.int64]
    """int64[slots]: a hash table of nodes; above 16 bits the number of the place for which an entry was made."""
    trails: Records
    """By trail byte, after the node ``counts[WEIGHED]``: ``bits``, what it costs, at 0 the least of all; ``precedes``,
    the bigram that it ends."""
    counts: npt.NDArray[np.int64]
    now: Records
    """One record: the step that is being made."""
    weights: npt.NDArray[np.float64]
    """float64[0x10000], zero between uses: a sum for each character."""
    path: npt.NDArray[np.int64]
    """int64[2 * WIDTH]: room for the steps of a path, or for counts."""


def new_lattice() -> Lattice:
    """Return an empty lattice: some 10 MB, most of it never touched."""
    return Lattice(
        np.zeros(_NODES, _NODE),
        np.zeros(_STEPS, _STEP),
        np.zeros((WIDTH + 2, 3), np.int64),
        np.zeros(WIDTH + 2),
        np.zeros(8),
        np.zeros(_SLOTS, np.int64),
        np.zeros(0x100, _TRAIL),
        np.zeros(8, np.int64),
        np.zeros(1, _NOW),
        np.zeros(0x10000),
        np.zeros(2 * WIDTH, np.int64),
    )


@borrowing
def clear(lattice: Lattice) -> None:
    """Forget all nodes and steps."""
    lattice.counts[_N_NODES] = 0
    lattice.counts[N_STEPS] = 0
    lattice.counts[_STAMP] += 1
    lattice.counts[FULL] = 0
    lattice.counts[FARTHEST] = 0
    lattice.counts[PRUNED] = 0
    lattice.counts[WEIGHED] = -1
    lattice.counts[LONGEST] = 0
    lattice.at[:] = -1
    lattice.least[:] = IMPOSSIBLE


@borrowing
def node_of(lattice: Lattice, at: int, state: int, context: np.uint64, precedes: np.uint64) -> int:
    """Return the node at a position with a state, made if there is none; -1 where there is no more room."""
    mixed = (context ^ np.uint64(state * 977 + at * 131071)) * np.uint64(0x9E3779B97F4A7C15)
    slot = np.int64(mixed >> np.uint64(64 - _HASH_BITS))
    stamp = lattice.counts[_STAMP]
    while lattice.slots[slot] >> 16 == stamp:
        node = lattice.slots[slot] & 0xFFFF
        if (
            lattice.nodes[node].at == at
            and lattice.nodes[node].state == state
            and lattice.nodes[node].context == context
        ):
            return int(node)
        slot = (slot + 1) & (_SLOTS - 1)
    node = lattice.counts[_N_NODES]
    if node == _NODES:
        lattice.counts[FULL] = 1
        return -1
    lattice.counts[_N_NODES] += 1
    lattice.slots[slot] = stamp << 16 | node
    lattice.nodes[node].at, lattice.nodes[node].state, lattice.nodes[node].context = at, state, context
    lattice.nodes[node].precedes = precedes
    lattice.nodes[node].best, lattice.nodes[node].via = IMPOSSIBLE, -1
    lattice.nodes[node].forward, lattice.nodes[node].backward = -IMPOSSIBLE, -IMPOSSIBLE
    lattice.nodes[node].following = -1
    if lattice.at[at, 0] < 0:
        lattice.at[at, 0] = node
    else:
        lattice.nodes[lattice.at[at, 1]].following = node
    lattice.at[at, 1] = node
    lattice.counts[FARTHEST] = max(lattice.counts[FARTHEST], at)
    return int(node)


@borrowing
def begin(lattice: Lattice, node: int) -> None:
    """Start a step at a node."""
    lattice.now[0].state = lattice.nodes[node].state & ~HIDDEN
    lattice.now[0].count = 0
    lattice.now[0].context, lattice.now[0].precedes = lattice.nodes[node].context, lattice.nodes[node].precedes
    lattice.now[0].bits = 0.0
    lattice.now[0].emitted = 0


@borrowing
def emit(lattice: Lattice, tables: Tables, unit: int, code: int) -> None:
    """Append a character to the step, given as a unit of the language model and a code."""
    precedes = np.uint32(lattice.now[0].precedes)
    bits, context, precedes = recalled(tables, lattice.now[0].context, unit, precedes)
    append(lattice, code, bits, context, precedes)


@borrowing
def append(lattice: Lattice, code: int, bits: float, context: np.uint64, precedes: np.uint32) -> None:
    """Append a character to the step of which is known what it costs, and what the model remembers after it."""
    lattice.now[0].bits += bits
    lattice.now[0].context, lattice.now[0].precedes = context, precedes
    lattice.now[0].emitted |= code << (16 * lattice.now[0].count)
    lattice.now[0].count += 1


@borrowing
def feed(lattice: Lattice, site: Site, tables: Tables, byte: int) -> bool:
    """Append a byte of the original to the step; say whether GBK allows it there."""
    state = lattice.now[0].state
    code = (state & 0xFF) << 8 | byte
    lattice.now[0].code = code
    lattice.now[0].joined = state & JOINED
    pending = 0
    if state & PENDING:
        if site.table[code].character == 0:
            return False
        emit(lattice, tables, site.table[code].unit, code)
    elif byte < 0x80:
        emit(lattice, tables, site.table[byte].unit, byte)
    elif byte in (0x80, 0xFF):
        return False
    else:
        pending = PENDING
    lattice.now[0].state = byte | pending | JOINED | (state & TOUCHED)
    return True


@borrowing
def part(lattice: Lattice) -> None:
    """Say that something was put after the last byte."""
    lattice.now[0].state &= ~JOINED


@borrowing
def listed_inside(lattice: Lattice, site: Site) -> bool:
    """Say whether the last two bytes are an annotated character that must have shown its note here."""
    return bool(lattice.now[0].joined) and site.table[lattice.now[0].code].note >= 0


@borrowing
def commit(lattice: Lattice, source: int, at: int, kind: int, bits: float, noted: int, sign: int) -> None:
    """End the step at a position; ``noted`` is a code with its reading's number above, or 0, ``sign`` a code or 0."""
    step = lattice.counts[N_STEPS]
    if at > WIDTH or step == _STEPS:
        lattice.counts[FULL] = 1
        return
    bits += lattice.now[0].bits
    total = lattice.nodes[source].best + bits
    state = lattice.now[0].state | (TOUCHED if kind != PLAIN else 0)
    if total > lattice.least[at] + BEHIND:
        lattice.counts[PRUNED] |= state & TOUCHED
        return
    target = node_of(lattice, at, state, lattice.now[0].context, lattice.now[0].precedes)
    if target < 0:
        return
    lattice.least[at] = min(lattice.least[at], total)
    lattice.counts[N_STEPS] += 1
    lattice.counts[LONGEST] = max(lattice.counts[LONGEST], at - lattice.nodes[source].at)
    lattice.steps[step].source, lattice.steps[step].target, lattice.steps[step].bits = source, target, bits
    lattice.steps[step].emitted = lattice.now[0].emitted
    lattice.steps[step].kind, lattice.steps[step].noted, lattice.steps[step].sign = kind, noted, sign
    if total < lattice.nodes[target].best:
        lattice.nodes[target].best = total
        lattice.nodes[target].via = step


@borrowing
def hide(lattice: Lattice) -> None:
    """Say that the step ends where it began: what it passed over left no sign."""
    lattice.now[0].state |= HIDDEN


@borrowing
def emitted_at(lattice: Lattice, step: int, position: int) -> int:
    """Return the code of a character that a step emits, 0 after the last."""
    return int(lattice.steps[step].emitted >> (16 * position) & 0xFFFF)


@borrowing
def log_sum(one: float, other: float) -> float:
    """Return log2 of the sum of two numbers that are given as log2."""
    high, low = (one, other) if one > other else (other, one)
    if high - low > 60.0:
        return high
    return high + np.log2(1.0 + np.exp2(low - high))
