"""The search through everything that may have stood in the slots, compiled: forwards, backwards, and the best way.

A state is what matters for what follows: the bytes of an unfinished character and the last characters as the language
model remembers them. Where one state alone is left, all before it is decided and what follows is independent of it:
such a stretch is a region.
"""

from typing import NamedTuple

import numpy as np

from repair.compiled import compiled
from repair.language.kernel import cost
from repair.language.tables import Tables
from repair.lattice.extending import layer
from repair.lattice.graph import DAMAGED, MOST_EDGES, MOST_NODES, Graph, graph_for, join, pruned_to, restart
from repair.lattice.parser import Parser, unfinished
from repair.lattice.settling import Found, Way, empty_found, settle
from repair.lattice.slots import Slots

_MOST_EXTENSIONS = 1 << 16  # of one slot: states are given up before a slot of many options
_FEWEST = 8
_LONG_RUN = 3  # holes in a row after which little can be known


class Beam(NamedTuple):
    """How wide the search looks: bits behind the best, states kept, and what a bit counts for in probabilities.

    ``switch`` is what it costs, in bits, to say that damage begins or ends somewhere; infinite where all is damaged.
    """

    width: float
    states: int
    temper: float
    switch: float


def best_way(slots: Slots, parser: Parser, tables: Tables, beam: Beam) -> Way:
    """Search all slots, a boundary of the language model before and after them."""
    graph, found = graph_for(len(slots.seen)), empty_found(slots)
    failed = _search(slots, parser, tables, beam, graph, found)
    characters, losses, alternatives = found.count.tolist()
    return Way(found.characters[:characters], found.alternatives[:alternatives], found.sole[:losses], failed)


@compiled
def _search(slots: Slots, parser: Parser, tables: Tables, beam: Beam, graph: Graph, found: Found) -> int:
    """Go through the slots; return the one at which nothing parsed any more, −1 where all went well."""
    size = len(slots.seen)
    low, high = restart(graph, np.int64(0 if beam.switch < np.inf else DAMAGED), np.uint64(0), 0)
    region, holes = 0, 0
    pruned = False
    for slot in range(size):
        if (high - low) * slots.seen[slot].count > _MOST_EXTENSIONS:
            most = max(_FEWEST, _MOST_EXTENSIONS // slots.seen[slot].count)
            before_it = graph.first_edge[slot - 1] if slot > region else np.int32(0)
            kept = pruned_to(graph, parser, before_it, low, high, beam.width, most)
            pruned |= kept < high
            graph.count[0] = high = kept
        graph.first_edge[slot] = graph.count[1]
        low, high = high, layer(slots, parser, tables, graph, slot, low, high, beam.switch)
        if high == low:
            return slot
        holes = holes + 1 if slots.seen[slot].hole else 0
        full = graph.count[0] > MOST_NODES // 2 or graph.count[1] > MOST_EDGES // 2
        if high - low > 1:
            states = 1 if full else beam.states if holes < _LONG_RUN else beam.states // 4
            kept = pruned_to(graph, parser, graph.first_edge[slot], low, high, beam.width, states)
            pruned |= kept < high
            graph.count[0] = high = kept
        if high - low == 1:
            settle(graph, found, region, slot + 1, low, beam.temper, pruned)
            region, pruned = slot + 1, False
            low, high = restart(graph, graph.nodes[low].pending, graph.nodes[low].context, graph.nodes[low].begun)
    return _end(slots, tables, graph, found, region, low, high, beam, pruned)


@compiled
def _end(
    slots: Slots,
    tables: Tables,
    graph: Graph,
    found: Found,
    region: int,
    low: int,
    high: int,
    beam: Beam,
    pruned: bool,
) -> int:
    """Join the last states in one; return −1, or the last slot where every way ends in the middle of a character."""
    size = len(slots.seen)
    graph.first_edge[size] = graph.count[1]
    graph.buckets[0].clock += 1
    base = graph.count[0]
    for node in range(low, high):
        if not unfinished(graph.nodes[node].pending):
            bits = cost(tables, graph.nodes[node].context, np.uint16(0))
            join(graph, node, np.int64(0), np.uint64(0), size, np.uint64(0), bits, False, base)
    if graph.count[0] == base:
        return max(size - 1, 0)
    settle(graph, found, region, size + 1, base, beam.temper, pruned)
    return -1
