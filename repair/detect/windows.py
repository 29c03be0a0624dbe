"""Large records by windows: each is examined by itself, and where they disagree the whole is read."""

from collections import Counter
from itertools import pairwise

import numpy as np

from repair.compiled import borrowing
from repair.detect.batch import Batch, batch_of, examined
from repair.detect.decoders import MULTIBYTE
from repair.detect.decoding import Data
from repair.detect.segments import majority, segments_of
from repair.detect.verdict import verdicts
from repair.result import Detection

LARGE = 1 << 17
"""Bytes from which a record is sampled."""
_WINDOWS = 16
_WIDTH = 4096
_LINE_FEED, _BLANK = b"\n "


def sampled(data: bytes, declared: str | None) -> Detection:
    """Return the encoding of a large record by windows spread over it, each where the next byte beyond ASCII lies.

    Where all windows agree, it is what they say together; where they do not, the whole is cut into segments and the
    encoding of most bytes is the answer. The reason says which.
    """
    array = np.frombuffer(data, np.uint8)
    places = _places(array)
    batch = Batch(array, *np.array(places, np.int64).T)
    answers = verdicts(list(batch.records()), examined(batch), declared)
    said = Counter(answer.encoding for answer in answers if answer.encoding != "ascii")
    if len({_family(encoding) for encoding in said}) > 1:
        (commonest, _), *_ = said.most_common(1)
        return majority(data, segments_of(data, Detection(commonest, 0.5, "")))
    sample = b"".join(data[start:end] for start, end in places)
    together = verdicts([sample], examined(batch_of([sample])), declared)[0]
    return Detection(together.encoding, together.confidence, f"{together.reason}; {len(places)} windows agree")


def _family(encoding: str | None) -> str | None:
    """Return what windows need to agree on: the encoding, but for alphabets, which a window alone cannot tell apart."""
    known = encoding is None or encoding.startswith(("utf", "hz", "iso2022")) or encoding in MULTIBYTE
    return encoding if known else "alphabet"


def _places(data: Data) -> list[tuple[int, int]]:
    """Return (start, end) of each window: the beginning, and where other bytes than ASCII are, from a line's start."""
    spots = np.linspace(0, len(data) - _WIDTH, _WINDOWS).astype(int).tolist()
    places = [(0, _WIDTH)]
    for spot, following in pairwise([_WIDTH, *spots[1:], len(data)]):
        high = int(next_high(data, spot, following))
        if high < following:
            start = int(line_start(data, max(places[-1][1], high - _WIDTH // 2), high)) & ~1
            places.append((start, min(start + _WIDTH, len(data))))
    return places


@borrowing
def next_high(data: Data, start: int, end: int) -> int:
    """Return where the next byte beyond ASCII lies; ``end`` where there is none."""
    at = start
    while at < end and data[at] < 0x80:  # noqa: PLR2004 - the end of ASCII
        at += 1
    return at


@borrowing
def line_start(data: Data, start: int, end: int) -> int:
    """Return where the line of ``end`` begins; where none begins after ``start``, the last mark or blank before it."""
    mark = end
    for at in range(end - 1, start - 1, -1):
        if data[at] == _LINE_FEED:
            return at + 1
        if mark == end and data[at] <= _BLANK:
            mark = at + 1
    return mark
