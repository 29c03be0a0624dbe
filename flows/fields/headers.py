"""Header lines: which labels stand on a line, and what stands behind each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from repair.mirror.tables import simplified

_COLON = re.compile("[:：]")
_PUNCTUATION = " \t\u3000|;；,，【】[]()（）"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label's field and the value behind it, with the value's span in the text; the value may be empty."""

    field: str
    value: str
    start: int
    end: int


def labelled(line: str, offset: int) -> Iterator[Labelled]:
    """Yield the labels of a line in order; ``offset`` is where the line begins in the text.

    >>> [(found.field, found.value) for found in labelled("发布时间:2021-08-13 访问次数: 来源:县融媒体中心", 0)]
    [('published_at', '2021-08-13'), ('visits', ''), ('source', '县融媒体中心')]
    """
    found = list(_label().finditer(_simplified(line)))
    for match, following in zip(found, [*found[1:], None], strict=True):
        end = following.start() if following else len(line)
        value = line[match.end() : end]
        left = len(value) - len(value.lstrip(_PUNCTUATION))
        value = value.strip(_PUNCTUATION)
        start = offset + match.end() + left
        yield Labelled(_fields()[match["label"].replace(" ", "")], value, start, start + len(value))


def is_header(line: str) -> bool:
    """Say whether a line is a header: it begins with a label, or holds two; prose may mention one."""
    if not _COLON.search(line):
        return False
    found = list(_label().finditer(_simplified(line)))
    begins = bool(found) and not line[: found[0].start()].strip(_PUNCTUATION)
    return begins or len(found) > 1


def _simplified(line: str) -> str:
    """Return a line with simplified characters, one for one, so that 發布時間 is known too and offsets stay."""
    return line.translate(_translation())


@cache
def _translation() -> dict[int, str]:
    return str.maketrans(dict(simplified()))


@cache
def _fields() -> dict[str, str]:
    table = (files("flows.fields") / "labels.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {label: field for label, field in rows}  # noqa: C416 - dict() loses the types


@cache
def _label() -> re.Pattern[str]:
    labels = "|".join(sorted(map(re.escape, _fields()), key=len, reverse=True))
    return re.compile(rf"(?<![\u4e00-\u9fff])(?P<label>{labels})\s*[:：]")
