"""What of a line a misreading explains, given that some characters of it are lost: a bound, found in one pass.

A mark hides one byte or two, as the habit of the decoder has it; what is lost is taken to cost nothing. So a channel
explains a line at most so well, and one that explains less than another, or cannot have left so many bytes between two
marks, need not be searched.
"""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.language.kernel import carried, cost, push
from repair.lattice.parser import INVALID, UTF_8, Parser, step, unfinished
from repair.rereading.kernel import MIX, START, Language, Points, code_of, rough_bits, width
from repair.rereading.tables import ABSENT, Misreadings

STATE = np.dtype([("pending", np.int64), ("context", np.uint64), ("gain", np.float64)], align=True)
"""A reading so far: the bytes of its unfinished character, what the model remembers, and the bits gained."""
States = npt.NDArray[np.void]
STATES = 12
"""Readings of a line at once: they differ by the bytes of an unfinished character, so there are few."""
_HIDDEN = 1 << 40
"""Pending with this bit: some bytes of the character are not known; the low bits say how many are still to come."""
_LONGEST = 3
"""Bytes that may follow the first of a character."""
_SPARE = 2
"""The side on which readings are made that are then added to others."""
_FIRST_TRAIL = 0x30
_END = np.uint32(0xFFFFFFFF)
"""Follows the last character."""
_ABSENT, _ASCII = np.uint32(ABSENT), np.uint32(0x80)
_EURO, _EURO_BYTE = np.uint32(0x20AC), np.uint32(0x80)


@compiled
def gains_of_wholes(
    points: Points,
    spans: npt.NDArray[np.int64],
    known: Misreadings,
    language: Language,
    gains: npt.NDArray[np.float64],
    bits: npt.NDArray[np.float64],
) -> None:
    """Fill in the most bits that each line gains where each channel is to explain all of it: [lines, channels].

    Minus infinity where it cannot, or left no sign of loss. Where any did, ``bits`` are what the line costs as it
    stands, a boundary at both ends.
    """
    states = np.empty((3, STATES), STATE)
    for line in range(len(spans)):
        span = spans[line, 0], spans[line, 1]
        seen = np.empty(span[1] - span[0], np.float32)
        counted = False
        for channel in range(len(known.channels)):
            gains[line, channel] = -np.inf
            if _leaves_a_sign(points, span, known, channel):
                if not counted:
                    bits[line] = _count(points, span, language, seen)
                    counted = True
                gains[line, channel] = _most(points, span, seen, known, channel, language, states, (True, True))


@compiled
def gains_of_stretches(
    points: Points,
    spans: npt.NDArray[np.int64],
    known: Misreadings,
    language: Language,
    least: float,
    gains: npt.NDArray[np.float64],
) -> None:
    """Fill in the most bits that a stretch of each line gains by each channel: [lines, channels].

    0 where none gains. Each character is counted by itself, and by the model where that comes to more than ``least``.
    """
    states = np.empty((3, STATES), STATE)
    readable = np.empty(len(known.writers.astral), np.bool_)
    bytes_, alike = np.empty(len(readable), np.uint64), np.empty(len(readable), np.int64)
    for line in range(len(spans)):
        span = spans[line, 0], spans[line, 1]
        rough, seen = np.empty(span[1] - span[0], np.float32), np.empty(span[1] - span[0], np.float32)
        for at in range(span[0], span[1]):
            rough[at - span[0]] = rough_bits(language, points[at])
        counted = False
        _find_readable(points, span, known, readable)
        _find_alike(points, span, known, readable, bytes_, alike)
        for channel in range(len(known.channels)):
            row = known.channels[channel]
            gains[line, channel] = 0
            same = known.numbers[alike[row.wrong], row.original]
            if row.mark == 0 and 0 <= same < channel:
                gains[line, channel] = gains[line, same]
            elif readable[row.wrong] and (row.mark == 0 or _leaves_a_sign(points, span, known, channel)):
                gain = _most(points, span, rough, known, channel, language, states, (False, False))
                if gain > least:
                    if not counted:
                        _count(points, span, language, seen)
                        counted = True
                    gain = _most(points, span, seen, known, channel, language, states, (False, True))
                gains[line, channel] = gain


