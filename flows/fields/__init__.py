"""The fields of a Chinese news page, from its own header lines and text. Pure: text in, fields out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from flows.fields.dates import find_date
from flows.fields.headers import Labelled, is_header, labelled
from flows.fields.language import languages
from flows.tables import ARTICLE

__all__ = ["ArticleFields", "Articles", "Bytes", "Places", "extract", "extract_all"]
_HEADER_LINES = 12
"""Lines from the top among which headers are looked for: further down, a label is prose."""
_LONGEST_TITLE = 60
_NAMES = re.compile(r"[\u4e00-\u9fff·]{2,6}(?:[、,， \u3000]+[\u4e00-\u9fff·]{2,6})*")
_COUNT, _NO_DIGIT = re.compile(r"([\d,，]+)\s*次?"), re.compile(r"\D")
_SEPARATORS = re.compile(r"[、,，;；/ \u3000]+")
_SENTENCE_END = tuple(sign.encode() for sign in "。！？；.!?;，,：:")
Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


class ArticleFields(NamedTuple):
    """The fields of an article; None where the page does not give one.

    ``named_but_empty`` are fields that the page names and leaves empty; ``spans`` gives for each field found in the
    text its (start, end) there, in characters.
    """

    title: str | None = None
    published_at: datetime | None = None
    authors: tuple[str, ...] | None = None
    source: str | None = None
    visits: int | None = None
    url: str | None = None
    body: str | None = None
    language: str | None = None
    named_but_empty: tuple[str, ...] = ()
    spans: Mapping[str, tuple[int, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Articles:
    """The fields of many articles. Those that the first lines give are in ``tops``, one for each; bodies are a column.

    ``bodies`` are where each body begins, int32[n + 1], and their bytes in UTF-8; one without any bytes is None.
    """

    tops: list[ArticleFields]
    bodies: tuple[npt.NDArray[np.int32], Bytes]
    languages: list[str | None]

    def columns(self) -> dict[str, pa.Array]:
        """Return the fields as the columns of `flows.tables.ARTICLE`."""
        offsets, data = self.bodies
        filled = pa.array(offsets[1:] > offsets[:-1])
        buffers = [filled.buffers()[1], pa.py_buffer(offsets), pa.py_buffer(data)]
        known = {
            "body": pa.Array.from_buffers(pa.string(), len(self.tops), buffers),
            "language": pa.array(self.languages, pa.string()),
        }
        own = {
            f.name: pa.array([getattr(top, f.name) for top in self.tops], f.type)
            for f in ARTICLE
            if f.name not in known
        }
        return own | known


def extract(text: str) -> ArticleFields:
    """Return the fields of an article from its repaired text."""
    data = text.encode("utf-8", "surrogatepass")
    articles = extract_all(np.frombuffer(data, np.uint8), np.array([[0, len(data)]]))
    body = articles.bodies[1].tobytes().decode("utf-8", "surrogatepass")
    return articles.tops[0]._replace(body=body or None, language=articles.languages[0])


def extract_all(data: Bytes, bounds: Places) -> Articles:
    """Return the fields of articles from texts in UTF-8, text n from ``bounds[n, 0]`` to ``bounds[n, 1]``."""
    from flows.fields.kernel import find_lines, join_lines  # noqa: PLC0415 - loads the compiler

    lines, firsts, colons = find_lines(data, bounds, _HEADER_LINES)
    texts = _Texts(data.data, lines.data, colons.data, bytearray(b"\1") * len(lines))
    tops = [texts.top(first, after) for first, after in pairwise(firsts.tolist())]
    bodies = join_lines(data, lines, firsts, np.frombuffer(texts.kept, np.bool_))
    return Articles(tops, bodies, languages(data, bounds))


class _Texts(NamedTuple):
    """The lines of texts, as `flows.fields.kernel.find_lines` tells them, and which of them are kept for the bodies.

    Few lines of a text are looked at: what is told of the others makes no objects.
    """

    data: "memoryview[int]"
    lines: memoryview
    colons: memoryview
    kept: bytearray

    def top(self, first: int, after: int) -> ArticleFields:
        """Return the fields that the first lines of a text give, and take these lines out of its body."""
        headers = [
            number for number in self._tops(first, after) if self.colons[number] and is_header(self._value(number))
        ]
        found = [part for number in headers for part in _values(self._value(number), self.lines[number, 2])]
        title = self._has_title(first, after, headers)
        for number in (first, *headers) if title else headers:
            self.kept[number] = 0
        values = {part.field: part.value for part in reversed(found) if part.value}
        date = find_date(values.get("published_at", ""))
        return ArticleFields(
            title=self._value(first) if title else None,
            published_at=date[0] if date else None,
            authors=_names(values["authors"]) if "authors" in values else None,
            source=values.get("source"),
            visits=_number(values.get("visits")),
            url=values.get("url"),
            named_but_empty=tuple(dict.fromkeys(p.field for p in found if not p.value and p.field not in values)),
            spans=self._spans(first, after, found, title=title),
        )

    def _value(self, number: int) -> str:
        return str(self._bytes(number), "utf-8", "surrogatepass")

    def _bytes(self, number: int) -> bytes:
        return bytes(self.data[self.lines[number, 0] : self.lines[number, 1]])

    def _tops(self, first: int, after: int) -> range:
        return range(first, min(after, first + _HEADER_LINES))

    def _has_title(self, first: int, after: int, headers: Sequence[int]) -> bool:
        """Say whether the first line is a title: it stands above the headers, or apart, or is said twice."""
        if first == after or first in headers:
            return False
        if self.lines[first, 3] - self.lines[first, 2] > _LONGEST_TITLE:
            return False
        line = self._bytes(first)
        stands_apart = after - first > 1 and not line.endswith(_SENTENCE_END)
        return stands_apart or any(self._bytes(number) == line for number in self._tops(first, after)[1:])

    def _spans(self, first: int, after: int, found: Sequence[Labelled], *, title: bool) -> dict[str, tuple[int, int]]:
        spans = {part.field: (part.start, part.end) for part in reversed(found) if part.value}
        if title:
            spans["title"] = (self.lines[first, 2], self.lines[first, 3])
        begins, ends = self.kept.find(1, first, after), self.kept.rfind(1, first, after)
        if begins >= 0:
            spans["body"] = (self.lines[begins, 2], self.lines[ends, 3])
        return spans


def _values(line: str, start: int) -> Iterator[Labelled]:
    """Yield what the labels of a header line say; a value that is none of its label's kind is looked at again.

    Names that stand behind an empty count of visits are the authors: their own label got lost with the number.
    """
    for part in labelled(line, start):
        if part.field == "visits" and part.value and _number(part.value) is None:
            yield Labelled("visits", "", part.start, part.start)
            if _NAMES.fullmatch(part.value):
                yield Labelled("authors", part.value, part.start, part.end)
        elif part.field == "published_at" and (date := find_date(part.value)):
            yield Labelled("published_at", part.value[date[1] : date[2]], part.start + date[1], part.start + date[2])
        elif part.field != "editor":
            yield part


def _names(value: str) -> tuple[str, ...]:
    """Split names at separators, roles taken off.

    >>> _names("记者 张三、李四")
    ('张三', '李四')
    """
    plain = re.sub(r"(?:本报|特约)?(?:记者|通讯员|作者|见习)", " ", value)
    return tuple(name for name in _SEPARATORS.split(plain) if name)


def _number(value: str | None) -> int | None:
    match = _COUNT.fullmatch(value or "")
    digits = _NO_DIGIT.sub("", match.group(1)) if match else ""
    return int(digits) if digits else None
