"""Tables as text: one row, one record, with the exact bytes of each row."""

import codecs
import csv
from collections import deque
from collections.abc import Iterator

from flows.readers.content import Content, Span
from flows.readers.decoding import FileEncoding, decode_as, decode_part, file_encoding, is_bytewise
from flows.records import Layout, Place, Problem, Record

_DELIMITERS = ",;\t"
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class _Lines:
    """The lines of a table for the csv module: counted, kept, and given back where a row went wrong.

    A bytewise encoding is shown byte for byte (Latin-1), so that rows in different encodings can be told apart.
    """

    def __init__(self, content: Content, encoding: FileEncoding) -> None:
        self._spans = content.lines(encoding.newline)
        self._again: deque[Span] = deque()
        self._codec = "latin-1" if is_bytewise(encoding.codec) else encoding.codec
        self.taken: list[Span] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        span = self._again.popleft() if self._again else next(self._spans)
        self.taken.append(span)
        if span.data is None:
            raise csv.Error("line too long")
        return span.data.decode(self._codec, "replace")

    def take(self) -> list[Span]:
        """Return the lines of the row just read."""
        taken, self.taken = self.taken, []
        return taken

    def give_back(self, spans: list[Span]) -> None:
        """Put lines back: they will be read again."""
        self._again.extendleft(reversed(spans))


def read_rows(content: Content, layout: Layout, limit: int) -> Iterator[Record]:
    """Yield a record for each row after the header; a row that cannot be read has a problem and its bytes."""
    encoding = file_encoding(content.head)
    if encoding.name is None:
        yield from _whole(content, layout, Problem("binary", "the bytes are no text"))
        return
    table = Table(content, encoding, layout, limit)
    if table.read_header():
        yield from table.records()
    yield from table.what_went_wrong()


def _whole(content: Content, layout: Layout, problem: Problem) -> Iterator[Record]:
    span = content.whole()
    place = Place(content.source_uri, content.member, 0, span.length)
    yield Record(place, layout, span.data, span.sha256, problem=problem)


