"""How a state goes on: by a character as it was seen, or by every option of a slot that parses."""

import numpy as np

from repair.compiled import compiled, inlined
from repair.language.kernel import _is_context as is_context
from repair.language.kernel import cost, push
from repair.language.kernel import slot as slot_of
from repair.language.tables import Tables
from repair.lattice.graph import DAMAGED, Graph, join
from repair.lattice.parser import GUESSED, INVALID, Parser, step, unfinished
from repair.lattice.settling import BITS
from repair.lattice.slots import Slots

_BYTE = 33  # in a pending word, from this bit on: the byte guessed last, where another guess follows at once
_ASCII_END = 0x80
_FORGOTTEN = np.uint64(0xFFFF)  # no unit: nothing is known to follow it


@compiled
def layer(
    slots: Slots, parser: Parser, tables: Tables, graph: Graph, slot: int, low: int, high: int, switch: float
) -> int:
    """Extend every state by every option of a slot; return the end of the new nodes."""
    graph.buckets[0].clock += 1  # bucket 0 is never used: its stamp is the clock
    base = graph.count[0]
    for node in range(low, high):
        damaged = graph.nodes[node].pending & DAMAGED != 0
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
    join(graph, node, np.int64(0), remembered(tables, push(context, unit)), slot, np.uint64(point), bits, False, base)


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
            pending |= DAMAGED
            if follows and length == 1:
                pending |= (code & 0xFF) << _BYTE
            join(graph, node, pending, context, begun, emitted, bits, several or was_guessed, base)


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
        (emitted << np.uint64(BITS)) | np.uint64(point),
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
