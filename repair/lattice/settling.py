"""What a region is settled to: the best way through it, and what else could stand at its losses, with probabilities.

The best way is Viterbi's; the probabilities are those of the forward-backward algorithm (Baum et al. 1970), the
evidence tempered because the model takes its own for more than it is.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import compiled
from repair.lattice.graph import DAMAGED, Graph
from repair.lattice.parser import unfinished
from repair.lattice.slots import Slots

BITS = 21
"""Bits of a code point; an edge emits up to three characters."""
LEFT = -2
"""The group of a character that was left as seen."""
_POINT = (1 << BITS) - 1
_LISTED = 1e-7  # the share of an alternative that is listed; all count


CHARACTER = np.dtype(
    [("point", np.uint32), ("start", np.int32), ("end", np.int32), ("bits", np.float32), ("group", np.int32)],
    align=True,
)
ALTERNATIVE = np.dtype([("text", np.uint64), ("share", np.float64), ("group", np.int64)], align=True)


class Way(NamedTuple):
    """The best way through the slots, and what else could stand where something was lost.

    ``characters`` (`CHARACTER`) are those of the text: code point, its slots (end exclusive), cost, and the number of
    the loss that it belongs to, −1 for none, −2 for a character that was left as seen. ``alternatives`` (`ALTERNATIVE`)
    are in the order of the losses, the chosen one first: up to three code points of 21 bits, and the probability.
    ``sole`` bool[losses]: going through all possibilities leaves one. ``failed`` is the slot at which nothing parsed
    any more, −1 where all went well.
    """

    characters: npt.NDArray[np.void]
    alternatives: npt.NDArray[np.void]
    sole: npt.NDArray[np.bool_]
    failed: int


class Found(NamedTuple):
    """The answer as it grows; ``count`` int64[3]: characters, losses, alternatives."""

    characters: npt.NDArray[np.void]
    alternatives: npt.NDArray[np.void]
    sole: npt.NDArray[np.bool_]
    count: npt.NDArray[np.int64]


def empty_found(slots: Slots) -> Found:
    """Return an empty answer with room for all that the slots may hold."""
    most = 4 * len(slots.seen) + 8
    losses = 2 * int(slots.seen["hole"].sum()) + 2
    return Found(
        np.empty(most, CHARACTER),
        np.empty(min(losses * 256 + 4096, 1 << 24), ALTERNATIVE),
        np.empty(most, np.bool_),
        np.zeros(3, np.int64),
    )


@compiled
def settle(graph: Graph, found: Found, region: int, end: int, node: int, temper: float, pruned: bool) -> None:
    """Write down the best way through a region, and what else could stand at its losses."""
    edges = np.empty(end - region, np.int32)
    at = node
    for slot in range(end - region - 1, -1, -1):
        edges[slot] = graph.nodes[at].via
        at = graph.edges[graph.nodes[at].via].source
    several = graph.count[1] > end - region
    if several:
        _weigh(graph, node, temper)
    for slot in range(end - region):
        edge = edges[slot]
        if graph.edges[edge].emitted:
            _write(graph, found, edge, region + slot, end, temper, several, pruned)


@compiled
def _weigh(graph: Graph, node: int, temper: float) -> None:
    """Fill in the forward and backward sums of a region, log2."""
    edges, nodes = graph.count[1], graph.count[0]
    for at in range(nodes):
        graph.nodes[at].forward = 0.0 if at == 0 else -np.inf
        graph.nodes[at].backward = -np.inf
    graph.nodes[node].backward = 0.0
    for edge in range(edges):
        target = graph.edges[edge].target
        if target >= 0:
            value = graph.nodes[graph.edges[edge].source].forward - temper * graph.edges[edge].bits
            graph.nodes[target].forward = _log_add(graph.nodes[target].forward, value)
    for edge in range(edges - 1, -1, -1):
        target = graph.edges[edge].target
        if target >= 0:
            value = graph.nodes[target].backward - temper * graph.edges[edge].bits
            source = graph.edges[edge].source
            graph.nodes[source].backward = _log_add(graph.nodes[source].backward, value)


@compiled
def _log_add(one: float, other: float) -> float:
    high, low = (one, other) if one > other else (other, one)
    if low == -np.inf:
        return high
    return high + np.log2(1.0 + 2.0 ** (low - high))


@compiled
def _write(
    graph: Graph, found: Found, edge: int, slot: int, end: int, temper: float, several: bool, pruned: bool
) -> None:
    """Write the characters of an edge, and where they hold a guess, the loss."""
    source, target = graph.edges[edge].source, graph.edges[edge].target
    group = -1 if graph.nodes[target].pending & DAMAGED != 0 or unfinished(graph.nodes[source].pending) else LEFT
    if graph.edges[edge].guessed:
        group = found.count[1]
        found.count[1] += 1
        found.sole[group] = _alternatives(graph, found, edge, slot, end, temper, several, pruned)
    text = graph.edges[edge].emitted
    characters = 1 + (text >> np.uint64(BITS) != 0) + (text >> np.uint64(2 * BITS) != 0)
    start = graph.nodes[source].begun if unfinished(graph.nodes[source].pending) else slot
    for character in range(characters):
        n = found.count[0]
        shift = np.uint64(BITS * (characters - 1 - character))
        found.characters[n].point = (text >> shift) & np.uint64(_POINT)
        found.characters[n].start, found.characters[n].end = start, slot + 1
        found.characters[n].bits = graph.edges[edge].bits / np.float32(characters)
        found.characters[n].group = group
        found.count[0] += 1


@compiled
def _alternatives(
    graph: Graph, found: Found, chosen: int, slot: int, end: int, temper: float, several: bool, pruned: bool
) -> bool:
    """List what else the edges of a slot emit, with probabilities; return whether there is nothing else at all."""
    group = found.count[1] - 1
    if not several:
        _list_alternative(found, group, graph.edges[chosen].emitted, 1.0)
        return True
    low = graph.first_edge[slot]
    high = graph.first_edge[slot + 1] if slot + 1 < end else graph.count[1]
    texts, shares = np.empty(high - low, np.uint64), np.empty(high - low)
    sole, count, whole = True, 0, 0.0
    for edge in range(low, high):
        if graph.edges[edge].emitted == 0:
            continue
        source, target = graph.edges[edge].source, graph.edges[edge].target
        other = graph.edges[edge].emitted != graph.edges[chosen].emitted
        if target < 0 or graph.nodes[target].backward == -np.inf:
            sole &= not (other and (target < 0 or pruned))
            continue
        sole &= not other
        share = 2.0 ** (
            graph.nodes[source].forward
            - temper * graph.edges[edge].bits
            + graph.nodes[target].backward
            - graph.nodes[0].backward
        )
        whole += share
        if share > _LISTED or not other:
            texts[count], shares[count] = graph.edges[edge].emitted, share
            count += 1
    _list_alternatives(found, group, graph.edges[chosen].emitted, texts[:count], shares[:count] / whole)
    return sole


@compiled
def _list_alternatives(
    found: Found, group: int, chosen: np.uint64, texts: npt.NDArray[np.uint64], shares: npt.NDArray[np.float64]
) -> None:
    """List each text once with its share in all, the chosen one first."""
    order = np.argsort(texts, kind="mergesort")
    total = 0.0
    for at in range(len(texts)):
        if texts[at] == chosen:
            total += shares[at]
    _list_alternative(found, group, chosen, total)
    total = 0.0
    for at in range(len(order)):
        text = texts[order[at]]
        total += shares[order[at]]
        if at + 1 == len(order) or texts[order[at + 1]] != text:
            if text != chosen:
                _list_alternative(found, group, text, total)
            total = 0.0


@compiled
def _list_alternative(found: Found, group: int, text: np.uint64, share: float) -> None:
    at = found.count[2]
    if at < len(found.alternatives):
        found.alternatives[at].group, found.alternatives[at].text, found.alternatives[at].share = group, text, share
        found.count[2] += 1
