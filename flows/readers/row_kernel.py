"""The loop over the bytes of a table: where each cell lies, by the rules of the csv module.

The bytes are of an encoding in which delimiter, quotation mark and newline are never part of another character. Lines
end with a newline; a carriage return ends a row too, and must not be followed by anything else on its line.
"""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
_QUOTE, _RETURN, _NEWLINE = np.uint8(ord('"')), np.uint8(ord("\r")), np.uint8(ord("\n"))
_WHOLE, _FAILED, _OPEN = 0, -1, -2
_UNREADABLE = -1


@compiled
def parse(  # noqa: PLR0913, PLR0917 - arrays are handed on apart, because objects cost here
    data: Bytes,
    ends: Places,
    places: Places,
    delimiter: np.uint8,
    width: int,
    limit: int,
    is_last: bool,  # noqa: FBT001 - as above
) -> tuple[Places, Places, int, bool]:
    """Return the cells, the rows, how many lines they take, and whether a quotation is open at the end.

    ``ends`` are the ends of the lines in ``data``, ``places`` those in the source, where a row of more than ``limit``
    bytes is bad, as is one that has not ``width`` cells. A cell is (start, end, bytes to leave out: its quotation
    marks), int64[n, 3]. A row is (first line, line after it, first cell, number of cells, 1 if it is bad), int64[n, 5];
    the number is negative where a row breaks the rules or is longer than may be read. A bad row is one line: if it took
    more, a quotation mark was left open, and the other lines are rows of their own. Of a quotation that is open at the
    end nothing is told, unless the data ``is_last``.
    """
    most = len(ends) + 1 + np.count_nonzero(data == delimiter)
    cells, rows = np.empty((most, 3), np.int64), np.empty((len(ends), 5), np.int64)
    line = count = total = 0
    while line < len(ends):
        after, found, state = _row(data, ends, line, cells[total:], delimiter)
        length = places[after - 1] - (places[line - 1] if line else 0)
        if state == _OPEN and not is_last and length <= limit:
            break
        good = state != _FAILED and length <= limit and (found == width or (found == 0 and state == _WHOLE))
        if not good:
            after = line + 1
            found = _UNREADABLE if state == _FAILED or length > limit else found
        rows[count, 0], rows[count, 1], rows[count, 2] = line, after, total
        rows[count, 3], rows[count, 4] = found, not good
        line, count, total = after, count + 1, total + (found if good else 0)
        if good and state == _OPEN:
            return cells[:total], rows[:count], line, True
    return cells[:total], rows[:count], line, False


@borrowing
def _row(data: Bytes, ends: Places, line: int, cells: Places, delimiter: np.uint8) -> tuple[int, int, int]:
    """Find the cells of the row that begins with a line; return the line after it, their number, and what it is."""
    at = ends[line - 1] if line else 0
    count = 0
    goes_on = data[at] != _RETURN and data[at] != _NEWLINE
    while goes_on:
        line, at, is_open = _cell(data, ends, line, at, cells[count], delimiter)
        count += 1
        if is_open:
            return len(ends), count, _OPEN
        goes_on = at < ends[line] and data[at] == delimiter
        at += goes_on
    while at < ends[line]:
        if data[at] != _RETURN and data[at] != _NEWLINE:
            return line + 1, count, _FAILED
        at += 1
    return line + 1, count, _WHOLE


@borrowing
def _cell(data: Bytes, ends: Places, line: int, start: int, cell: Places, delimiter: np.uint8) -> tuple[int, int, bool]:
    """Find the cell that begins at a byte; return the line and place where it ends, and whether it is left open."""
    at, left_out = start, 0
    if at < len(data) and data[at] == _QUOTE:
        at, left_out = _quotation(data, at + 1)
        if left_out < 0:
            return line, at, True
        while ends[line] < at:
            line += 1
    quoted = at
    while at < ends[line] and data[at] != delimiter and data[at] != _NEWLINE and data[at] != _RETURN:
        at += 1
    around = 1 if left_out == 2 and at == quoted else 0  # noqa: PLR2004 - the two marks around the whole cell
    cell[0], cell[1], cell[2] = start + around, at - around, 0 if around else left_out
    return line, at, False


@borrowing
def _quotation(data: Bytes, at: int) -> tuple[int, int]:
    """Return where a quotation ends and how many quotation marks are none of its text; -1 where it does not end."""
    left_out = 1
    while at < len(data):
        if data[at] == _QUOTE:
            left_out += 1
            if at + 1 == len(data) or data[at + 1] != _QUOTE:
                return at + 1, left_out
            at += 1
        at += 1
    return at, -1


@compiled
def column(data: Bytes, cells: Places) -> tuple[npt.NDArray[np.int32], Bytes]:
    """Return the texts of some cells, one after the other, and where each begins: int32[len(cells) + 1]."""
    offsets = np.empty(len(cells) + 1, np.int32)
    offsets[0] = 0
    for number in range(len(cells)):
        offsets[number + 1] = offsets[number] + cells[number, 1] - cells[number, 0] - cells[number, 2]
    texts = np.empty(offsets[-1], np.uint8)
    for number in range(len(cells)):
        start, end, at = cells[number, 0], cells[number, 1], offsets[number]
        if cells[number, 2] == 0:
            for place in range(start, end):
                texts[at + place - start] = data[place]
        else:
            _unquote(data, start + 1, end, texts, at)
    return offsets, texts


@borrowing
def _unquote(data: Bytes, start: int, end: int, texts: Bytes, at: int) -> None:
    """Copy a cell from behind its first quotation mark: two marks stand for one, a single one ends the quotation."""
    place, is_open = start, True
    while place < end:
        if is_open and data[place] == _QUOTE:
            is_open = place + 1 < end and data[place + 1] == _QUOTE
            place += 1
            if not is_open:
                continue
        texts[at] = data[place]
        at += 1
        place += 1
