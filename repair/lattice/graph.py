"""The graph of a region: states, the edges between them, and how a state is found again.

Records and few arrays, because every array that is handed on costs the compiled code some nanoseconds.
"""

from threading import local
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import compiled, inlined
from repair.lattice.parser import Parser, begun_bits

MOST_NODES = 1 << 16
MOST_EDGES = 1 << 19
_OF_EACH = 4
_HASH = 1 << 16
DAMAGED = 1 << 32
"""In a pending word: this state reads the slots as damaged."""


NODE = np.dtype(
    [
        ("context", np.uint64),
        ("pending", np.int64),
        ("best", np.float64),
        ("forward", np.float64),
        ("backward", np.float64),
        ("begun", np.int32),
        ("via", np.int32),
    ],
    align=True,
)
"""A state after a slot: its cost by the best way, that way's last edge, the slot at which its character began."""
EDGE = np.dtype(
    [("emitted", np.uint64), ("source", np.int32), ("target", np.int32), ("bits", np.float32), ("guessed", np.bool_)],
    align=True,
)
BUCKET = np.dtype([("node", np.int32), ("clock", np.int32)], align=True)


class Graph(NamedTuple):
    """The region at hand; ``count`` int64[2]: nodes, edges. ``first_edge`` int32[slots] is where a slot's edges begin.

    Records and few arrays, because every array that is handed on costs the compiled code some nanoseconds.
    """

    nodes: npt.NDArray[np.void]
    edges: npt.NDArray[np.void]
    first_edge: npt.NDArray[np.int32]
    buckets: npt.NDArray[np.void]
    count: npt.NDArray[np.int64]


def graph_for(size: int) -> Graph:
    """Return a graph for a text of ``size`` slots: the thread's own, which is cleared by its clock alone.

    Its arrays take 20 MB, and to ask for them anew takes as long as searching a line.
    """
    graph = getattr(_kept, "graph", None)
    if graph is None or len(graph.first_edge) < size + 2 or graph.buckets[0]["clock"] > _LAST_TICK:
        graph = _kept.graph = Graph(
            np.empty(MOST_NODES, NODE),
            np.empty(MOST_EDGES, EDGE),
            np.empty(max(size + 2, _FEWEST_SLOTS), np.int32),
            np.zeros(_HASH, BUCKET),
            np.zeros(2, np.int64),
        )
    graph.count[:] = 0
    return graph


_kept = local()
_FEWEST_SLOTS = 1 << 12
_LAST_TICK = 1 << 30


@compiled
def restart(graph: Graph, pending: int, context: np.uint64, begun: int) -> tuple[int, int]:
    """Begin a region with one state."""
    graph.nodes[0].pending, graph.nodes[0].context, graph.nodes[0].begun = pending, context, begun
    graph.nodes[0].best, graph.nodes[0].forward, graph.nodes[0].via = 0.0, 0.0, -1
    graph.count[0], graph.count[1] = 1, 0
    return 0, 1


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
) -> None:
    """Add an edge to the state that it leads to, made where it is new."""
    edge = graph.count[1]
    if edge >= MOST_EDGES:
        return
    total = graph.nodes[source].best + bits
    node = _state(graph, pending, context, base)
    if node < 0:
        return
    if node == graph.count[0]:
        graph.count[0] += 1
        graph.nodes[node].pending, graph.nodes[node].context = pending, context
        graph.nodes[node].best, graph.nodes[node].forward = np.inf, 0.0
    if total < graph.nodes[node].best:
        graph.nodes[node].best, graph.nodes[node].via, graph.nodes[node].begun = total, edge, begun
    graph.edges[edge].source, graph.edges[edge].target, graph.edges[edge].emitted = source, node, emitted
    graph.edges[edge].bits, graph.edges[edge].guessed = bits, guessed
    graph.count[1] += 1


@inlined
def _state(graph: Graph, pending: int, context: np.uint64, base: int) -> int:
    """Return the node of a state in the layer that begins at ``base``, the next free one where it is new."""
    clock = graph.buckets[0].clock
    at = (context * np.uint64(0x9E3779B97F4A7C15) + np.uint64(pending) * np.uint64(0xC2B2AE3D27D4EB4F)) >> np.uint64(48)
    slot = max(1, np.int64(at) & (_HASH - 1))
    for _ in range(_HASH):
        if graph.buckets[slot].clock != clock:
            if graph.count[0] >= MOST_NODES:
                return -1
            graph.buckets[slot].clock, graph.buckets[slot].node = clock, graph.count[0]
            return graph.count[0]
        node = graph.buckets[slot].node
        if node >= base and graph.nodes[node].context == context and graph.nodes[node].pending == pending:
            return node
        slot = slot + 1 if slot + 1 < _HASH else 1
    return -1


@compiled
def pruned_to(graph: Graph, parser: Parser, first_edge: int, low: int, high: int, width: float, states: int) -> int:
    """Keep the states within the beam, moved together; return their end. Edges to others lead to node −1."""
    costs = np.empty(high - low)
    phases = np.empty(high - low, np.int8)
    for node in range(low, high):
        costs[node - low] = graph.nodes[node].best + begun_bits(parser, graph.nodes[node].pending)
        phases[node - low] = (graph.nodes[node].pending >> 24) & 3
    limit = costs.min() + width
    if high - low > states:
        limit = min(limit, np.partition(costs, states - 1)[states - 1])
    limits = np.full(4, limit)
    for phase in range(4):  # bytes missing: what is likeliest now may not parse with what follows
        own = costs[phases == phase]
        if len(own) > 0:
            limits[phase] = max(limit, np.partition(own, min(len(own), _OF_EACH) - 1)[min(len(own), _OF_EACH) - 1])
    moved = np.empty(high - low, np.int32)
    end = low
    for node in range(low, high):
        keep = costs[node - low] <= limits[phases[node - low]]
        moved[node - low] = end if keep else -1
        if keep:
            graph.nodes[end].pending, graph.nodes[end].context = graph.nodes[node].pending, graph.nodes[node].context
            graph.nodes[end].begun, graph.nodes[end].best, graph.nodes[end].via = (
                graph.nodes[node].begun,
                graph.nodes[node].best,
                graph.nodes[node].via,
            )
            end += 1
    for edge in range(first_edge, graph.count[1]):
        if graph.edges[edge].target >= low:
            graph.edges[edge].target = moved[graph.edges[edge].target - low]
    return end
