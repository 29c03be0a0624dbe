"""The search through everything that may have stood in the slots, compiled: forwards, backwards, and the best way.

A state is what matters for what follows: the bytes of an unfinished character and the last characters as the language
model remembers them. Where one state alone is left, all before it is decided and what follows is independent of it:
such a stretch is a region. In a region the best way is Viterbi's, the probabilities of the others are those of the
forward-backward algorithm (Baum et al. 1970), their evidence tempered because the model takes its own for more than it
is.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import compiled, inlined
from repair.language.kernel import _is_context as is_context
from repair.language.kernel import cost, push
from repair.language.kernel import slot as slot_of
from repair.language.tables import Tables
from repair.lattice.parser import GUESSED, INVALID, Parser, begun_bits, step, unfinished
from repair.lattice.slots import Slots

_MOST_NODES = 1 << 16
_MOST_EDGES = 1 << 19
_MOST_EXTENSIONS = 1 << 16  # of one slot: states are given up before a slot of many options
_FEWEST = 8
_LONG_RUN = 3  # holes in a row after which little can be known
_OF_EACH = 4
_HASH = 1 << 16
_BITS = 21  # of a code point; an edge emits up to three characters
_DAMAGED = 1 << 32  # in a pending word: this state reads the slots as damaged
_BYTE = 33  # in a pending word, from this bit on: the byte guessed last, where another guess follows at once
_ASCII_END = 0x80
LEFT = -2
"""The group of a character that was left as seen."""
_POINT = (1 << _BITS) - 1
_FORGOTTEN = np.uint64(0xFFFF)  # no unit: nothing is known to follow it
_LISTED = 1e-7  # the share of an alternative that is listed; all count


class Beam(NamedTuple):
    """How wide the search looks: bits behind the best, states kept, and what a bit counts for in probabilities.

    ``switch`` is what it costs, in bits, to say that damage begins or ends somewhere; infinite where all is damaged.
    """

    width: float
    states: int
    temper: float
    switch: float


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
CHARACTER = np.dtype(
    [("point", np.uint32), ("start", np.int32), ("end", np.int32), ("bits", np.float32), ("group", np.int32)],
    align=True,
)
ALTERNATIVE = np.dtype([("text", np.uint64), ("share", np.float64), ("group", np.int64)], align=True)


class Graph(NamedTuple):
    """The region at hand; ``count`` int64[2]: nodes, edges. ``first_edge`` int32[slots] is where a slot's edges begin.

    Records and few arrays, because every array that is handed on costs the compiled code some nanoseconds.
    """

    nodes: npt.NDArray[np.void]
    edges: npt.NDArray[np.void]
    first_edge: npt.NDArray[np.int32]
    buckets: npt.NDArray[np.void]
    count: npt.NDArray[np.int64]


class Found(NamedTuple):
    """The answer as it grows; ``count`` int64[3]: characters, losses, alternatives."""

    characters: npt.NDArray[np.void]
    alternatives: npt.NDArray[np.void]
    sole: npt.NDArray[np.bool_]
    count: npt.NDArray[np.int64]


def best_way(slots: Slots, parser: Parser, tables: Tables, beam: Beam) -> Way:
    """Search all slots, a boundary of the language model before and after them."""
    graph, found = _graph(len(slots.seen)), _found(slots)
    failed = _search(slots, parser, tables, beam, graph, found)
    characters, losses, alternatives = found.count.tolist()
    return Way(found.characters[:characters], found.alternatives[:alternatives], found.sole[:losses], failed)


def _graph(size: int) -> Graph:
    return Graph(
        np.empty(_MOST_NODES, NODE),
        np.empty(_MOST_EDGES, EDGE),
        np.empty(size + 2, np.int32),
        np.zeros(_HASH, BUCKET),
        np.zeros(2, np.int64),
    )


def _found(slots: Slots) -> Found:
    most = 4 * len(slots.seen) + 8
    losses = 2 * int(slots.seen["hole"].sum()) + 2
    return Found(
        np.empty(most, CHARACTER),
        np.empty(min(losses * 256 + 4096, 1 << 24), ALTERNATIVE),
        np.empty(most, np.bool_),
        np.zeros(3, np.int64),
    )


@compiled
def _search(slots: Slots, parser: Parser, tables: Tables, beam: Beam, graph: Graph, found: Found) -> int:
    """Go through the slots; return the one at which nothing parsed any more, −1 where all went well."""
    size = len(slots.seen)
    low, high = _restart(graph, np.int64(0 if beam.switch < np.inf else _DAMAGED), np.uint64(0), 0)
    region, holes = 0, 0
    pruned = False
    for slot in range(size):
        if (high - low) * slots.seen[slot].count > _MOST_EXTENSIONS:
            most = max(_FEWEST, _MOST_EXTENSIONS // slots.seen[slot].count)
            before_it = graph.first_edge[slot - 1] if slot > region else np.int32(0)
            kept = _pruned(graph, parser, before_it, low, high, beam.width, most)
            pruned |= kept < high
            graph.count[0] = high = kept
        graph.first_edge[slot] = graph.count[1]
        low, high = high, _layer(slots, parser, tables, graph, slot, low, high, beam.switch)
        if high == low:
            return slot
        holes = holes + 1 if slots.seen[slot].hole else 0
        full = graph.count[0] > _MOST_NODES // 2 or graph.count[1] > _MOST_EDGES // 2
        if high - low > 1:
            states = 1 if full else beam.states if holes < _LONG_RUN else beam.states // 4
            kept = _pruned(graph, parser, graph.first_edge[slot], low, high, beam.width, states)
            pruned |= kept < high
            graph.count[0] = high = kept
        if high - low == 1:
            _settle(graph, found, region, slot + 1, low, beam.temper, pruned)
            region, pruned = slot + 1, False
            low, high = _restart(graph, graph.nodes[low].pending, graph.nodes[low].context, graph.nodes[low].begun)
    return _end(slots, tables, graph, found, region, low, high, beam, pruned)


@compiled
def _restart(graph: Graph, pending: int, context: np.uint64, begun: int) -> tuple[int, int]:
    """Begin a region with one state."""
    graph.nodes[0].pending, graph.nodes[0].context, graph.nodes[0].begun = pending, context, begun
    graph.nodes[0].best, graph.nodes[0].forward, graph.nodes[0].via = 0.0, 0.0, -1
    graph.count[0], graph.count[1] = 1, 0
    return 0, 1


@compiled
def _layer(
    slots: Slots, parser: Parser, tables: Tables, graph: Graph, slot: int, low: int, high: int, switch: float
) -> int:
    """Extend every state by every option of a slot; return the end of the new nodes."""
    graph.buckets[0].clock += 1  # bucket 0 is never used: its stamp is the clock
    base = graph.count[0]
    for node in range(low, high):
        damaged = graph.nodes[node].pending & _DAMAGED != 0
        if switch < np.inf and not unfinished(graph.nodes[node].pending):
            _leave(slots, tables, graph, slot, node, base, switch if damaged else 0.0)
        if damaged or slots.seen[slot].point >= _ASCII_END:
            _extend(slots, parser, tables, graph, slot, node, base, 0.0 if damaged else switch)
    return graph.count[0]


@compiled
def _leave(slots: Slots, tables: Tables, graph: Graph, slot: int, node: int, base: int, extra: float) -> None:
    """Extend a state by the character as it was seen."""
    point = slots.seen[slot].point
    unit = tables.unit_of[point]
    context = graph.nodes[node].context
    bits = np.float32(cost(tables, context, unit) + extra)
    _join(graph, node, np.int64(0), remembered(tables, push(context, unit)), slot, np.uint64(point), bits, False, base)


@compiled
def _extend(
    slots: Slots, parser: Parser, tables: Tables, graph: Graph, slot: int, node: int, base: int, extra: float
) -> None:
    """Extend a state by every option of a slot that parses."""
    first, count = slots.seen[slot].first, slots.seen[slot].count
    several = slots.seen[slot].hole
    before = graph.nodes[node].pending
    was_guessed = before & GUESSED != 0
    follows = several and slot + 1 < len(slots.seen) and slots.seen[slot + 1].hole
    last, dead = -1, False
    one_pending, one_context = np.int64(0), np.uint64(0)
    one_emitted, one_bits = np.uint64(0), np.float32(0)
    for option in range(first, first + count):
        code, length = np.int64(slots.options[option].code), np.int64(slots.options[option].length)
        byte = (code >> (8 * (length - 1))) & 0xFF
        if byte == last and dead:
            continue
        pending, context, emitted, bits = before, graph.nodes[node].context, np.uint64(0), np.float32(extra)
        stopped = several and slots.joins[((before >> _BYTE) << 8) | byte]
        place = length - 1
        if byte == last:  # options are sorted: the step over the same first byte is taken once
            pending, context, emitted, bits = one_pending, one_context, one_emitted, one_bits
            place -= 1
        while place >= 0 and not stopped:
            pending, context, emitted, bits, stopped = _feed(
                parser, tables, pending, context, emitted, bits, (code >> (8 * place)) & 0xFF
            )
            if place == length - 1:
                one_pending, one_context, one_emitted, one_bits = pending, context, emitted, bits
            place -= 1
        if byte != last:
            last, dead = byte, stopped and place >= length - 2
        if not stopped:
            begun = graph.nodes[node].begun if emitted == 0 and unfinished(before) else slot
            if pending != 0 and (several or (emitted == 0 and was_guessed)):
                pending |= GUESSED
            pending |= _DAMAGED
            if follows and length == 1:
                pending |= (code & 0xFF) << _BYTE
            _join(graph, node, pending, context, begun, emitted, bits, several or was_guessed, base)


@inlined
def _feed(
    parser: Parser,
    tables: Tables,
    pending: int,
    context: np.uint64,
    emitted: np.uint64,
    bits: np.float32,
    byte: int,
) -> tuple[int, np.uint64, np.uint64, np.float32, bool]:
    """Take one byte: the new pending, context, emitted characters and bits, and whether it does not parse."""
    point, after = step(parser, pending, byte)
    if point == INVALID:
        return np.int64(0), context, emitted, bits, True
    if point < 0:
        return np.int64(after), context, emitted, bits, False
    unit = tables.unit_of[point]
    bits = np.float32(bits + cost(tables, context, unit))
    return (
        np.int64(0),
        remembered(tables, push(context, unit)),
        (emitted << np.uint64(_BITS)) | np.uint64(point),
        bits,
        False,
    )


@inlined
def remembered(tables: Tables, context: np.uint64) -> np.uint64:
    """Return a context without the units that the model does not look at after the others: fewer states, same costs."""
    last = context & np.uint64(0xFFFF)
    two = slot_of(tables.slots, context & np.uint64(0xFFFFFFFF), np.uint64(2))
    if not is_context(two):
        return (_FORGOTTEN << np.uint64(16)) | last if context else context
    three = slot_of(tables.slots, context, np.uint64(3))
    if context > np.uint64(0xFFFFFFFF) and not is_context(three):
        return (_FORGOTTEN << np.uint64(32)) | (context & np.uint64(0xFFFFFFFF))
    return context


@inlined
def _join(
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
    if edge >= _MOST_EDGES:
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
            if graph.count[0] >= _MOST_NODES:
                return -1
            graph.buckets[slot].clock, graph.buckets[slot].node = clock, graph.count[0]
            return graph.count[0]
        node = graph.buckets[slot].node
        if node >= base and graph.nodes[node].context == context and graph.nodes[node].pending == pending:
            return node
        slot = slot + 1 if slot + 1 < _HASH else 1
    return -1


@compiled
def _pruned(graph: Graph, parser: Parser, first_edge: int, low: int, high: int, width: float, states: int) -> int:
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
            _join(graph, node, np.int64(0), np.uint64(0), size, np.uint64(0), bits, False, base)
    if graph.count[0] == base:
        return max(size - 1, 0)
    _settle(graph, found, region, size + 1, base, beam.temper, pruned)
    return -1


@compiled
def _settle(graph: Graph, found: Found, region: int, end: int, node: int, temper: float, pruned: bool) -> None:
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
    group = -1 if graph.nodes[target].pending & _DAMAGED != 0 or unfinished(graph.nodes[source].pending) else LEFT
    if graph.edges[edge].guessed:
        group = found.count[1]
        found.count[1] += 1
        found.sole[group] = _alternatives(graph, found, edge, slot, end, temper, several, pruned)
    text = graph.edges[edge].emitted
    characters = 1 + (text >> np.uint64(_BITS) != 0) + (text >> np.uint64(2 * _BITS) != 0)
    start = graph.nodes[source].begun if unfinished(graph.nodes[source].pending) else slot
    for character in range(characters):
        n = found.count[0]
        shift = np.uint64(_BITS * (characters - 1 - character))
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
