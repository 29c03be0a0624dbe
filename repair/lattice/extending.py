"""How a state goes on: by a character as it was seen, or by every option of a slot that parses."""

import numpy as np

from repair.compiled import borrowing, inlined
from repair.language.kernel import taken
from repair.language.tables import Tables
from repair.lattice.found import BITS
from repair.lattice.graph import DAMAGED, Graph, begin_layer, join
from repair.lattice.parser import GUESSED, INVALID, Parser, step, unfinished
from repair.lattice.slots import Slots

_BYTE = 33  # in a pending word, from this bit on: the byte guessed last, where another guess follows at once
_ASCII_END = 0x80


@borrowing
def layer(
    slots: Slots,
    parser: Parser,
    tables: Tables,
    graph: Graph,
    slot: int,
    low: int,
    high: int,
    switch: float,
    width: float,
) -> None:
    """Extend every state by every option of a slot; the new states lie behind the others."""
    begin_layer(graph, (high - low) * (slots.seen[slot].count + 1))
    base = np.int64(graph.status[0].nodes)
    for node in range(low, high):
        damaged = graph.nodes[node].pending & DAMAGED != 0
        if switch < np.inf and not unfinished(graph.nodes[node].pending):
            _leave(slots, tables, graph, slot, node, base, switch if damaged else 0.0, width)
        if damaged or slots.seen[slot].point >= _ASCII_END:
            extra = 0.0 if damaged else switch
            if slots.seen[slot].hole:
                _guess(slots, parser, tables, graph, slot, node, base, extra, width)
            elif slots.seen[slot].count:
                _read(slots, parser, tables, graph, slot, node, base, extra, width)


@borrowing
def _leave(
    slots: Slots, tables: Tables, graph: Graph, slot: int, node: int, base: int, extra: float, width: float
) -> None:
    """Extend a state by the character as it was seen."""
    point = slots.seen[slot].point
    more, after = taken(tables, graph.nodes[node].context, tables.unit_of[point])
    bits = np.float32(more + extra)
    join(graph, node, np.int64(0), after, slot, np.uint64(point), bits, False, base, width)


@borrowing
def _read(
    slots: Slots,
    parser: Parser,
    tables: Tables,
    graph: Graph,
    slot: int,
    node: int,
    base: int,
    extra: float,
    width: float,
) -> None:
    """Extend a state by the bytes of a character that survived."""
    code, length = np.int64(slots.seen[slot].code), np.int64(slots.seen[slot].length)
    before = graph.nodes[node].pending
    pending, context, emitted, bits = before, graph.nodes[node].context, np.uint64(0), np.float32(extra)
    for place in range(length - 1, -1, -1):
        pending, context, emitted, bits, stopped = _feed(
            parser, tables, pending, context, emitted, bits, (code >> (8 * place)) & 0xFF
        )
        if stopped:
            return
    guessed = before & GUESSED != 0
    begun = np.int64(graph.nodes[node].begun) if emitted == 0 and unfinished(before) else np.int64(slot)
    if pending != 0 and emitted == 0 and guessed:
        pending |= GUESSED
    join(graph, node, pending | DAMAGED, context, begun, emitted, bits, guessed, base, width)


@borrowing
def _guess(
    slots: Slots,
    parser: Parser,
    tables: Tables,
    graph: Graph,
    slot: int,
    node: int,
    base: int,
    extra: float,
    width: float,
) -> None:
    """Extend a state by every option of a slot that parses."""
    first, count = slots.seen[slot].first, slots.seen[slot].count
    before = graph.nodes[node].pending
    follows = slot + 1 < len(slots.seen) and slots.seen[slot + 1].hole
    last, dead = -1, False
    one_pending, one_context = np.int64(0), np.uint64(0)
    one_emitted, one_bits = np.uint64(0), np.float32(0)
    for option in range(first, first + count):
        code, length = np.int64(slots.options[option].code), np.int64(slots.options[option].length)
        byte = (code >> (8 * (length - 1))) & 0xFF
        if byte == last and dead:
            continue
        pending, context, emitted, bits = before, graph.nodes[node].context, np.uint64(0), np.float32(extra)
        stopped = slots.joins[((before >> _BYTE) << 8) | byte]
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
            begun = np.int64(graph.nodes[node].begun) if emitted == 0 and unfinished(before) else np.int64(slot)
            if pending != 0:
                pending |= GUESSED
            pending |= DAMAGED
            if follows and length == 1:
                pending |= (code & 0xFF) << _BYTE
            join(graph, node, pending, context, begun, emitted, bits, True, base, width)


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
    more, after_it = taken(tables, context, tables.unit_of[point])
    bits = np.float32(bits + more)
    return np.int64(0), after_it, (emitted << np.uint64(BITS)) | np.uint64(point), bits, False
