"""The fields of a Chinese news page, from its own header lines and text. Pure: text in, fields out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from flows.fields.dates import find_date
from flows.fields.headers import Labelled, is_header, labelled
from flows.fields.language import language

__all__ = ["ArticleFields", "extract"]
_HEADER_LINES = 12
"""Lines from the top among which headers are looked for: further down, a label is prose."""
_LONGEST_TITLE = 60
_NAMES = re.compile(r"[\u4e00-\u9fff·]{2,6}(?:[、,， \u3000]+[\u4e00-\u9fff·]{2,6})*")
_SEPARATORS = re.compile(r"[、,，;；/ \u3000]+")
_SENTENCE_END = tuple("。！？；.!?;，,：:")


@dataclass(frozen=True, slots=True)
class ArticleFields:
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
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)


def extract(text: str) -> ArticleFields:
    """Return the fields of an article from its repaired text."""
    lines = list(_lines(text))
    headers = [line for line in lines[:_HEADER_LINES] if is_header(line.value)]
    found = [part for line in headers for part in _values(line)]
    title = _title(lines, headers)
    body = [line for line in lines if line not in headers and line is not title]
    spans = {part.field: (part.start, part.end) for part in reversed(found) if part.value}
    if title:
        spans["title"] = (title.start, title.end)
    if body:
        spans["body"] = (body[0].start, body[-1].end)
    values = {part.field: part.value for part in reversed(found) if part.value}
    date = find_date(values.get("published_at", ""))
    return ArticleFields(
        title=title.value if title else None,
        published_at=date[0] if date else None,
        authors=_names(values["authors"]) if "authors" in values else None,
        source=values.get("source"),
        visits=_number(values.get("visits")),
        url=values.get("url"),
        body="\n".join(line.value for line in body) or None,
        language=language(text),
        named_but_empty=tuple(dict.fromkeys(p.field for p in found if not p.value and p.field not in values)),
        spans=spans,
    )


def _lines(text: str) -> Iterator[Labelled]:
    """Yield the lines that are not blank, stripped, with their spans."""
    at = 0
    for raw in text.splitlines(keepends=True):
        value = raw.strip(" \t\r\n\u3000\ufeff")
        start = at + raw.find(value) if value else at
        if value:
            yield Labelled("line", value, start, start + len(value))
        at += len(raw)


def _values(line: Labelled) -> Iterator[Labelled]:
    """Yield what the labels of a header line say; a value that is none of its label's kind is looked at again.

    Names that stand behind an empty count of visits are the authors: their own label got lost with the number.
    """
    for part in labelled(line.value, line.start):
        if part.field == "visits" and part.value and _number(part.value) is None:
            yield Labelled("visits", "", part.start, part.start)
            if _NAMES.fullmatch(part.value):
                yield Labelled("authors", part.value, part.start, part.end)
        elif part.field == "published_at" and (date := find_date(part.value)):
            yield Labelled("published_at", part.value[date[1] : date[2]], part.start + date[1], part.start + date[2])
        elif part.field != "editor":
            yield part


def _title(lines: list[Labelled], headers: list[Labelled]) -> Labelled | None:
    """Return the line above the headers, or the first of a page where it stands apart or is said twice."""
    first = lines[0] if lines else None
    if first is None or first in headers or len(first.value) > _LONGEST_TITLE:
        return None
    known = any(line.value == first.value for line in lines[1:_HEADER_LINES])
    stands_apart = len(lines) > 1 and not first.value.endswith(_SENTENCE_END)
    return first if known or stands_apart else None


def _names(value: str) -> tuple[str, ...]:
    """Split names at separators, roles taken off.

    >>> _names("记者 张三、李四")
    ('张三', '李四')
    """
    plain = re.sub(r"(?:本报|特约)?(?:记者|通讯员|作者|见习)", " ", value)
    return tuple(name for name in _SEPARATORS.split(plain) if name)


def _number(value: str | None) -> int | None:
    match = re.fullmatch(r"([\d,，]+)\s*次?", value or "")
    return int(re.sub(r"\D", "", match.group(1))) if match and re.search(r"\d", value or "") else None
