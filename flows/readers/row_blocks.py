"""Tables as text, read block by block: the same rows as `flows.readers.rows` gives, without an object for each.

The csv module parses a whole block at once. Rows that it or the header refuses are told one by one; where a row is
longer than may be read, or the encoding is not bytewise, the rest is left to `flows.readers.rows`.
"""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pyarrow as pa

from flows.blocks import Block, Places, Rows, block_of_rows
from flows.readers.content import Content, Span
from flows.readers.decoding import file_encoding, is_bytewise
from flows.readers.rows import Table, read_rows
from flows.records import Layout, Record

BLOCK_BYTES = 8 << 20
_SMALL = 1 << 16
"""Bytes of a block below which rows in another encoding are looked for one by one."""
_END = "\0end of the block"
"""A last line holds it twice: in two cells where all rows before it are whole, within one where a quotation is open."""


def read_row_blocks(content: Content, layout: Layout, limit: int) -> Iterator[Record | Block]:
    """Yield the rows of a table as blocks, and as records those that cannot pass or have an encoding of their own."""
    encoding = file_encoding(content.head)
    if encoding.name is None or not is_bytewise(encoding.codec):
        yield from read_rows(content, layout, limit)
        return
    head = Content(io.BytesIO(content.head), content.source_uri, content.member)
    table = Table(head, encoding, layout, limit)
    length = table.read_header()
    if not length or length == len(content.head):
        yield from read_rows(content, layout, limit)
        return
    table.content = content
    yield from _Blocks(table, length, content.head[length:]).read()
    yield from table.what_went_wrong()


@dataclass(slots=True)
class _Parsed:
    """What the csv module made of some lines."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """The number of lines up to the end of each row."""
    is_open: bool = False
    """Whether a quotation mark of the last row is still open."""
    failed: bool = False
    """Whether the row after the last was given up."""

    def drop(self) -> None:
        """Forget the last row."""
        self.rows.pop()
        self.lines.pop()
        self.is_open = False


class _Blocks:
    """One pass over a table: ``ahead`` are the bytes at ``at`` that were read and are not worked off."""

    def __init__(self, table: Table, at: int, ahead: bytes) -> None:
        self.table, self.at, self.ahead = table, at, ahead
        self.source = (table.content.source_uri, table.content.member)

    def read(self) -> Iterator[Record | Block]:
        """Yield blocks and records up to the end of the table."""
        pieces = chain(self.table.content.following(), (b"",))
        for piece in pieces:
            self.ahead += piece
            while len(self.ahead) >= BLOCK_BYTES or (not piece and self.ahead):
                before = self.at
                yield from self._work_off(is_last=not piece)
                if self.at == before:
                    break
            if len(self.ahead) > self.table.limit + BLOCK_BYTES:
                self.table.take_up(self.at, self.ahead)
                yield from self.table.records()
                return

    def _work_off(self, *, is_last: bool) -> Iterator[Record | Block]:
        """Yield the rows that are whole in what was read."""
        end = len(self.ahead) if is_last else self.ahead.rfind(b"\n") + 1
        while True:
            data = self.ahead[:end]
            try:
                text = data.decode(self.table.encoding.codec)
            except UnicodeDecodeError:
                shorter = data.rfind(b"\n", 0, end // 2) + 1
                if end <= _SMALL or not shorter:
                    yield from self._one_by_one(data, is_last=is_last and end == len(self.ahead))
                    return
                end = shorter
            else:
                yield from self._rows(data, text, is_last=is_last and end == len(self.ahead))
                return

    def _rows(self, data: bytes, text: str, *, is_last: bool) -> Iterator[Record | Block]:
        parsed = _parse(text, self.table.layout.delimiter)
        ends = line_ends(data)
        if parsed.is_open and not is_last:
            parsed.drop()
        stops = ends[np.array(parsed.lines, np.int64) - 1] if parsed.lines else ends[:0]
        rows = Rows(data, self.at, np.append(0, stops)[:-1], stops)
        width, limit = self.table.width, self.table.limit
        bad = {number for number, cells in enumerate(parsed.rows) if len(cells) != width and cells}
        bad |= set(np.flatnonzero(rows.ends - rows.starts > limit).tolist())
        for number in sorted(bad):
            first = int(rows.starts[number])
            line = int(ends[np.searchsorted(ends, first, "right")])
            yield self.table.blamed(span_of(data[first:line], self.at + first), len(parsed.rows[number]))
            if line != rows.ends[number]:  # an unmatched quotation mark: the other lines are rows of their own
                yield from self._block(rows, parsed, bad, number)
                self._advance(line)
                return
        last = len(parsed.rows) - parsed.is_open
        yield from self._block(rows, parsed, bad, last)
        if parsed.is_open and last not in bad:
            first = int(rows.starts[last])
            yield self.table.decoded([span_of(data[first:], self.at + first)])
        at = int(stops[-1]) if len(stops) else 0
        if parsed.failed:
            line = int(ends[np.searchsorted(ends, at, "right")])
            yield self.table.blamed(span_of(data[at:line], self.at + at), None)
            at = line
        self._advance(at)

    def _block(self, rows: Rows, parsed: _Parsed, bad: Collection[int], end: int) -> Iterator[Block]:
        """Yield the good rows up to a number; an empty line is no record."""
        kept = [number for number in range(end) if parsed.rows[number] and number not in bad]
        if not kept:
            return
        cells = zip(*(parsed.rows[number] for number in kept), strict=True)
        columns = {
            name: pa.array(column, pa.string()) for name, column in zip(self.table.layout.columns, cells, strict=True)
        }
        chosen = np.array(kept)
        self.table.end = max(self.table.end, self.at + int(rows.ends[kept[-1]]))
        within = Rows(rows.data, rows.offset, rows.starts[chosen], rows.ends[chosen])
        encoding = (self.table.encoding.codec, self.table.encoding.confidence)
        yield block_of_rows(self.source, self.table.layout, within, encoding, columns)

    def _one_by_one(self, data: bytes, *, is_last: bool) -> Iterator[Record | Block]:
        """Yield rows of which some are not in the encoding of the table."""
        shown = data.decode("latin-1")
        for found in self._rows(data, shown, is_last=is_last):
            if not isinstance(found, Block):
                yield found
                continue
            places = found.provenance.select(["byte_offset", "byte_length"]).to_pydict()
            for offset, length in zip(places["byte_offset"], places["byte_length"], strict=True):
                start = offset - self.at
                yield self.table.decoded([span_of(data[start : start + length], offset)])

    def _advance(self, count: int) -> None:
        self.at += count
        self.ahead = self.ahead[count:]


def line_ends(data: bytes) -> Places:
    """Return where each line ends, its newline included; the last may have none."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
    return ends if data.endswith(b"\n") else np.append(ends, len(data))


def span_of(data: bytes, offset: int) -> Span:
    """Return bytes that stand at ``offset`` as a span."""
    span = Span(offset)
    span.add(data)
    return span


def _parse(text: str, delimiter: str) -> _Parsed:
    parsed = _Parsed()
    end = f"{_END}{delimiter}{_END}"
    lines = chain(io.StringIO(text, newline="\n"), (end,))
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            parsed.rows.append(cells)
            parsed.lines.append(reader.line_num)
    except csv.Error:
        parsed.failed = True
        return parsed
    if parsed.rows[-1] == [_END, _END]:
        parsed.drop()
    else:
        parsed.is_open = True
        parsed.rows[-1][-1] = parsed.rows[-1][-1].removesuffix(end)
        parsed.lines[-1] -= 1
    return parsed
