"""The graph of a region: states, the edges between them, and how a state is found again.

Records and few arrays, because every array that is handed on costs the compiled code some nanoseconds.
"""

from threading import local
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, inlined
from repair.lattice.parser import unfinished

MOST_NODES = 1 << 16
MOST_EDGES = 1 << 19
OF_EACH = 4
"""States of each phase (bytes that are missing) that are kept, however unlikely."""
_HASH = 1 << 16
_SMALLEST_HASH = 1 << 10
DAMAGED = 1 << 32
"""In a pending word: this state reads the slots as damaged."""
GIVEN_UP = -1
"""The target of an edge whose state was given up."""


NODE = np.dtype(
    [
        ("context", np.uint64),
        ("pending", np.int64),
        ("best", np.float64),
        ("forward", np.float64),
        ("backward", np.float64),
        ("begun", np.int32),
        ("via", np.int32),
        ("moved", np.int32),
    ],
    align=True,
)
"""A state after a slot: its cost by the best way, that way's last edge, the slot at which its character began, and
where it lies after pruning. Until the sums are made, ``backward`` holds what it costs beforehand too."""
EDGE = np.dtype(
    [
        ("emitted", np.uint64),
        ("source", np.int32),
        ("target", np.int32),
        ("bits", np.float32),
        ("wording", np.float32),
        ("guessed", np.bool_),
    ],
    align=True,
)
"""A step from a state to the next: the characters that it ends, what they cost, by n-grams and by what their words are
dearer than those of the best way, and whether their bytes were guessed."""
BUCKET = np.dtype([("node", np.int32), ("clock", np.int32)], align=True)
LAYER = np.dtype(
    [("first_edge", np.int32), ("way", np.int32), ("given_up", np.bool_), ("cut_short", np.bool_)], align=True
)
STATUS = np.dtype(
    [
        ("nodes", np.int32),
        ("edges", np.int32),
        ("clock", np.int32),
        ("mask", np.int32),
        ("finished", np.int32),
        ("given_up", np.bool_),
        ("cut_short", np.bool_),
        ("best", np.float64),
    ],
    align=True,
)


class Graph(NamedTuple):
    """The region at hand.

    ``layers`` (`LAYER`) say of each slot where its edges begin, which of them the best way takes, and what ``status``
    said when one state alone was left next. ``ranks`` is room for the costs of a layer. ``status`` (`STATUS`) is one
    record: how many nodes and edges there are, the clock and the mask of ``buckets``; of the layer at hand, how many
    states are no unfinished character and what the best of them costs; whether any state was given up since one alone
    was left, and whether one was in the middle of a character: then what it would have become is nowhere to be seen.
    """

    nodes: npt.NDArray[np.void]
    edges: npt.NDArray[np.void]
    layers: npt.NDArray[np.void]
    buckets: npt.NDArray[np.void]
    ranks: npt.NDArray[np.float64]
    status: npt.NDArray[np.void]


def graph_for(size: int) -> Graph:
    """Return a graph for a text of ``size`` slots: the thread's own, which is cleared by its clock alone.

    Its arrays take 20 MB, and to ask for them anew takes as long as searching a line.
    """
    graph = getattr(_kept, "graph", None)
    if graph is None or len(graph.layers) < size + 2 or graph.status[0]["clock"] > _LAST_TICK:
        graph = _kept.graph = Graph(
            np.empty(MOST_NODES, NODE),
            np.empty(MOST_EDGES, EDGE),
            np.empty(max(size + 2, _FEWEST_SLOTS), LAYER),
            np.zeros(_HASH, BUCKET),
            np.empty(MOST_NODES),
            np.zeros(1, STATUS),
        )
    return graph


_kept = local()
_FEWEST_SLOTS = 1 << 12
_LAST_TICK = 1 << 30


@borrowing
def restart(graph: Graph, pending: int, context: np.uint64, begun: int) -> None:
    """Begin a region with one state."""
    first, status = graph.nodes[0], graph.status[0]
    first.pending, first.context, first.begun = pending, context, begun
    first.best, first.forward, first.via = 0.0, 0.0, -1
    status.nodes, status.edges = 1, 0
    status.given_up = status.cut_short = False


@borrowing
def note_given_up(graph: Graph, start: int, end: int) -> None:
    """Note of the slots since one state alone was left whether any was given up on the way, and forget it."""
    status = graph.status[0]
    for slot in range(start, end):
        graph.layers[slot].given_up, graph.layers[slot].cut_short = status.given_up, status.cut_short
    status.given_up = status.cut_short = False


@borrowing
def begin_layer(graph: Graph, extensions: int) -> None:
    """Begin the states after a further slot, of which there may be so many: few are found in a small table faster."""
    status = graph.status[0]
    size = _SMALLEST_HASH
    while size < 2 * extensions and size < _HASH:
        size *= 2
    status.clock, status.mask = status.clock + 1, size - 1
    status.finished, status.best = 0, np.inf


@inlined
def join(
    graph: Graph,
    source: int,
    pending: int,
    context: np.uint64,
    begun: int,
    emitted: np.uint64,
    bits: np.float32,
    guessed: bool,
    base: int,
    width: float,
) -> None:
    """Add an edge to the state that it leads to, made where it is new, given up where it is ``width`` behind."""
    edge = graph.status[0].edges
    if edge >= MOST_EDGES:
        graph.status[0].cut_short = True
        return
    total = graph.nodes[source].best + bits
    finished = not unfinished(pending)
    node = GIVEN_UP
    if finished and graph.status[0].finished >= OF_EACH and total > graph.status[0].best + width:
        graph.status[0].given_up = True
    else:
        node = _state(graph, pending, context, base)
        if node < 0:
            graph.status[0].cut_short = True
            return
        if node == graph.status[0].nodes:
            graph.status[0].nodes += 1
            graph.status[0].finished += finished
            graph.nodes[node].pending, graph.nodes[node].context = pending, context
            graph.nodes[node].best = np.inf
        if total < graph.nodes[node].best:
            graph.nodes[node].best, graph.nodes[node].via, graph.nodes[node].begun = total, edge, begun
            if finished and total < graph.status[0].best:
                graph.status[0].best = total
    graph.edges[edge].source, graph.edges[edge].target, graph.edges[edge].emitted = source, node, emitted
    graph.edges[edge].bits, graph.edges[edge].wording = bits, np.float32(0)
    graph.edges[edge].guessed = guessed
    graph.status[0].edges = edge + 1


@inlined
def _state(graph: Graph, pending: int, context: np.uint64, base: int) -> int:
    """Return the node of a state in the layer that begins at ``base``, the next free one where it is new."""
    clock, mask = graph.status[0].clock, graph.status[0].mask
    mixed = context * np.uint64(0x9E3779B97F4A7C15) + np.uint64(pending) * np.uint64(0xC2B2AE3D27D4EB4F)
    bucket = np.int64(mixed >> np.uint64(48)) & mask
    for _ in range(mask + 1):
        if graph.buckets[bucket].clock != clock:
            if graph.status[0].nodes >= MOST_NODES:
                return -1
            graph.buckets[bucket].clock, graph.buckets[bucket].node = clock, graph.status[0].nodes
            return graph.status[0].nodes
        node = graph.buckets[bucket].node
        if node >= base and graph.nodes[node].context == context and graph.nodes[node].pending == pending:
            return node
        bucket = (bucket + 1) & mask
    return -1
