"""The best way through a region, which is Viterbi's, and the sums of all ways, forwards and backwards.

The probabilities are those of the forward-backward algorithm (Baum et al. 1970), the evidence tempered because the
model takes its own for more than it is.
"""

import numpy as np

from repair.compiled import borrowing
from repair.lattice.graph import Graph
from repair.lattice.parser import unfinished

_NOTHING = 60.0
"""Bits behind a sum at which what is added to it does not change it."""


@borrowing
def trace(graph: Graph, region: int, end: int, node: int) -> None:
    """Note the edge of each slot that the best way to a node takes."""
    at = np.int64(node)
    for slot in range(end - 1, region - 1, -1):
        graph.layers[slot].way = graph.nodes[at].via
        at = np.int64(graph.edges[graph.nodes[at].via].source)


@borrowing
def edges_end(graph: Graph, slot: int, end: int) -> int:
    """Return the end of the edges of a slot, the last of a region being ``end - 1``."""
    return np.int64(graph.layers[slot + 1].first_edge if slot + 1 < end else graph.status[0].edges)


@borrowing
def find_best(graph: Graph, region: int, end: int) -> None:
    """Find the best way to each state again, after the words were added to the edges."""
    for at in range(1, graph.status[0].nodes):
        graph.nodes[at].best = np.inf
    for slot in range(region, end):
        for edge in range(graph.layers[slot].first_edge, edges_end(graph, slot, end)):
            target, source = np.int64(graph.edges[edge].target), np.int64(graph.edges[edge].source)
            if target >= 0:
                total = graph.nodes[source].best + graph.edges[edge].bits + graph.edges[edge].wording
                if total < graph.nodes[target].best:
                    goes_on = graph.edges[edge].emitted == 0 and unfinished(graph.nodes[source].pending)
                    graph.nodes[target].begun = graph.nodes[source].begun if goes_on else slot
                    graph.nodes[target].best, graph.nodes[target].via = total, edge


@borrowing
def weigh(graph: Graph, node: int, temper: float) -> None:
    """Fill in the forward and backward sums of a region, log2."""
    edges, nodes = graph.status[0].edges, graph.status[0].nodes
    for at in range(nodes):
        graph.nodes[at].forward = 0.0 if at == 0 else -np.inf
        graph.nodes[at].backward = -np.inf
    graph.nodes[node].backward = 0.0
    for edge in range(edges):
        target = np.int64(graph.edges[edge].target)
        if target >= 0:
            bits = graph.edges[edge].bits + graph.edges[edge].wording
            value = graph.nodes[graph.edges[edge].source].forward - temper * bits
            graph.nodes[target].forward = _log_add(graph.nodes[target].forward, value)
    for edge in range(edges - 1, -1, -1):
        target = np.int64(graph.edges[edge].target)
        if target >= 0:
            bits = graph.edges[edge].bits + graph.edges[edge].wording
            value = graph.nodes[target].backward - temper * bits
            source = np.int64(graph.edges[edge].source)
            graph.nodes[source].backward = _log_add(graph.nodes[source].backward, value)


@borrowing
def _log_add(one: float, other: float) -> float:
    high, low = (one, other) if one > other else (other, one)
    if low < high - _NOTHING:
        return high
    return high + np.log2(1.0 + np.exp2(low - high)) if high > -np.inf else high
