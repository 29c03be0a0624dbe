"""Loops over lines that lost bytes: what changed in each, how sure each place is, and the text as it is delivered.

The same cuts, slices and grades as `repair.edits` has for one text.
"""
# ruff: noqa: SIM110 - compiled code has no generators

import numpy as np
import numpy.typing as npt

from repair.columns.kernel import Offsets
from repair.compiled import borrowing, compiled
from repair.lattice.batch import Ways
from repair.rereading.judging import Seen
from repair.rereading.kernel import Points

EXACT, UNIQUE, LIKELY, LOST = 0, 1, 2, 3
PLACE = np.dtype(
    [
        ("start", np.int64),
        ("end", np.int64),
        ("text_from", np.int64),
        ("text_to", np.int64),
        ("seen_from", np.int64),
        ("seen_to", np.int64),
        ("guess_from", np.int64),
        ("guess_to", np.int64),
        ("loss", np.int64),
        ("grade", np.int64),
    ],
    align=True,
)
"""A place that changed or is lost: where in its text, in characters; which of the points delivered, of those seen, and
of the characters found; the number of its loss, -1 for none; the grade."""
_REPLACED = np.uint32(0xFFFD)
_ASCII, _PRIVATE, _PRIVATE_END = np.uint32(0x80), np.uint32(0xE000), np.uint32(0xF8FF)


@compiled
def plain(seen: Seen, ways: Ways, rows: Offsets, probability: float) -> npt.NDArray[np.bool_]:
    """Say of each line, found in the line ``rows[i]`` of ``ways``, whether its edits follow from its slices.

    They do not where a loss of several characters is to be divided, a mark of loss is part of the text, or most of what
    is beyond ASCII is private use.
    """
    found = np.ones(len(rows), np.bool_)
    for number in range(len(rows)):
        line, after = ways.lines[rows[number]], ways.lines[rows[number] + 1]
        for at in range(line.loss, after.loss):
            loss = ways.losses[at]
            long = loss.end - loss.start > 1
            found[number] &= not (long and not loss.sole and ways.alternatives[loss.first].share < probability)
        for at in range(line.character, after.character):
            found[number] &= ways.characters[at].point != _REPLACED
        beyond, private = 0, 0
        for at in range(seen.spans[number, 0], seen.spans[number, 1]):
            beyond += seen.points[at] >= _ASCII
            private += _PRIVATE <= seen.points[at] <= _PRIVATE_END
        found[number] &= 2 * private <= beyond
    return found


@compiled
def places(
    seen: Seen, ways: Ways, rows: Offsets, probability: float, delivered: Points, out: npt.NDArray[np.void]
) -> tuple[Offsets, Offsets]:
    """Write what is delivered of each line, and its places (`PLACE`); return the offsets of both."""
    text_ends, ends = np.zeros(len(rows) + 1, np.int64), np.zeros(len(rows) + 1, np.int64)
    for number in range(len(rows)):
        span = seen.spans[number, 0], seen.spans[number, 1]
        text_ends[number + 1], ends[number + 1] = _places_of(
            seen.points, span, ways, rows[number], probability, delivered, text_ends[number], out, ends[number]
        )
    return text_ends, ends


