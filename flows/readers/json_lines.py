"""JSON lines: one line, one record; the keys of its object are the columns."""

import json
from collections.abc import Iterator

from flows.readers.content import Content, Span
from flows.readers.decoding import FileEncoding, decode_as, decode_part, file_encoding
from flows.records import Layout, Place, Problem, Record

Cells = tuple[tuple[str, str | None], ...]


BLANK = b" \t\r\n\0"
decode_json = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str).decode
"""Numbers stay as they are written."""


class JsonRowError(ValueError):
    """A line that is no record; ``reason`` is the quarantine's."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def read_json_lines(content: Content, layout: Layout, limit: int) -> Iterator[Record]:
    """Yield a record for each line that is not blank."""
    encoding = file_encoding(content.head)
    if encoding.name is None:
        span = content.whole()
        yield _record(content, layout, span, problem=Problem("binary", "the bytes are no text"))
        return
    yield from json_lines(content, layout, encoding, limit)


def json_lines(
    content: Content, layout: Layout, encoding: FileEncoding, limit: int, first: int = 1
) -> Iterator[Record]:
    """Yield a record for each line that is not blank; the next one has the number ``first``."""
    end = content.start
    for number, span in enumerate(content.lines(encoding.newline), first):
        end = span.offset + span.length
        if span.length > limit or (span.data or b"").strip(BLANK):
            yield json_line(content, layout, span, number, encoding, limit)
    yield from what_went_wrong(content, layout, end)


def what_went_wrong(content: Content, layout: Layout, end: int) -> Iterator[Record]:
    """Yield the record of a file that ended early at byte ``end``, or has no bytes."""
    if content.trouble:
        yield _record(content, layout, Span(end), problem=Problem("unreadable", content.trouble))
    elif not end:
        yield _record(content, layout, Span(0), problem=Problem("empty", "the file has no bytes"))


def json_line(content: Content, layout: Layout, span: Span, number: int, file: FileEncoding, limit: int) -> Record:
    """Return the record of a line: its cells, or what is wrong with it."""
    where = f"line {number}, byte {span.offset}"
    if span.length > limit or span.data is None:
        detail = f"{where}: {span.length} bytes in one record, the limit is {limit}"
        return _record(content, layout, span, problem=Problem("too-large", detail))
    decoded = decode_part(span.data, file)
    encoding = (decoded.encoding, decoded.confidence)
    try:
        return _record(content, layout, span, encoding, json_cells(span.data, decoded.encoding))
    except JsonRowError as error:
        return _record(content, layout, span, encoding, problem=Problem(error.reason, f"{where}: {error}"))


def _record(
    content: Content,
    layout: Layout,
    span: Span,
    encoding: tuple[str | None, float] = (None, 0.0),
    cells: Cells = (),
    *,
    problem: Problem | None = None,
) -> Record:
    place = Place(content.source_uri, content.member, span.offset, span.length)
    return Record(place, layout, span.data, span.sha256, *encoding, cells=cells, problem=problem)


def json_cells(data: bytes, encoding: str) -> Cells:
    """Return the keys and values of a line; a value that is no string stays as its JSON, null is None.

    Decoding comes first: the trail bytes of GB18030 and Big5 may look like a backslash. Raises `JsonRowError`.

    >>> json_cells(b'{"a": "x", "b": 1.50, "c": null, "d": [1]}', "utf-8")
    (('a', 'x'), ('b', '1.50'), ('c', None), ('d', '["1"]'))
    """
    text = decode_as(data, encoding).removeprefix("\ufeff")
    try:
        row = decode_json(text)
    except (ValueError, RecursionError) as error:
        raise JsonRowError("invalid-json", str(error) or "nested too deeply") from error
    if not isinstance(row, dict):
        raise JsonRowError("invalid-json", f"an object is needed, not {type(row).__name__}")
    cells = tuple((name, plain(value)) for name, value in row.items())
    _check_surrogates(cells)
    return cells


def plain(value: object) -> str | None:
    """Return a value as a cell: a string as it is, null as None, anything else as its JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _check_surrogates(cells: Cells) -> None:
    for name, value in cells:
        try:
            f"{name}{value or ''}".encode()
        except UnicodeEncodeError as error:
            half = f"U+{ord(error.object[error.start]):04X}"
            where = ascii(name)
            raise JsonRowError("lone-surrogate", f"{half}, half of a surrogate pair, in {where}") from error
