"""Readers: a file in, its records out, whatever state it is in.

A reader never raises for what a file holds: what cannot be read becomes a record with a problem, its bytes kept.
"""

from collections.abc import Iterator, Sequence
from typing import IO

from flows.blocks import Block
from flows.readers.content import PIECE, Content, Span, decompressed, describe_error
from flows.readers.formats import format_of, is_compressed, member_name
from flows.readers.json_blocks import read_json_blocks
from flows.readers.json_lines import json_cells
from flows.readers.pages import decode_pages, page_text, read_page
from flows.readers.row_blocks import read_row_blocks
from flows.readers.rows import row_cells
from flows.records import Layout, Place, Problem, Record
from flows.sources import Source

__all__ = ["RECORD_LIMIT", "cells_of", "decode_pages", "page_layout", "read_records", "text_of"]

RECORD_LIMIT = 16 << 20
"""Bytes above which a record goes to quarantine unread."""


def read_records(source: Source, limit: int = RECORD_LIMIT) -> Iterator[Record | Block]:
    """Yield the records of a source, rows that can pass in blocks; a source that cannot be opened is a record too."""
    try:
        file = source.open()
    except OSError as error:
        yield unreadable(source.uri, describe_error(error))
        return
    with file:
        yield from _records(file, source, limit)


def unreadable(uri: str, detail: str) -> Record:
    """Return the record that stands for a source of which nothing could be read."""
    empty = Span(0)
    place = Place(uri, "", 0, 0)
    return Record(place, Layout("txt"), b"", empty.sha256, problem=Problem("unreadable", detail))


def _records(file: IO[bytes], source: Source, limit: int) -> Iterator[Record | Block]:
    uri = source.uri
    try:
        head = file.read(min(source.size + 1, PIECE) if source.size else PIECE)
        packed = is_compressed(head)
        if packed:
            file.seek(0)
    except OSError as error:
        yield unreadable(uri, describe_error(error))
        return
    member = member_name(uri) if packed else ""
    content = Content(decompressed(file), uri, member) if packed else Content(file, uri, member, head)
    kind = format_of(member or uri, content.head)
    if kind in {"csv", "tsv"}:
        yield from read_row_blocks(content, Layout("csv", "\t" if kind == "tsv" else ""), limit)
    elif kind == "jsonl":
        yield from read_json_blocks(content, Layout("jsonl"), limit)
    else:
        yield from read_page(content, Layout(kind), limit)


def page_layout(uri: str, member: str, data: bytes) -> Layout:
    """Return the layout of a page that was read from here."""
    return Layout(format_of(member or uri, data))


def text_of(layout: Layout, data: bytes, encoding: str, ends: Sequence[tuple[int, str]] = ()) -> str:
    """Return the text of a page as it was found, from its bytes; ``ends`` as in `flows.readers.pages.page_text`."""
    return page_text(data, encoding, layout.format, ends)


def cells_of(layout: Layout, data: bytes, encoding: str) -> tuple[tuple[str, str | None], ...]:
    """Return the cells of a row as they were found, from its bytes."""
    if layout.format == "jsonl":
        return json_cells(data, encoding)
    return tuple(zip(layout.columns, row_cells(data, encoding, layout.delimiter), strict=True))
