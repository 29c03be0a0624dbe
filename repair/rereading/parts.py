"""What of a line a misreading explains, given that some characters of it are lost: a bound, found in one pass.

A mark hides bytes, after which the reading may go on anywhere in a character; what is lost is taken to cost nothing. So
a channel explains a line at most so well, and one that explains less than another, or nothing, need not be searched.
"""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.language import Tables
from repair.language.kernel import cost, push
from repair.lattice.parser import INVALID, UTF_8, Parser, step, unfinished
from repair.rereading.kernel import Points, code_of, width
from repair.rereading.tables import ABSENT, Misreadings

STATE = np.dtype([("pending", np.int64), ("context", np.uint64), ("gain", np.float64)], align=True)
"""A reading so far: the bytes of its unfinished character, what the model remembers, and the bits gained."""
States = npt.NDArray[np.void]
STATES = 12
"""Readings of a line at once: they differ by the bytes of an unfinished character, so there are few."""
_ANYWHERE = 1 << 40
"""Pending after bytes that nobody knows: the next may be anywhere in a character."""
_FIRST_TRAIL = 0x30
_ABSENT, _ASCII = np.uint32(ABSENT), np.uint32(0x80)
_EURO, _EURO_BYTE = np.uint32(0x20AC), np.uint32(0x80)
_PRIVATE, _PRIVATE_END = np.uint32(0xE000), np.uint32(0xF8FF)


@compiled
def gains_in_parts(
    points: Points,
    spans: npt.NDArray[np.int64],
    known: Misreadings,
    tables: Tables,
    whole: bool,
    gains: npt.NDArray[np.float64],
) -> None:
    """Fill in, for each line and channel, the most bits gained: float64[lines, channels].

    ``whole``: where the channel is to explain the whole line and left a sign of loss, minus infinity where it cannot;
    else that of the best stretch, 0 where none gains.
    """
    states = np.empty((2, STATES), STATE)
    for line in range(len(spans)):
        start, end = spans[line, 0], spans[line, 1]
        seen = np.empty(end - start, np.float32)
        context = np.uint64(0)
        for at in range(start, end):
            unit = tables.unit_of[points[at]]
            seen[at - start] = cost(tables, context, unit)
            context = push(context, unit)
        for channel in range(len(known.channels)):
            sign = known.channels[channel].mark == 0 or _leaves_a_sign(points, start, end, known, channel)
            gains[line, channel] = (
                _most(points, (start, end), seen, known, channel, tables, states, whole) if sign else -np.inf
            )


@borrowing
def _leaves_a_sign(points: Points, start: int, end: int, known: Misreadings, channel: int) -> bool:
    mark, wrong = known.channels[channel].mark, known.channels[channel].wrong
    for at in range(start, end):
        if points[at] == mark or (points[at] < np.uint32(0x10000) and known.writers.several[wrong, points[at]]):
            return True
    return False


@borrowing
def _most(
    points: Points,
    span: tuple[int, int],
    seen: npt.NDArray[np.float32],
    known: Misreadings,
    channel: int,
    tables: Tables,
    states: States,
    whole: bool,
) -> float:
    """Return the most bits that a channel gains in a line; see `gains_in_parts`."""
    row = known.channels[channel]
    parser = known.parsers[row.original]
    side, count, most = 0, 0, 0.0
    if whole:
        count = _add(states, side, count, np.int64(0), np.uint64(0), 0.0)
    for at in range(span[0], span[1]):
        point = points[at]
        if not whole and point >= _ASCII:
            count = _add(states, side, count, np.int64(0), np.uint64(0), 0.0)
        if count == 0:
            if whole:
                return -np.inf
            continue
        for state in range(count):
            states[side, state].gain += seen[at - span[0]]
        if _lost(known, channel, point):
            count = _forget(states, side, count)
        else:
            code = _EURO_BYTE if row.euro and point == _EURO else code_of(known.writers, row.wrong, point)
            side, count = (side, 0) if code == _ABSENT else _feed(states, side, count, parser, tables, code)
        if not whole:
            most = max(most, _settled(states, side, count))
            count = _without_losers(states, side, count)
    return _settled(states, side, count) if whole else most


@borrowing
def _lost(known: Misreadings, channel: int, point: np.uint32) -> bool:
    """Say whether it is not known which bytes a character stands for."""
    row = known.channels[channel]
    if row.mark != 0 and point == row.mark:
        return True
    if row.private and _PRIVATE <= point <= _PRIVATE_END:
        return True
    return point < np.uint32(0x10000) and known.writers.several[row.wrong, point]


@borrowing
def _add(states: States, side: int, count: int, pending: int, context: np.uint64, gain: float) -> int:
    """Add a reading, the better one of two with the same unfinished character; return how many there are."""
    at = 0
    while at < count and states[side, at].pending != pending:
        at += 1
    if at == STATES:
        return count
    if at == count or states[side, at].gain < gain:
        states[side, at].pending, states[side, at].context, states[side, at].gain = pending, context, gain
    return max(count, at + 1)


@borrowing
def _forget(states: States, side: int, count: int) -> int:
    """Go on from a place where bytes are lost."""
    best = states[side, 0].gain
    for state in range(1, count):
        best = max(best, states[side, state].gain)
    return _add(states, side, 0, np.int64(_ANYWHERE), np.uint64(0), best)


@borrowing
def _feed(states: States, side: int, count: int, parser: Parser, tables: Tables, code: np.uint32) -> tuple[int, int]:
    """Take the bytes of one character in all readings; return on which side they are now, and how many."""
    for place in range(width(code) - 1, -1, -1):
        byte = np.int64(code >> np.uint32(8 * place)) & 0xFF
        new = 0
        for state in range(count):
            pending, context, gain = states[side, state].pending, states[side, state].context, states[side, state].gain
            if pending == _ANYWHERE:
                pending = np.int64(0)
                if parser.kind == UTF_8 and byte & 0xC0 == 0x80:
                    new = _add(states, 1 - side, new, np.int64(_ANYWHERE), context, gain)
                elif parser.kind != UTF_8 and byte >= _FIRST_TRAIL:
                    new = _add(states, 1 - side, new, np.int64(0), context, gain)
            point, pending = step(parser, pending, byte)
            if point == INVALID:
                continue
            if point >= 0:
                unit = tables.unit_of[point]
                gain -= cost(tables, context, unit)
                context = push(context, unit)
            new = _add(states, 1 - side, new, np.int64(pending), context, gain)
        side, count = 1 - side, new
    return side, count


@borrowing
def _settled(states: States, side: int, count: int) -> float:
    """Return the best reading that is not in the middle of a character."""
    best = -np.inf
    for state in range(count):
        if states[side, state].pending == _ANYWHERE or not unfinished(states[side, state].pending):
            best = max(best, states[side, state].gain)
    return best


@borrowing
def _without_losers(states: States, side: int, count: int) -> int:
    """Drop readings that a new one, begun here, is better than."""
    kept = 0
    for state in range(count):
        pending, gain = states[side, state].pending, states[side, state].gain
        if gain >= 0 or (pending != _ANYWHERE and unfinished(pending)):
            kept = _add(states, side, kept, pending, states[side, state].context, gain)
    return kept
