"""JSON lines, read block by block: the same rows as `flows.readers.json_lines` gives, without an object for each.

A line that cannot pass, or has an encoding of its own, is told by itself.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from flows.blocks import Block, Places, Rows, block_of_rows
from flows.readers.content import Content
from flows.readers.decoding import FileEncoding, file_encoding, is_bytewise
from flows.readers.json_columns import string_columns
from flows.readers.json_lines import BLANK, decode_json, json_line, json_lines, plain, read_json_lines, what_went_wrong
from flows.readers.row_blocks import BLOCK_BYTES, line_ends, span_of
from flows.records import Layout, Record

_ESCAPE, _SURROGATE = b"\\u", b"\\ud"


def read_json_blocks(content: Content, layout: Layout, limit: int) -> Iterator[Record | Block]:
    """Yield the lines as blocks, and as records those that cannot pass or have an encoding of their own."""
    encoding = file_encoding(content.head)
    if encoding.name is None or not is_bytewise(encoding.codec):
        yield from read_json_lines(content, layout, limit)
    else:
        yield from _Blocks(content, layout, encoding, limit).read()


class _Blocks:
    """One pass over the lines: ``ahead`` are the bytes at ``at`` that were read and are not worked off."""

    def __init__(self, content: Content, layout: Layout, encoding: FileEncoding, limit: int) -> None:
        self.content, self.layout, self.encoding, self.limit = content, layout, encoding, limit
        self.at, self.ahead, self.number = 0, content.head, 1
        self.codec = encoding.codec  # looked up once: it would be a tenth of the time of each line

    def read(self) -> Iterator[Record | Block]:
        """Yield blocks and records up to the end of the file."""
        for pieces in self.content.blocks(BLOCK_BYTES):
            self.ahead = b"".join((self.ahead, *pieces))
            if len(self.ahead) >= BLOCK_BYTES or not pieces:
                yield from self._work_off(self.ahead.rfind(b"\n") + 1 if pieces else len(self.ahead))
            if len(self.ahead) > self.limit + BLOCK_BYTES:
                self.content.take_up(self.at, self.ahead)
                yield from json_lines(self.content, self.layout, self.encoding, self.limit, self.number)
                return
        yield from what_went_wrong(self.content, self.layout, self.at)

    def _work_off(self, end: int) -> Iterator[Record | Block]:
        """Yield the lines up to a byte of what was read."""
        data = self.ahead[:end]
        ends = line_ends(data) if data else np.zeros(0, np.int64)
        starts = np.append(0, ends)[:-1]
        short = not len(ends) or int(np.max(ends - starts)) <= self.limit
        columns = string_columns(data, ends, self.codec) if short else None
        if columns is None:
            yield from self._one_by_one(data, starts, ends)
        else:
            yield self._block(Rows(data, self.at, starts, ends), columns)
        self.at, self.ahead, self.number = self.at + end, self.ahead[end:], self.number + len(ends)

    def _one_by_one(self, data: bytes, starts: Places, ends: Places) -> Iterator[Record | Block]:
        """Yield lines of which each is an object of its own, or none."""
        rows: list[dict[str, Any]] = []
        numbers: list[int] = []
        for number, (start, stop) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            row = self._row(data[start:stop])
            if row is not None:
                rows.append(row)
                numbers.append(number)
            elif stop - start > self.limit or data[start:stop].strip(BLANK):
                span = span_of(data[start:stop], self.at + start)
                yield json_line(self.content, self.layout, span, self.number + number, self.encoding, self.limit)
        if rows:
            chosen = np.array(numbers)
            within = Rows(data, self.at, starts[chosen], ends[chosen])
            names = dict.fromkeys(name for row in rows for name in row)
            yield self._block(within, {name: _column([row.get(name) for row in rows]) for name in names})

    def _row(self, line: bytes) -> dict[str, Any] | None:
        """Return the object of a line; None where it takes a closer look."""
        try:
            row = decode_json(line.decode(self.codec))
        except (ValueError, RecursionError):
            return None
        if not isinstance(row, dict) or len(line) > self.limit or (_ESCAPE in line and _SURROGATE in line.lower()):
            return None
        return row

    def _block(self, rows: Rows, columns: dict[str, pa.Array]) -> Block:
        encoding = (self.codec, self.encoding.confidence)
        return block_of_rows((self.content.source_uri, self.content.member), self.layout, rows, encoding, columns)


def _column(values: list[Any]) -> pa.Array:
    """Return values as cells; most columns have strings alone."""
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array(list(map(plain, values)), pa.string())