@borrowing
def _count(points: Points, span: tuple[int, int], language: Language, seen: npt.NDArray[np.float32]) -> float:
    """Fill in what each character of a line costs as it stands; return what all do, a boundary at both ends."""
    tables = language.tables
    context, precedes, total = np.uint64(0), np.uint32(0), 0.0
    for at in range(span[0], span[1]):
        bits, context, precedes = carried(tables, context, tables.unit_of[points[at]], precedes)
        seen[at - span[0]] = bits
        total += bits
    return total + cost(tables, context, np.uint16(0))


@borrowing
def _find_readable(points: Points, span: tuple[int, int], known: Misreadings, readable: npt.NDArray[np.bool_]) -> None:
    """Say of each wrong encoding whether it has two near characters of a line beyond ASCII: fewer gain too little.

    Between them may be one of ASCII, because trail bytes may be.
    """
    for wrong in range(len(readable)):
        readable[wrong] = False
        last = span[0] - 3
        for at in range(span[0], span[1]):
            if points[at] >= _ASCII and code_of(known.writers, wrong, points[at]) != _ABSENT:
                if at - last <= 2:
                    readable[wrong] = True
                    break
                last = at


@borrowing
def _find_alike(
    points: Points,
    span: tuple[int, int],
    known: Misreadings,
    readable: npt.NDArray[np.bool_],
    bytes_: npt.NDArray[np.uint64],
    alike: npt.NDArray[np.int64],
) -> None:
    """Say of each wrong encoding which is the first that reads the same bytes as a line, as GBK and GB18030 do."""
    for wrong in range(len(readable)):
        alike[wrong] = wrong
        bytes_[wrong] = START
        if readable[wrong]:
            for at in range(span[0], span[1]):
                bytes_[wrong] = (bytes_[wrong] ^ np.uint64(code_of(known.writers, wrong, points[at]))) * MIX
            for other in range(wrong - 1, -1, -1):
                if readable[other] and bytes_[other] == bytes_[wrong]:
                    alike[wrong] = other


@borrowing
def _bits(language: Language, exactly: bool, context: np.uint64, point: np.uint32) -> tuple[np.float32, np.uint64]:
    """Return what a character costs, by the model or by itself, and what the model then remembers."""
    if not exactly:
        return rough_bits(language, point), context
    unit = language.tables.unit_of[point]
    return cost(language.tables, context, unit), push(context, unit)


@borrowing
def _leaves_a_sign(points: Points, span: tuple[int, int], known: Misreadings, channel: int) -> bool:
    mark, wrong = known.channels[channel].mark, known.channels[channel].wrong
    for at in range(span[0], span[1]):
        if points[at] == mark or (points[at] < np.uint32(0x10000) and known.writers.several[points[at], wrong]):
            return True
    return False


@borrowing
def _most(
    points: Points,
    span: tuple[int, int],
    seen: npt.NDArray[np.float32],
    known: Misreadings,
    channel: int,
    language: Language,
    states: States,
    how: tuple[bool, bool],
) -> float:
    """Return the most bits that a channel gains in a line; ``how``: in the whole of it, asking the model."""
    whole, exactly = how
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
        if row.mark != 0 and point == row.mark:
            following = points[at + 1] if at + 1 < span[1] else _END
            side, count = _hide(states, side, count, parser.kind, _hidden(known, channel, following), point < _ASCII)
        elif _open(known, channel, point):
            side, count = _forget(states, side, count, parser.kind)
        else:
            code = _EURO_BYTE if row.euro and point == _EURO else code_of(known.writers, row.wrong, point)
            side, count = (side, 0) if code == _ABSENT else _feed(states, side, count, parser, language, code, exactly)
        if not whole:
            most = max(most, _settled(states, side, count))
            count = _without_losers(states, side, count)
    return _settled(states, side, count) if whole else most


@borrowing
def _open(known: Misreadings, channel: int, point: np.uint32) -> bool:
    """Say whether a character may stand for bytes that the table does not tell."""
    return point < np.uint32(0x10000) and known.writers.several[point, known.channels[channel].wrong]


