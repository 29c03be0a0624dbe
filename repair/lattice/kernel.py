"""The search through everything that may have stood in the slots, compiled: forwards, backwards, and the best way.

A state is what matters for what follows: the bytes of an unfinished character and the last characters as the language
model remembers them. Where one state alone is left, all before it is decided and what follows is independent of it:
such a stretch is a region.
"""

from typing import NamedTuple

import numpy as np

from repair.compiled import borrowing
from repair.language.kernel import cost
from repair.lattice.dividing import Wording
from repair.lattice.extending import layer
from repair.lattice.found import Found
from repair.lattice.graph import DAMAGED, MOST_EDGES, MOST_NODES, Graph, begin_layer, join, note_given_up, restart
from repair.lattice.parser import Parser, unfinished
from repair.lattice.pruning import pruned_to
from repair.lattice.settling import settle
from repair.lattice.slots import Slots

_MOST_EXTENSIONS = 1 << 16  # of one slot: states are given up before a slot of many options
_FEWEST = 8
_LONG_RUN = 3  # holes in a row after which little can be known


class Beam(NamedTuple):
    """How wide the search looks: bits behind the best, states kept, and what a bit counts for in probabilities.

    ``switch`` is what it costs, in bits, to say that damage begins or ends somewhere; infinite where all is damaged.
    ``wording`` is what a bit of the list of words counts for beside one of the n-grams.
    """

    width: float
    states: int
    temper: float
    switch: float
    wording: float


_CLEAR = 2
"""Characters that follow where one state alone is left: they may be the rest of a word that a loss begins."""


@borrowing
def search(slots: Slots, parser: Parser, wording: Wording, beam: Beam, graph: Graph, found: Found) -> int:
    """Go through the slots, a boundary of the language model before and after them, and write down what is found.

    Returns the slot at which nothing parsed any more, -1 where all went well.
    """
    restart(graph, np.int64(0 if beam.switch < np.inf else DAMAGED), np.uint64(0), 0)
    low, high, region, holes, alone, clear = 0, 1, 0, 0, 0, 0
    for slot in range(len(slots.seen)):
        if (high - low) * slots.seen[slot].count > _MOST_EXTENSIONS:
            most = max(_FEWEST, _MOST_EXTENSIONS // slots.seen[slot].count)
            before_it = np.int64(graph.layers[slot - 1].first_edge) if slot > region else 0
            high = pruned_to(graph, parser, before_it, low, high, beam.width, most)
        graph.layers[slot].first_edge = graph.status[0].edges
        layer(slots, parser, wording.tables, graph, slot, low, high, beam.switch, beam.width)
        low, high = high, np.int64(graph.status[0].nodes)
        if high == low:
            return slot
        holes = holes + 1 if slots.seen[slot].hole else 0
        full = high > MOST_NODES // 2 or graph.status[0].edges > MOST_EDGES // 2
        if high - low > 1:
            states = 1 if full else beam.states if holes < _LONG_RUN else beam.states // 4
            high = pruned_to(graph, parser, np.int64(graph.layers[slot].first_edge), low, high, beam.width, states)
        if high - low > 1:
            clear = 0
            continue
        note_given_up(graph, alone, slot + 1)
        alone = slot + 1
        clear += graph.edges[graph.nodes[low].via].emitted != 0
        if full or clear > _CLEAR or graph.status[0].edges == slot + 1 - region:
            settle(graph, found, wording, region, slot + 1, low)
            region = slot + 1
            restart(graph, graph.nodes[low].pending, graph.nodes[low].context, graph.nodes[low].begun)
            low, high = 0, 1
    if not _ended(slots, wording, graph, low, high, beam.width):
        return max(len(slots.seen) - 1, 0)
    note_given_up(graph, alone, len(slots.seen) + 1)
    settle(graph, found, wording, region, len(slots.seen) + 1, np.int64(graph.status[0].nodes) - 1)
    return -1


@borrowing
def _ended(slots: Slots, wording: Wording, graph: Graph, low: int, high: int, width: float) -> bool:
    """Join the last states in one more; say whether there is one: all ways may end in the middle of a character."""
    size = len(slots.seen)
    graph.layers[size].first_edge = graph.status[0].edges
    begin_layer(graph, high - low)
    base = np.int64(graph.status[0].nodes)
    for node in range(low, high):
        if not unfinished(graph.nodes[node].pending):
            bits = cost(wording.tables, graph.nodes[node].context, np.uint16(0))
            join(
                graph,
                node,
                np.int64(0),
                np.uint64(0),
                np.int64(size),
                np.uint64(0),
                bits,
                False,
                base,
                width,
            )
    return np.int64(graph.status[0].nodes) > base
