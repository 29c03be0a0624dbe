"""Header lines: which labels stand on a line, and what stands behind each."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from repair.mirror.tables import simplified

_COLON = re.compile("[:：]")
_BEFORE = 32
"""Characters before a colon that are looked at: the longest label, blanks, and what may not stand before a label."""
_PUNCTUATION = " \t\u3000|;；,，【】[]()（）"


class Labelled(NamedTuple):
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
    for (_, begin, field), (end, *_) in pairwise((*_labels(line), (len(line), 0, ""))):
        value = line[begin:end]
        left = len(value) - len(value.lstrip(_PUNCTUATION))
        value = value.strip(_PUNCTUATION)
        start = offset + begin + left
        yield Labelled(field, value, start, start + len(value))


def is_header(line: str) -> bool:
    """Say whether a line is a header: it begins with a label, or holds two; prose may mention one."""
    found = _labels(line)
    begins = bool(found) and not line[: found[0][0]].strip(_PUNCTUATION)
    return begins or len(found) > 1


@lru_cache(maxsize=32)
def _labels(line: str) -> tuple[tuple[int, int, str], ...]:
    """Return the labels of a line, which is asked whether it is a header first and then for them."""
    return tuple(_found(line))


def _found(line: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end behind its colon, field) of each label of a line: what stands before a colon is looked at.

    It is looked at in simplified characters, one for one, so that 發布時間 is known too and offsets stay.
    """
    for colon in _COLON.finditer(line):
        end = colon.end()
        at = max(0, end - _BEFORE)
        before = line[at : end - 1].rstrip()
        if before[-1:] in _last_characters() and (match := _label().search(before.translate(_translation()))):
            yield at + match.start(), end, _fields()[match["label"]]


@cache
def _translation() -> dict[int, str]:
    return str.maketrans(dict(simplified()))


@cache
def _last_characters() -> frozenset[str]:
    """Return what a label may end in, traditional characters included."""
    ends = {label[-1] for label in _fields()}
    return frozenset(ends | {character for character, plain in simplified().items() if plain in ends})


@cache
def _fields() -> dict[str, str]:
    table = (files("flows.fields") / "labels.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {label: field for label, field in rows}  # noqa: C416 - dict() loses the types


@cache
def _label() -> re.Pattern[str]:
    labels = "|".join(sorted(map(re.escape, _fields()), key=len, reverse=True))
    return re.compile(rf"(?<![\u4e00-\u9fff])(?P<label>{labels})\Z")
