"""JSON lines: one line, one record; the keys of its object are the columns."""

import json
from collections.abc import Iterator

from flows.readers.content import Content, Span
from flows.readers.decoding import FileEncoding, decode_as, decode_part, file_encoding
from flows.records import Layout, Place, Problem, Record

Cells = tuple[tuple[str, str | None], ...]


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
    end = 0
    for number, span in enumerate(content.lines(encoding.newline), 1):
        end = span.offset + span.length
        if span.length > limit or (span.data or b"").strip(b" \t\r\n\0"):
            yield _line(content, layout, span, f"line {number}, byte {span.offset}", encoding, limit)
    if content.trouble:
        yield _record(content, layout, Span(end), problem=Problem("unreadable", content.trouble))
    elif not end:
        yield _record(content, layout, Span(0), problem=Problem("empty", "the file has no bytes"))


def _line(content: Content, layout: Layout, span: Span, where: str, file: FileEncoding, limit: int) -> Record:
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
        row = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise JsonRowError("invalid-json", str(error) or "nested too deeply") from error
    if not isinstance(row, dict):
        raise JsonRowError("invalid-json", f"an object is needed, not {type(row).__name__}")
    cells = tuple((name, _plain(value)) for name, value in row.items())
    _check_surrogates(cells)
    return cells


def _plain(value: object) -> str | None:
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