@borrowing
def _hidden(known: Misreadings, channel: int, following: np.uint32) -> tuple[bool, bool, bool]:
    """Say whether one byte may be hidden at a mark before ``following``, whether two, and whether one may be ASCII."""
    row = known.channels[channel]
    if following == _END:
        one = True
    elif following == row.mark:
        one = row.before_ascii == 1 or row.before_other == 1
    else:
        one = (row.before_ascii if following < _ASCII else row.before_other) == 1
    return one, row.before_ascii == 2 or row.before_other == 2, row.before_ascii == 2


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
def _hide(
    states: States, side: int, count: int, kind: int, hidden: tuple[bool, bool, bool], written: bool
) -> tuple[int, int]:
    """Go on behind a mark that hides bytes; where a mark may also be ``written``, it may hide none."""
    one, two, low = hidden
    first = _hide_byte(states, side, count, 1 - side, 0, kind, False)
    new = first
    if two:
        new = _hide_byte(states, 1 - side, first, _SPARE, 0, kind, low)
        new = _moved(states, _SPARE, new, 1 - side, first if one else 0)
    if written:
        for state in range(count):
            if not unfinished(states[side, state].pending):
                new = _add(states, 1 - side, new, np.int64(0), np.uint64(0), states[side, state].gain)
    return 1 - side, new


@borrowing
def _moved(states: States, side: int, count: int, to: int, new: int) -> int:
    """Add readings to those of another side; return how many are there."""
    for state in range(count):
        pending, context, gain = states[side, state].pending, states[side, state].context, states[side, state].gain
        new = _add(states, to, new, pending, context, gain)
    return new


@borrowing
def _hide_byte(states: States, side: int, count: int, to: int, new: int, kind: int, low: bool) -> int:
    """Take one byte that is not known, ``low``: it may be ASCII; return how many readings there are then."""
    for state in range(count):
        pending, gain = states[side, state].pending, states[side, state].gain
        if unfinished(pending) or pending >= _HIDDEN:
            missing = _missing(pending, kind) - 1
            new = _add(states, to, new, _HIDDEN + missing if missing > 0 else np.int64(0), np.uint64(0), gain)
        else:
            for missing in range(1, 1 + (_LONGEST if kind == UTF_8 else 1)):
                new = _add(states, to, new, np.int64(_HIDDEN + missing), np.uint64(0), gain)
            if low:
                new = _add(states, to, new, np.int64(0), np.uint64(0), gain)
    return new


@borrowing
def _missing(pending: int, kind: int) -> int:
    """Return how many bytes of an unfinished character are still to come."""
    if pending >= _HIDDEN:
        return pending - _HIDDEN
    return (pending >> 24) & 3 if kind == UTF_8 else 1


@borrowing
def _forget(states: States, side: int, count: int, kind: int) -> tuple[int, int]:
    """Go on from a character whose bytes may be any."""
    best = states[side, 0].gain
    for state in range(1, count):
        best = max(best, states[side, state].gain)
    new = _add(states, 1 - side, 0, np.int64(0), np.uint64(0), best)
    for missing in range(1, 1 + (_LONGEST if kind == UTF_8 else 1)):
        new = _add(states, 1 - side, new, np.int64(_HIDDEN + missing), np.uint64(0), best)
    return 1 - side, new


@borrowing
def _feed(
    states: States, side: int, count: int, parser: Parser, language: Language, code: np.uint32, exactly: bool
) -> tuple[int, int]:
    """Take the bytes of one character in all readings; return on which side they are now, and how many."""
    for place in range(width(code) - 1, -1, -1):
        byte = np.int64(code >> np.uint32(8 * place)) & 0xFF
        new = 0
        for state in range(count):
            pending, context, gain = states[side, state].pending, states[side, state].context, states[side, state].gain
            if pending >= _HIDDEN:
                if byte & 0xC0 == 0x80 if parser.kind == UTF_8 else byte >= _FIRST_TRAIL:
                    missing = pending - _HIDDEN - 1
                    pending = _HIDDEN + missing if missing > 0 else np.int64(0)
                    new = _add(states, 1 - side, new, pending, np.uint64(0), gain)
                continue
            point, pending = step(parser, pending, byte)
            if point == INVALID:
                continue
            if point >= 0:
                bits, context = _bits(language, exactly, context, point)
                gain -= bits
            new = _add(states, 1 - side, new, np.int64(pending), context, gain)
        side, count = 1 - side, new
    return side, count


@borrowing
def _settled(states: States, side: int, count: int) -> float:
    """Return the best reading that is not in the middle of a character."""
    best = -np.inf
    for state in range(count):
        if states[side, state].pending == 0:
            best = max(best, states[side, state].gain)
    return best


@borrowing
def _without_losers(states: States, side: int, count: int) -> int:
    """Drop readings that a new one, begun here, is better than."""
    kept = 0
    for state in range(count):
        pending, gain = states[side, state].pending, states[side, state].gain
        if gain >= 0 or pending != 0:
            kept = _add(states, side, kept, pending, states[side, state].context, gain)
    return kept
