"""Which states of a layer go on: those near the best, and few of each phase."""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing
from repair.lattice.graph import GIVEN_UP, OF_EACH, Graph
from repair.lattice.parser import Parser, begun_bits, unfinished

_PHASES = 4


@borrowing
def pruned_to(graph: Graph, parser: Parser, first_edge: int, low: int, high: int, width: float, states: int) -> int:
    """Keep the states within the beam, moved together; return their end. Edges to others lead to `GIVEN_UP`."""
    least = np.inf
    for node in range(low, high):
        graph.nodes[node].backward = graph.nodes[node].best + begun_bits(parser, graph.nodes[node].pending)
        least = min(least, graph.nodes[node].backward)
    limit = least + width
    if high - low > states:
        for node in range(low, high):
            graph.ranks[node - low] = graph.nodes[node].backward
        limit = min(limit, smallest(graph.ranks, high - low, states))
    for phase in range(_PHASES):  # bytes missing: what is likeliest now may not parse with what follows
        _mark(graph, low, high, phase, limit)
    end = _moved_together(graph, low, high)
    if end < high:
        graph.status[0].given_up = True
        for edge in range(first_edge, graph.status[0].edges):
            if graph.edges[edge].target >= low:
                graph.edges[edge].target = graph.nodes[graph.edges[edge].target].moved
    graph.status[0].nodes = end
    return end


@borrowing
def _moved_together(graph: Graph, low: int, high: int) -> int:
    """Move the states that go on together; return their end."""
    end = low
    for node in range(low, high):
        if graph.nodes[node].moved != GIVEN_UP:
            graph.nodes[node].moved = end
            _move(graph, node, end)
            end += 1
        elif unfinished(graph.nodes[node].pending):
            graph.status[0].cut_short = True
    return end


@borrowing
def _mark(graph: Graph, low: int, high: int, phase: int, limit: float) -> None:
    """Mark the states of a phase that are beyond the limit as given up, but for the best `OF_EACH`."""
    count = 0
    for node in range(low, high):
        if _phase(graph, node) == phase:
            graph.ranks[count] = graph.nodes[node].backward
            count += 1
    if count == 0:
        return
    own = max(limit, smallest(graph.ranks, count, min(count, OF_EACH)))
    for node in range(low, high):
        if _phase(graph, node) == phase:
            graph.nodes[node].moved = node if graph.nodes[node].backward <= own else GIVEN_UP


@borrowing
def _phase(graph: Graph, node: int) -> int:
    return (graph.nodes[node].pending >> 24) & 3


@borrowing
def _move(graph: Graph, node: int, to: int) -> None:
    """Copy a state but for where it lies after pruning, which the edges to it still ask."""
    if node != to:
        graph.nodes[to].pending, graph.nodes[to].context = graph.nodes[node].pending, graph.nodes[node].context
        graph.nodes[to].begun, graph.nodes[to].best = graph.nodes[node].begun, graph.nodes[node].best
        graph.nodes[to].via, graph.nodes[to].backward = graph.nodes[node].via, graph.nodes[node].backward


@borrowing
def smallest(ranks: npt.NDArray[np.float64], count: int, number: int) -> float:
    """Return the ``number``-th smallest of the first ``count``, which are put in another order (Hoare 1961)."""
    low, high, wanted = 0, count - 1, number - 1
    while low < high:
        pivot = ranks[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while ranks[left] < pivot:
                left += 1
            while ranks[right] > pivot:
                right -= 1
            if left <= right:
                ranks[left], ranks[right] = ranks[right], ranks[left]
                left, right = left + 1, right - 1
        if wanted <= right:
            high = right
        elif wanted >= left:
            low = left
        else:
            break
    return ranks[wanted]
