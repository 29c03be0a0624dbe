"""Loops over the buffers of columns: characters out of UTF-8, which slices of a line changed, bytes put together."""
# ruff: noqa: SIM110 - compiled code has no generators

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.lattice.parser import Parser, step, unfinished
from repair.rereading.judging import holds
from repair.rereading.kernel import Points, code_of, width
from repair.rereading.tables import Misreadings, Writers
from repair.triage.utf8 import Bytes, code_point
from repair.triage.utf8 import width as width_in_utf8

Offsets = npt.NDArray[np.int64]
SLICE = np.dtype(
    [
        ("start", np.int64),
        ("end", np.int64),
        ("text_from", np.int64),
        ("text_to", np.int64),
        ("seen_from", np.int64),
        ("seen_to", np.int64),
    ],
    align=True,
)
"""A slice of a text that differs from what was seen: where in its text, in characters, and which bytes of the buffers
of texts and of what was seen."""


@compiled
def characters(data: Bytes, offsets: Offsets, points: Points) -> Offsets:
    """Write the code points of the values ``data[offsets[i]:offsets[i + 1]]`` to ``points``; return their offsets."""
    starts = np.zeros(len(offsets), np.int64)
    count = 0
    for row in range(len(offsets) - 1):
        at, end = offsets[row], offsets[row + 1]
        while at < end:
            points[count] = code_point(data, at, end)
            at += width_in_utf8(data[at])
            count += 1
        starts[row + 1] = count
    return starts


@compiled
def distinct_reach(points: Points, starts: Offsets, scripts: Points, least: int) -> npt.NDArray[np.bool_]:
    """Say of each value whether it holds ``least`` distinct characters of the ``scripts`` [n, first and last]."""
    found = np.zeros(len(starts) - 1, np.bool_)
    known = np.zeros(least + 1, np.uint32)
    for row in range(len(found)):
        count = 0
        for at in range(starts[row], starts[row + 1]):
            if count < least and _is_of(points[at], scripts) and not holds(known, count, points[at]):
                known[count] = points[at]
                count += 1
        found[row] = count >= least
    return found


@borrowing
def _is_of(point: np.uint32, scripts: Points) -> bool:
    for script in range(len(scripts)):
        if scripts[script, 0] <= point <= scripts[script, 1]:
            return True
    return False


@compiled
def changed_slices(
    seen: tuple[Points, Offsets],
    text: tuple[Points, Offsets],
    numbers: npt.NDArray[np.int32],
    known: Misreadings,
    slices: npt.NDArray[np.void],
) -> Offsets:
    """Write to ``slices`` (`SLICE`) what the misreading ``numbers[i]`` changed in each text; return their offsets.

    The two are cut wherever a character begins at the same byte on both sides, as `Misreading.align` does.
    """
    ends = np.zeros(len(numbers) + 1, np.int64)
    count, seen_byte, text_byte = 0, 0, 0
    for row in range(len(numbers)):
        channel = known.channels[numbers[row]]
        start = count
        count = _changed_in(
            seen, text, row, known.writers, channel.wrong, known.parsers[channel.original], slices, start
        )
        ends[row + 1] = count
        for at in range(start, count):
            slices[at].seen_from += seen_byte
            slices[at].seen_to += seen_byte
            slices[at].text_from += text_byte
            slices[at].text_to += text_byte
        seen_byte += _bytes(seen[0], seen[1][row], seen[1][row + 1])
        text_byte += _bytes(text[0], text[1][row], text[1][row + 1])
    return ends


@borrowing
def _changed_in(
    seen: tuple[Points, Offsets],
    text: tuple[Points, Offsets],
    row: int,
    writers: Writers,
    wrong: int,
    parser: Parser,
    slices: npt.NDArray[np.void],
    count: int,
) -> int:
    """Write the slices of one text; return their end. Bytes are counted from the beginning of the value."""
    first, read = text[1][row], text[1][row]
    cut_seen, cut_read = seen[1][row], read
    seen_byte, text_byte = 0, 0
    opened, pending = False, np.int64(0)
    for at in range(seen[1][row], seen[1][row + 1]):
        code = code_of(writers, wrong, seen[0][at])
        for place in range(width(code) - 1, -1, -1):
            point, pending = step(parser, pending, np.int64(code >> np.uint32(8 * place)) & 0xFF)
            read += point >= 0
        if unfinished(pending):
            continue
        differs = not _alike(seen[0], cut_seen, at + 1, text[0], cut_read, read)
        if differs and not opened:
            slices[count].start, slices[count].seen_from, slices[count].text_from = (
                cut_read - first,
                seen_byte,
                text_byte,
            )
        if opened and not differs:
            slices[count].end, slices[count].seen_to, slices[count].text_to = cut_read - first, seen_byte, text_byte
            count += 1
        opened = differs
        seen_byte += _bytes(seen[0], cut_seen, at + 1)
        text_byte += _bytes(text[0], cut_read, read)
        cut_seen, cut_read = at + 1, read
    if opened:
        slices[count].end, slices[count].seen_to, slices[count].text_to = read - first, seen_byte, text_byte
        count += 1
    return count


@borrowing
def _alike(seen: Points, start: int, end: int, text: Points, first: int, last: int) -> bool:
    if end - start != last - first:
        return False
    for offset in range(end - start):
        if seen[start + offset] != text[first + offset]:
            return False
    return True


@borrowing
def _bytes(points: Points, start: int, end: int) -> int:
    """Return how many bytes some characters take in UTF-8."""
    total = 0
    for at in range(start, end):
        total += 1 + (points[at] >= 0x80) + (points[at] >= 0x800) + (points[at] >= 0x10000)
    return total


@compiled
def gathered(data: Bytes, starts: Offsets, ends: Offsets, out: Bytes) -> None:
    """Write the bytes ``data[starts[i]:ends[i]]`` to ``out``, one after the other."""
    at = 0
    for row in range(len(starts)):
        size = ends[row] - starts[row]
        out[at : at + size] = data[starts[row] : ends[row]]
        at += size


@compiled
def spliced(
    data: Bytes, offsets: Offsets, rows: Offsets, own: tuple[Bytes, Offsets], which: Offsets, out: Bytes
) -> None:
    """Write the values of a column to ``out``, at ``rows[i]``, rising, the value ``which[i]`` of ``own`` instead."""
    at, last = 0, offsets[0]
    for number in range(len(rows)):
        kept = offsets[rows[number]]
        out[at : at + kept - last] = data[last:kept]
        at += kept - last
        start, end = own[1][which[number]], own[1][which[number] + 1]
        out[at : at + end - start] = own[0][start:end]
        at += end - start
        last = offsets[rows[number] + 1]
    out[at:] = data[last : offsets[-1]]
