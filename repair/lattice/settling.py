"""What a region is settled to: the best way through it, and what else could stand at its losses, with probabilities.

First by n-grams alone; then what those leave is weighed again with the words that it makes (`repair.lattice.wording`).
"""

import numpy as np

from repair.compiled import borrowing
from repair.lattice.dividing import Wording
from repair.lattice.found import BITS, LEFT, Found
from repair.lattice.graph import DAMAGED, Graph, begin_layer
from repair.lattice.parser import unfinished
from repair.lattice.weighing import edges_end, find_best, trace, weigh
from repair.lattice.wording import count_scripts, worded

_POINT = (1 << BITS) - 1
_LISTED = 1e-7  # the share of an alternative that is listed; all count
MOST_LISTED = 1 << 16
"""Different texts of one loss that are weighed."""
MOST_KEPT = 31
"""Alternatives that are kept beside the chosen one."""


@borrowing
def settle(graph: Graph, found: Found, wording: Wording, region: int, end: int, node: int) -> None:
    """Write down the best way through a region, and what else could stand at its losses."""
    temper = wording.temper
    trace(graph, region, end, node)
    several = graph.status[0].edges > end - region
    if several:
        weigh(graph, node, temper)
        if wording.weight > 0 and worded(graph, found, wording, region, end):
            find_best(graph, region, end)
            trace(graph, region, end, node)
            weigh(graph, node, temper)
    for slot in range(region, end):
        edge = np.int64(graph.layers[slot].way)
        found.tally[0].bits += graph.edges[edge].bits
        if graph.edges[edge].emitted:
            _write(graph, found, edge, slot, end, temper, several)
            if not graph.edges[edge].guessed:
                count_scripts(found, wording.lexicon, graph.edges[edge].emitted)


@borrowing
def _write(graph: Graph, found: Found, edge: int, slot: int, end: int, temper: float, several: bool) -> None:
    """Write the characters of an edge, and where they hold a guess, the loss."""
    source, target = np.int64(graph.edges[edge].source), np.int64(graph.edges[edge].target)
    before = graph.nodes[source].pending
    group = np.int64(-1 if graph.nodes[target].pending & DAMAGED != 0 or unfinished(before) else LEFT)
    if graph.edges[edge].guessed:
        group = np.int64(found.tally[0].losses)
    text = graph.edges[edge].emitted
    characters = 1 + (text >> np.uint64(BITS) != 0) + (text >> np.uint64(2 * BITS) != 0)
    if group >= 0:
        _write_loss(graph, found, edge, slot, end, temper, several, characters)
    start = np.int64(graph.nodes[source].begun) if unfinished(before) else slot
    for character in range(characters):
        n = found.tally[0].characters
        shift = np.uint64(BITS * (characters - 1 - character))
        found.characters[n].point = (text >> shift) & np.uint64(_POINT)
        found.characters[n].start, found.characters[n].end = start, slot + 1
        found.characters[n].bits = graph.edges[edge].bits / np.float32(characters)
        found.characters[n].group = group
        found.tally[0].characters = n + 1


@borrowing
def _write_loss(
    graph: Graph, found: Found, edge: int, slot: int, end: int, temper: float, several: bool, characters: int
) -> None:
    """Write the loss that the next characters are."""
    loss, tally = found.losses[found.tally[0].losses], found.tally[0]
    loss.start, loss.end = tally.characters, tally.characters + characters
    loss.first = tally.alternatives
    loss.sole = _alternatives(graph, found, edge, slot, end, temper, several)
    loss.count = tally.alternatives - loss.first
    tally.losses += 1


@borrowing
def _alternatives(graph: Graph, found: Found, chosen: int, slot: int, end: int, temper: float, several: bool) -> bool:
    """List what else the edges of a slot emit, with probabilities; return whether there is nothing else at all."""
    first = np.int64(found.tally[0].alternatives)
    own = graph.edges[chosen].emitted
    _list(found, own, 0.0 if several else 1.0)
    if not several:
        return True
    low, high = np.int64(graph.layers[slot].first_edge), edges_end(graph, slot, end)
    begin_layer(graph, high - low)
    sole, whole = not graph.layers[slot].cut_short, 0.0
    for edge in range(low, high):
        text = graph.edges[edge].emitted
        if text == 0:
            continue
        source, target = np.int64(graph.edges[edge].source), np.int64(graph.edges[edge].target)
        if target < 0 or graph.nodes[target].backward == -np.inf:
            sole &= not (text != own and (target < 0 or graph.layers[slot].given_up))
            continue
        sole &= text == own
        share = np.exp2(
            graph.nodes[source].forward
            - temper * (graph.edges[edge].bits + graph.edges[edge].wording)
            + graph.nodes[target].backward
            - graph.nodes[0].backward
        )
        whole += share
        if text == own:
            found.alternatives[first].share += share
        elif share > _LISTED:
            _add_share(graph, found, first, text, share)
    _rank(found, first, whole)
    return sole


@borrowing
def _add_share(graph: Graph, found: Found, first: int, text: np.uint64, share: float) -> None:
    """Add to the share of a text, which is found by the buckets of the graph: no layer needs them now."""
    clock, mask = graph.status[0].clock, graph.status[0].mask
    bucket = np.int64((text * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(48)) & mask
    while found.tally[0].alternatives < first + MOST_LISTED:
        if graph.buckets[bucket].clock != clock:
            graph.buckets[bucket].clock, graph.buckets[bucket].node = clock, found.tally[0].alternatives
            _list(found, text, share)
            return
        at = graph.buckets[bucket].node
        if found.alternatives[at].text == text:
            found.alternatives[at].share += share
            return
        bucket = (bucket + 1) & mask


@borrowing
def _list(found: Found, text: np.uint64, share: float) -> None:
    """List a text among the alternatives of the last loss."""
    at = found.tally[0].alternatives
    found.alternatives[at].text, found.alternatives[at].share = text, share
    found.tally[0].alternatives = at + 1


@borrowing
def _rank(found: Found, first: int, whole: float) -> None:
    """Leave the chosen text of a loss and the likeliest `MOST_KEPT` others, by falling share of the whole."""
    end = np.int64(found.tally[0].alternatives)
    kept = first + 1
    for at in range(first, end):
        text, share = found.alternatives[at].text, found.alternatives[at].share / whole
        place = first
        if at > first:
            place = kept
            while place > first + 1 and found.alternatives[place - 1].share < share:
                place -= 1
            if place > first + MOST_KEPT:
                continue
            kept = min(kept + 1, first + 1 + MOST_KEPT)
            for later in range(kept - 1, place, -1):
                found.alternatives[later].text = found.alternatives[later - 1].text
                found.alternatives[later].share = found.alternatives[later - 1].share
        found.alternatives[place].text, found.alternatives[place].share = text, share
    found.tally[0].alternatives = kept