class Table:
    """One pass over the rows of a file."""

    def __init__(self, content: Content, encoding: FileEncoding, layout: Layout, limit: int) -> None:
        csv.field_size_limit(max(limit, csv.field_size_limit()))
        self.content, self.encoding, self.layout, self.limit = content, encoding, layout, limit
        self.lines = _Lines(content, encoding)
        self.width = 0
        self.end = 0

    def read_header(self) -> int:
        """Take the names of the columns from the first row; return its length in bytes, 0 where there is none."""
        header = next(self._parsed(self.layout.delimiter or ","), None)
        if header is None:
            return 0
        spans, _ = header
        delimiter = self.layout.delimiter or _likeliest_delimiter(spans)
        columns = _header(spans, delimiter, self.encoding)
        self.layout, self.width = Layout(self.layout.format, delimiter, columns), len(columns)
        return sum(span.length for span in spans)

    def take_up(self, at: int, ahead: bytes) -> None:
        """Go on with the row at byte ``at``, where ``ahead`` stands, which was read before."""
        self.content.take_up(at, ahead)
        self.lines = _Lines(self.content, self.encoding)

    def records(self) -> Iterator[Record]:
        """Yield the rows, one by one."""
        for spans, cells in self._parsed(self.layout.delimiter):
            yield from self._row(spans, cells)

    def what_went_wrong(self) -> Iterator[Record]:
        """Yield the record of a file that ended early, or has no rows."""
        if self.content.trouble:
            yield self.record([], Problem("unreadable", self.content.trouble))
        elif not self.width:
            yield self.record([], Problem("empty", "the file has no rows"))

    def _parsed(self, delimiter: str) -> Iterator[tuple[list[Span], list[str] | None]]:
        """Yield the lines of each row with its cells, None where the csv module gave up."""
        while True:
            try:
                cells: list[str] | None = next(csv.reader(self.lines, delimiter=delimiter))
            except StopIteration:
                return
            except csv.Error:
                cells = None
            yield self.lines.take(), cells

    def _row(self, spans: list[Span], cells: list[str] | None) -> Iterator[Record]:
        length = sum(span.length for span in spans)
        if length <= self.limit and not cells and cells is not None:
            return  # an empty line between rows is no record
        good = cells is not None and len(cells) == self.width and length <= self.limit
        if good:
            yield self.decoded(spans)
            return
        # An unmatched quotation mark joins lines that are rows of their own: only the first is to blame.
        self.lines.give_back(spans[1:])
        yield self.blamed(spans[0], None if cells is None or length > self.limit else len(cells))

    def blamed(self, first: Span, cells: int | None) -> Record:
        """Return the record of a line that is no row: it has so many cells, None where the csv module gave up."""
        if first.length > self.limit:
            detail = f"{first.length} bytes in one record, the limit is {self.limit}"
            return self.record([first], Problem("too-large", detail))
        return self.record([first], self._miscounted(first, "an unreadable number of" if cells is None else str(cells)))

    def _miscounted(self, first: Span, cells: str) -> Problem:
        detail = f"byte {first.offset}: {cells} columns where the header has {self.width}"
        return Problem("wrong-column-count", detail)

    def decoded(self, spans: list[Span]) -> Record:
        """Return a row whose cells are as many as the header's, in its own encoding where it has one.

        In that encoding they may be another number.
        """
        data = b"".join(span.data or b"" for span in spans)
        decoded = decode_part(data, self.encoding)
        values = row_cells(data, decoded.encoding, self.layout.delimiter)
        if len(values) != self.width:
            return self.record(spans, self._miscounted(spans[0], str(len(values))))
        cells = tuple(zip(self.layout.columns, values, strict=True))
        return self.record(spans, None, (decoded.encoding, decoded.confidence), cells)

    def record(
        self,
        spans: list[Span],
        problem: Problem | None,
        encoding: tuple[str | None, float] = (None, 0.0),
        cells: tuple[tuple[str, str | None], ...] = (),
    ) -> Record:
        """Return the record of some consecutive lines; of none, one at the end of what was read."""
        span = Span(spans[0].offset if spans else self.end)
        for part in spans:
            span.add(part.data or b"")
        whole = spans[0] if len(spans) == 1 else span
        self.end = max(self.end, whole.offset + whole.length)
        place = Place(self.content.source_uri, self.content.member, whole.offset, whole.length)
        return Record(place, self.layout, whole.data, whole.sha256, *encoding, cells=cells, problem=problem)


def _likeliest_delimiter(spans: list[Span]) -> str:
    data = b"".join(span.data or b"" for span in spans)
    return max(_DELIMITERS, key=lambda delimiter: data.count(delimiter.encode()))


def _header(spans: list[Span], delimiter: str, encoding: FileEncoding) -> tuple[str, ...]:
    """Return the names of the columns, as found; a name that is empty or taken gets a number."""
    data = b"".join(span.data or b"" for span in spans)
    for mark in _MARKS:
        if encoding.name and data.startswith(mark) and len(mark) >= len(encoding.newline):
            data = data.removeprefix(mark)
            break
    codec = decode_part(data, encoding).encoding
    try:
        cells = row_cells(data, codec, delimiter)
    except csv.Error:  # a carriage return where none belongs
        cells = row_cells(data.replace(b"\r", b" "), codec, delimiter)
    names: list[str] = []
    for number, name in enumerate(cells, 1):
        plain = name.strip() or f"column_{number}"
        names.append(plain if plain not in names else f"{plain}_{number}")
    return tuple(names)


def row_cells(data: bytes, encoding: str, delimiter: str) -> list[str]:
    r"""Return the cells of a row from its bytes.

    >>> row_cells('编号,"标,题"\r\n'.encode("gb18030"), "gb18030", ",")
    ['编号', '标,题']
    """
    if not is_bytewise(encoding):
        lines = data.decode(encoding, "replace").splitlines(keepends=True)
        return next(csv.reader(lines, delimiter=delimiter), [])
    lines = data.decode("latin-1").split("\n")
    cells = next(csv.reader([f"{line}\n" for line in lines], delimiter=delimiter), [])
    shown = FileEncoding(encoding, 1.0)
    return [_cell(cell, shown) for cell in cells]


def _cell(cell: str, encoding: FileEncoding) -> str:
    return decode_as(cell.encode("latin-1"), encoding.codec)
