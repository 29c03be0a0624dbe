"""What may stand at a loss, judged by the words that it makes with what stands around it, and by its script.

Along the best way through a region every text that may stand at a loss is put in its place, and the cheapest division
into words of it and some characters to either side is compared with that of the text chosen first. The difference is
added to the edges, and the ways are weighed again: once, for a second time changes one answer in 2,000.
"""

import numpy as np

from repair.compiled import borrowing
from repair.language.lexicon import SIMPLIFIED, TRADITIONAL, Lexicon
from repair.lattice.dividing import AROUND, CACHED, Wording, divide_left, divide_right, divided
from repair.lattice.found import BITS, Found
from repair.lattice.graph import Graph
from repair.lattice.weighing import edges_end

_UNLIKELY = -20.0
"""log2 of the probability below which a text is not weighed again."""
_SIMPLIFIED, _TRADITIONAL = 0.1, 0.02
"""Characters of each script that are counted beside those seen: few texts mix them, and most are simplified."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_POINT = np.uint64((1 << BITS) - 1)
_NOTHING = np.uint64(0)


@borrowing
def worded(graph: Graph, found: Found, wording: Wording, region: int, end: int) -> bool:
    """Add to the edges at the losses of the best way what their words are dearer; say whether that was anything."""
    changed = False
    _price_scripts(graph, found, wording, region, end)
    for slot in range(region, end):
        way = np.int64(graph.layers[slot].way)
        if graph.edges[way].guessed and graph.edges[way].emitted:
            changed |= _weigh_words(graph, found, wording, region, end, slot)
    return changed


@borrowing
def count_scripts(found: Found, lexicon: Lexicon, text: np.uint64) -> None:
    """Count the characters of a text that survived by the script that alone they are written in."""
    while text != _NOTHING:
        script = lexicon.script[lexicon.unit_of[text & _POINT]]
        found.tally[0].simplified += script == SIMPLIFIED
        found.tally[0].traditional += script == TRADITIONAL
        text >>= np.uint64(BITS)


@borrowing
def _price_scripts(graph: Graph, found: Found, wording: Wording, region: int, end: int) -> None:
    """Find what one more character that is simplified alone, and one that is traditional alone, costs in this line.

    The share of each is that among the characters that survived so far.
    """
    scripts, lexicon = wording.room.scripts, wording.lexicon
    scripts[SIMPLIFIED] = found.tally[0].simplified + _SIMPLIFIED
    scripts[TRADITIONAL] = found.tally[0].traditional + _TRADITIONAL
    for slot in range(region, end):
        way = np.int64(graph.layers[slot].way)
        text = graph.edges[way].emitted
        while text != _NOTHING and not graph.edges[way].guessed:
            scripts[lexicon.script[lexicon.unit_of[text & _POINT]]] += 1
            text >>= np.uint64(BITS)
    whole = scripts[SIMPLIFIED] + scripts[TRADITIONAL]
    scripts[SIMPLIFIED], scripts[TRADITIONAL] = (
        np.log2(whole / scripts[SIMPLIFIED]),
        np.log2(whole / scripts[TRADITIONAL]),
    )
    scripts[0] = 0.0


@borrowing
def _weigh_words(graph: Graph, found: Found, wording: Wording, region: int, end: int, slot: int) -> bool:
    """Add to the edges of one slot what their words are dearer than those of the best way."""
    first, last = np.int64(graph.layers[slot].first_edge), edges_end(graph, slot, end)
    own = _likeliest(graph, wording, slot, first, last)
    texts, bits = wording.room.texts, wording.room.bits
    left = right = -1
    chosen = 0.0
    changed = False
    for edge in range(first, last):
        text = graph.edges[edge].emitted
        if text == own or not _counts(graph, wording.lexicon, edge) or _share(graph, edge, wording.temper) < _UNLIKELY:
            continue
        if left < 0:
            left = _look_left(graph, found, wording, region, slot)
            right = _look_right(graph, wording, slot, end)
            texts[:] = _NOTHING
            chosen = _written(wording, own, left, right)
        place = np.int64((text * _FACTOR) >> np.uint64(32)) % CACHED
        if texts[place] != text:
            texts[place], bits[place] = text, _written(wording, text, left, right)
        graph.edges[edge].wording = np.float32(bits[place] - chosen)
        changed |= bits[place] != chosen
    return changed


@borrowing
def _written(wording: Wording, text: np.uint64, left: int, right: int) -> float:
    """Return what the words of a text and of what stands around it cost, and its script."""
    lexicon, scripts, count = wording.lexicon, 0.0, 0
    for shift in range(2 * BITS, -1, -BITS):
        point = (text >> np.uint64(shift)) & _POINT
        if point:
            unit = lexicon.unit_of[point]
            wording.room.whole[left + count] = unit
            scripts += wording.room.scripts[lexicon.script[unit]]
            count += 1
    return wording.weight * divided(wording, count, left, right) + scripts


@borrowing
def _counts(graph: Graph, lexicon: Lexicon, edge: int) -> bool:
    """Say whether an edge guesses hanzi, of which words are made; of all other texts words say nothing."""
    text = graph.edges[edge].emitted
    counts = text != _NOTHING and graph.edges[edge].guessed
    while text != _NOTHING and counts:
        counts = lexicon.folded[lexicon.unit_of[text & _POINT]] > 0
        text >>= np.uint64(BITS)
    return counts


@borrowing
def _likeliest(graph: Graph, wording: Wording, slot: int, first: int, last: int) -> np.uint64:
    """Return the text that others are compared with: the chosen one, or the likeliest of hanzi where it is none."""
    way = np.int64(graph.layers[slot].way)
    if _counts(graph, wording.lexicon, way):
        return graph.edges[way].emitted
    text, most = _NOTHING, -np.inf
    for edge in range(first, last):
        if _counts(graph, wording.lexicon, edge):
            share = _share(graph, edge, wording.temper)
            if share > most:
                text, most = graph.edges[edge].emitted, share
    return text


@borrowing
def _share(graph: Graph, edge: int, temper: float) -> float:
    """Return log2 of the probability of an edge, by n-grams alone."""
    source, target = np.int64(graph.edges[edge].source), np.int64(graph.edges[edge].target)
    if target < 0:
        return -np.inf
    bits = graph.nodes[source].forward - temper * graph.edges[edge].bits + graph.nodes[target].backward
    return bits - graph.nodes[0].backward


@borrowing
def _look_left(graph: Graph, found: Found, wording: Wording, region: int, slot: int) -> int:
    """Write down the units before a slot, the nearest last, and divide them; return how many."""
    left, count = wording.room.left, 0
    for at in range(slot - 1, region - 1, -1):
        text = graph.edges[graph.layers[at].way].emitted
        while text != _NOTHING and count < AROUND:
            count += 1
            left[AROUND - count] = wording.lexicon.unit_of[text & _POINT]
            text >>= np.uint64(BITS)
    at = found.tally[0].characters - 1
    while count < AROUND and at >= found.tally[0].line:
        count += 1
        left[AROUND - count] = wording.lexicon.unit_of[found.characters[at].point]
        at -= 1
    divide_left(wording, count)
    return count


@borrowing
def _look_right(graph: Graph, wording: Wording, slot: int, end: int) -> int:
    """Write down the units behind a slot as far as its region goes, and divide them; return how many."""
    count = 0
    for at in range(slot + 1, end):
        text = graph.edges[graph.layers[at].way].emitted
        for shift in range(2 * BITS, -1, -BITS):
            point = (text >> np.uint64(shift)) & _POINT
            if point and count < AROUND:
                wording.room.right[count] = wording.lexicon.unit_of[point]
                count += 1
        if count == AROUND:
            break
    divide_right(wording, count)
    return count