@borrowing
def _places_of(
    points: Points,
    span: tuple[int, int],
    ways: Ways,
    row: int,
    probability: float,
    delivered: Points,
    begin: int,
    out: npt.NDArray[np.void],
    count: int,
) -> tuple[int, int]:
    """Write one line; return the ends of what is delivered and of its places.

    A place is a run of slices between cuts that differ from what was seen, divided at the losses in it.
    """
    line = np.int64(ways.lines[row].character), np.int64(ways.lines[row + 1].character)
    loss, losses_end = np.int64(ways.lines[row].loss), np.int64(ways.lines[row + 1].loss)
    at, running = begin, False
    start = line[0]
    while start < line[1]:
        end = start + 1
        while not _is_cut(ways, line, end):
            end += 1
        seen_start, seen_end = _seen_at(ways, line, span, start), _seen_at(ways, line, span, end)
        if _alike(points, seen_start, seen_end, ways, start, end):
            while loss < losses_end and ways.losses[loss].start < end:
                loss += 1
            at = _deliver(ways, start, end, delivered, at)
            start, running = end, False
            continue
        while start < end:
            own, stop = _next(ways, loss, losses_end, start, end)
            loss += own >= 0
            grade = _grade(ways, own, probability)
            if running and own < 0 and out[count - 1].loss < 0:
                count -= 1  # goes on from the slice before
            else:
                out[count].start, out[count].text_from, out[count].guess_from = at - begin, at, start
                out[count].seen_from, out[count].loss, out[count].grade = _between(ways, line, span, start), own, grade
            out[count].guess_to, out[count].seen_to = stop, _between(ways, line, span, stop)
            if grade == LOST:
                at = _leave(points, out[count].seen_from, out[count].seen_to, delivered, at)
            else:
                at = _deliver(ways, start, stop, delivered, at)
            out[count].end, out[count].text_to = at - begin, at
            count, start, running = count + 1, stop, True
    return at, count


@borrowing
def _next(ways: Ways, loss: int, losses_end: int, start: int, end: int) -> tuple[int, int]:
    """Return the loss that begins at ``start``, -1 for none, and where it ends, or the stretch before the next one."""
    if loss == losses_end or ways.losses[loss].start >= end:
        return np.int64(-1), end
    if ways.losses[loss].start > start:
        return np.int64(-1), np.int64(ways.losses[loss].start)
    return np.int64(loss), np.int64(ways.losses[loss].end)


@borrowing
def _grade(ways: Ways, loss: int, probability: float) -> int:
    if loss < 0:
        return EXACT
    if ways.losses[loss].sole:
        return UNIQUE
    return LIKELY if ways.alternatives[ways.losses[loss].first].share >= probability else LOST


@borrowing
def _deliver(ways: Ways, start: int, end: int, delivered: Points, at: int) -> int:
    for character in range(start, end):
        delivered[at] = ways.characters[character].point
        at += 1
    return at


@borrowing
def _leave(points: Points, start: int, end: int, delivered: Points, at: int) -> int:
    for position in range(start, end):
        delivered[at] = points[position]
        at += 1
    return at


@borrowing
def _is_cut(ways: Ways, line: tuple[int, int], at: int) -> bool:
    """Say whether a character begins where one of what was seen does."""
    if at == line[0] or at == line[1]:
        return True
    return ways.characters[at].start >= ways.characters[at - 1].end


@borrowing
def _seen_at(ways: Ways, line: tuple[int, int], span: tuple[int, int], cut: int) -> int:
    """Return where a cut lies in what was seen."""
    if cut == line[0]:
        return span[0]
    return span[1] if cut == line[1] else span[0] + ways.characters[cut].start


@borrowing
def _between(ways: Ways, line: tuple[int, int], span: tuple[int, int], bound: int) -> int:
    """Return where a bound lies in what was seen: at a cut, or in proportion between its neighbours."""
    low, high = bound, bound
    while not _is_cut(ways, line, low):
        low -= 1
    if low == bound:
        return _seen_at(ways, line, span, bound)
    while not _is_cut(ways, line, high):
        high += 1
    seen_low, seen_high = _seen_at(ways, line, span, low), _seen_at(ways, line, span, high)
    return seen_low + (bound - low) * (seen_high - seen_low) // (high - low)


@borrowing
def _alike(points: Points, low: int, high: int, ways: Ways, start: int, end: int) -> bool:
    if high - low != end - start:
        return False
    for offset in range(end - start):
        if points[low + offset] != ways.characters[start + offset].point:
            return False
    return True


@compiled
def weakest(ends: Offsets, grades: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the weakest grade of each line, whose places are ``grades[ends[i]:ends[i + 1]]``."""
    found = np.zeros(len(ends) - 1, np.int64)
    for row in range(len(found)):
        for at in range(ends[row], ends[row + 1]):
            found[row] = max(found[row], grades[at])
    return found
