"""The loops over the bytes of many texts in UTF-8: where their lines lie, which scripts they are in, lines joined.

Text n lies in ``data`` from ``bounds[n, 0]`` to ``bounds[n, 1]``.
"""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
_BLANK, _TAB, _NEWLINE, _RETURN, _COLON = np.uint8(0x20), np.uint8(0x09), np.uint8(0x0A), np.uint8(0x0D), np.uint8(0x3A)


@compiled
def find_lines(data: Bytes, bounds: Places, most: int) -> tuple[Places, Places, npt.NDArray[np.bool_]]:
    """Return the lines that are not blank, without the blanks around them.

    A line is (first byte, byte after it, first character in its text, character after it), int64[lines, 4].
    ``firsts[n]`` is the first line of text n, int64[texts + 1]. The last array says which of the first ``most`` lines
    of a text hold a colon.
    """
    count = len(bounds)
    for text in range(len(bounds)):
        for at in range(bounds[text, 0], bounds[text, 1]):
            count += _break(data, at, bounds[text, 1]) > 0
    lines, firsts = np.empty((count, 4), np.int64), np.empty(len(bounds) + 1, np.int64)
    colons = np.zeros(count, np.bool_)
    found = 0
    for text in range(len(bounds)):
        firsts[text] = found
        at, end, character = bounds[text, 0], bounds[text, 1], 0
        while at < end:
            after, past = _line(data, at, end, character, lines[found])
            if lines[found, 0] < lines[found, 1]:
                colons[found] = found - firsts[text] < most and _holds_colon(data, lines[found])
                found += 1
            at, character = after, past
    firsts[-1] = found
    return lines[:found], firsts, colons[:found]


@borrowing
def _line(data: Bytes, start: int, end: int, character: int, line: Places) -> tuple[int, int]:
    """Find the line that begins at a byte; return the byte after its end, and the number of that character."""
    at, width = start, 0
    while at < end and width == 0:
        width = _break(data, at, end)
        at += 1 if width == 0 else width
    first, last = start, at
    while first < at and _blank(data, first, at) > 0:
        first += _blank(data, first, at)
    while last > first and _blank_before(data, first, last) > 0:
        last -= _blank_before(data, first, last)
    line[0], line[1] = first, last
    line[2] = character + _characters(data, start, first)
    line[3] = line[2] + _characters(data, first, last)
    return at, line[3] + _characters(data, last, at)


@borrowing
def _characters(data: Bytes, start: int, end: int) -> int:
    """Count characters: all bytes but continuations begin one."""
    count = 0
    for at in range(start, end):
        count += data[at] & 0xC0 != 0x80  # noqa: PLR2004 - the mark of a continuation
    return count


@borrowing
def _break(data: Bytes, at: int, end: int) -> int:
    """Return the bytes of the line break that stands here, as `str.splitlines` knows them; 0 for none."""
    byte = data[at]
    if byte > 0x1E and byte < 0xC2:  # noqa: PLR2004 - no first byte of a break
        return 0
    if byte == _RETURN:
        return 2 if at + 1 < end and data[at + 1] == _NEWLINE else 1
    if 0x0A <= byte <= 0x0D or 0x1C <= byte <= 0x1E:  # noqa: PLR2004 - controls
        return 1
    if byte == 0xC2:  # noqa: PLR2004 - U+0085
        return 2 if at + 1 < end and data[at + 1] == 0x85 else 0  # noqa: PLR2004
    if byte == 0xE2 and at + 2 < end and data[at + 1] == 0x80:  # noqa: PLR2004 - U+2028, U+2029
        return 3 if data[at + 2] == 0xA8 or data[at + 2] == 0xA9 else 0  # noqa: PLR2004
    return 0


@borrowing
def _blank(data: Bytes, at: int, end: int) -> int:
    """Return the bytes of the blank that stands here: ASCII's, the ideographic one, the byte-order mark; 0 for none."""
    byte = data[at]
    if byte in (_BLANK, _TAB, _NEWLINE, _RETURN):
        return 1
    if at + 2 < end and byte == 0xE3 and data[at + 1] == 0x80 and data[at + 2] == 0x80:  # noqa: PLR2004 - U+3000
        return 3
    if at + 2 < end and byte == 0xEF and data[at + 1] == 0xBB and data[at + 2] == 0xBF:  # noqa: PLR2004 - U+FEFF
        return 3
    return 0


@borrowing
def _blank_before(data: Bytes, start: int, end: int) -> int:
    """Return the bytes of the blank that ends here; 0 for none."""
    if _blank(data, end - 1, end) == 1:
        return 1
    return 3 if end - start > 2 and _blank(data, end - 3, end) == 3 else 0  # noqa: PLR2004 - as above


@borrowing
def _holds_colon(data: Bytes, line: Places) -> bool:
    for at in range(line[0], line[1]):
        if data[at] == _COLON:
            return True
        if data[at] == 0xEF and data[at + 1] == 0xBC and data[at + 2] == 0x9A:  # noqa: PLR2004 - the full-width one
            return True
    return False


@compiled
def join_lines(
    data: Bytes, lines: Places, firsts: Places, kept: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int32], Bytes]:
    """Return the lines of each text that are kept, a newline between them, and where each begins: int32[texts + 1]."""
    size = 0
    for line in range(len(lines)):
        if kept[line]:
            size += lines[line, 1] - lines[line, 0] + 1
    offsets, texts = np.empty(len(firsts), np.int32), np.empty(size, np.uint8)
    at = 0
    for text in range(len(firsts) - 1):
        offsets[text] = at
        for line in range(firsts[text], firsts[text + 1]):
            if kept[line]:
                if at > offsets[text]:
                    texts[at] = _NEWLINE
                    at += 1
                for place in range(lines[line, 0], lines[line, 1]):
                    texts[at] = data[place]
                    at += 1
    offsets[-1] = at
    return offsets, texts[:at]


@compiled
def count_classes(data: Bytes, bounds: Places, classes: Bytes, most: int) -> Places:
    """Return how many characters of each text are of each class, int64[texts, most]; ``classes`` by code point."""
    counts = np.zeros((len(bounds), most), np.int64)
    for text in range(len(bounds)):
        at = bounds[text, 0]
        while at < bounds[text, 1]:
            code, width = _character(data, at)
            counts[text, classes[code]] += 1
            at += width
    return counts


@borrowing
def _character(data: Bytes, at: int) -> tuple[np.int64, int]:
    """Return the code point at a byte and its length in bytes."""
    lead = np.int64(data[at])
    if lead < 0x80:  # noqa: PLR2004 - ASCII
        return lead, 1
    if lead < 0xE0:  # noqa: PLR2004 - two bytes
        return (lead & 0x1F) << 6 | data[at + 1] & 0x3F, 2
    if lead < 0xF0:  # noqa: PLR2004 - three bytes
        return (lead & 0x0F) << 12 | np.int64(data[at + 1] & 0x3F) << 6 | data[at + 2] & 0x3F, 3
    high = (lead & 0x07) << 18 | np.int64(data[at + 1] & 0x3F) << 12
    return high | np.int64(data[at + 2] & 0x3F) << 6 | data[at + 3] & 0x3F, 4
