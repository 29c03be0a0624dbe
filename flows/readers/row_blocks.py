"""Tables as text, read block by block: the same rows as `flows.readers.rows` gives, without an object for each.

Compiled code finds the cells of a whole block at once. Rows that have not the header's number of them are told one by
one; where a line is longer than may be read, or the encoding is not bytewise, the rest is left to `flows.readers.rows`.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from flows.blocks import Block, Places, Rows, block_of_rows
from flows.readers.content import Content, Span
from flows.readers.decoding import file_encoding, is_bytewise
from flows.readers.rows import Table, read_rows
from flows.records import Layout, Record

BLOCK_BYTES = 8 << 20
_SMALL = 1 << 16
"""Bytes of a block below which rows in another encoding are looked for one by one."""
_UTF_8 = ("utf-8", "ascii")
Bytes = npt.NDArray[np.uint8]


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


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What `flows.readers.row_kernel.parse` made of some lines."""

    data: Bytes
    cells: Places
    rows: Places
    lines: int
    is_open: bool


class _Blocks:
    """One pass over a table: ``ahead`` are the bytes at ``at`` that were read and are not worked off."""

    def __init__(self, table: Table, at: int, ahead: bytes) -> None:
        self.table, self.at, self.ahead = table, at, ahead
        self.source = (table.content.source_uri, table.content.member)

    def read(self) -> Iterator[Record | Block]:
        """Yield blocks and records up to the end of the table."""
        for pieces in self.table.content.blocks(BLOCK_BYTES):
            self.ahead = b"".join((self.ahead, *pieces))
            while len(self.ahead) >= BLOCK_BYTES or (not pieces and self.ahead):
                before = self.at
                yield from self._work_off(is_last=not pieces)
                if self.at == before:
                    break
            if len(self.ahead) > self.table.limit + BLOCK_BYTES:
                self.table.take_up(self.at, self.ahead)
                yield from self.table.records()
                return

    def _work_off(self, *, is_last: bool) -> Iterator[Record | Block]:
        """Yield the rows that are whole in what was read."""
        end = len(self.ahead) if is_last else self.ahead.rfind(b"\n") + 1
        while end:
            data = self.ahead[:end]
            is_whole = is_last and end == len(self.ahead)
            shown = _in_utf8(data, self.table.encoding.codec)
            shorter = 0 if end <= _SMALL else data.rfind(b"\n", 0, end // 2) + 1
            if shown is not None or not shorter:
                yield from self._rows(data, shown, is_last=is_whole)
                return
            end = shorter

    def _rows(self, data: bytes, shown: bytes | None, *, is_last: bool) -> Iterator[Record | Block]:
        """Yield the rows of some lines, which are ``shown`` in UTF-8; None: they are looked at one by one."""
        ends = line_ends(data)
        parsed = self._parse(data if shown is None else shown, ends, is_last=is_last)
        first, after, _, count, bad = parsed.rows.T
        starts, stops = np.append(0, ends)[first], ends[after - 1]
        for number in np.flatnonzero(bad).tolist():
            span = span_of(data[starts[number] : stops[number]], self.at + int(starts[number]))
            yield self.table.blamed(span, None if count[number] < 0 else int(count[number]))
        kept = np.flatnonzero((bad == 0) & (count > 0))  # an empty line is no record
        alone = kept if shown is None else kept[len(kept) - parsed.is_open :]
        for number in alone.tolist():
            yield self.table.decoded([span_of(data[starts[number] : stops[number]], self.at + int(starts[number]))])
        kept = kept[: len(kept) - len(alone)]
        if len(kept):
            yield self._block(Rows(data, self.at, starts[kept], stops[kept]), parsed, kept)
        self._advance(int(ends[parsed.lines - 1]) if parsed.lines else 0)

    def _parse(self, shown: bytes, ends: Places, *, is_last: bool) -> _Parsed:
        from flows.readers.row_kernel import parse  # noqa: PLC0415 - loads the compiler

        table, array = self.table, np.frombuffer(shown, np.uint8)
        delimiter = np.uint8(ord(table.layout.delimiter))
        lines = ends if len(array) == ends[-1] else line_ends(shown)
        return _Parsed(array, *parse(array, lines, ends, delimiter, table.width, table.limit, is_last))

    def _block(self, rows: Rows, parsed: _Parsed, kept: Places) -> Block:
        """Return good rows."""
        from flows.readers.row_kernel import column  # noqa: PLC0415 - as above

        first = parsed.rows[kept, 2]
        columns = {
            name: _text(*column(parsed.data, parsed.cells[first + number]))
            for number, name in enumerate(self.table.layout.columns)
        }
        self.table.end = max(self.table.end, self.at + int(rows.ends[-1]))
        encoding = (self.table.encoding.codec, self.table.encoding.confidence)
        return block_of_rows(self.source, self.table.layout, rows, encoding, columns)

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


def _in_utf8(data: bytes, codec: str) -> bytes | None:
    """Return the same text in UTF-8; None where some of it is not in the encoding."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    return data if codec in _UTF_8 else text.encode()


def _text(offsets: npt.NDArray[np.int32], texts: Bytes) -> pa.Array:
    return pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(texts)])
