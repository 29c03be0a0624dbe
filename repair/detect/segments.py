"""Bytes in several encodings, one after the other: concatenated logs, mailboxes, tables whose rows were never one."""

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from repair.detect.batch import Batch, examined
from repair.detect.confidence import tempered
from repair.detect.decoders import MULTIBYTE, detectable, load_decoders
from repair.detect.decoding import Data
from repair.detect.examination import Examined, Route
from repair.detect.pieces import Flags, Places, best_path, doubtful, line_starts, piece_bits, piece_starts, reading_of
from repair.language import load
from repair.result import Detection, Segment

_CHANGE = (35.0, 50.0)
"""Bits that a change of encoding costs where a line begins, and within one. A bad byte costs some 30, and changing back
counts too, so that one is no segment."""
_SHARP_CHANGE = (12.0, 18.0)
"""The same between UTF-8 and one other encoding: text of the other is hardly ever valid UTF-8."""
_ENOUGH = 45.0
"""Bits by which an encoding must beat the file's own, over all the pieces where it is best, to be thought of, and by
which several must beat it at last."""
_LEAD = 20.0
"""Bits by which it must lead in a piece for that to count: in rare characters another encoding leads by chance."""
_MOST = 4
"""Encodings thought of besides the file's own."""
_BAD_SHARE = 0.1
_POOR = 12.0
_FEW = 4
_LEAST = 2
"""A stretch reads well that has two characters beyond ASCII, at most this share of bad bytes, and at most this many
bits a character; of fewer than four, as many as four may have. Chinese has 5 to 10, what is read in the wrong encoding
14 and more."""
_JUDGED = 4096
_RARE = 12.5
"""Bits of a character by itself, on average of a line, from which its parts are looked at."""
_ASCII = bytes(range(0x80))
_NOT_CUT = ("utf-16-le", "utf-16-be")


class _Stretch(NamedTuple):
    """Neighbouring bytes in one encoding, by its index, and by how many bits it leads the others there."""

    start: int
    end: int
    encoding: int
    lead: float


def segments_of(data: bytes, whole: Detection) -> tuple[Segment, ...]:
    """Cut bytes where their encoding changes, given what they are as a whole; one segment where it does not.

    What one encoding explains is never cut, nor is a single bad byte. A byte-order mark of UTF-8 belongs to the first
    segment, which is then utf-8-sig. UTF-16 and encodings with escapes are not cut.
    """
    main = "utf-8" if whole.encoding == "utf-8-sig" else whole.encoding
    stretches = _stretches(np.frombuffer(data, np.uint8), main) if main and _may_change(data, main) else []
    if len(stretches) < 2:  # noqa: PLR2004 - one is no change
        return (Segment(0, len(data), whole.encoding, whole.confidence),)
    segments = [Segment(s.start, s.end, detectable()[s.encoding], tempered(s.lead)) for s in stretches]
    if whole.encoding == "utf-8-sig" and segments[0].encoding == "utf-8":
        segments[0] = Segment(0, segments[0].end, whole.encoding, segments[0].confidence)
    return tuple(segments)


def majority(data: bytes, segments: tuple[Segment, ...]) -> Detection:
    """Return the encoding of most of the bytes beyond ASCII."""
    shares = Counter[str | None]()
    for segment in segments:
        shares[segment.encoding] += len(data[segment.start : segment.end].translate(None, _ASCII))
    (name, most), *_ = shares.most_common(1)
    share = most / max(1, shares.total())
    if len(segments) == 1:
        return Detection(name, segments[0].confidence, "read whole: windows disagree, lines do not")
    return Detection(name, share, f"{share:.0%} of the bytes beyond ASCII, in {len(segments)} segments")


def _may_change(data: bytes, encoding: str) -> bool:
    """Say whether the encoding is one of those that take turns, and does not explain every byte as UTF-8 would."""
    if encoding not in detectable() or encoding in _NOT_CUT:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return encoding != "utf-8"


def _stretches(data: Data, main: str) -> list[_Stretch]:
    """Return the stretches of the likeliest way through the pieces; none where that is no better than one encoding."""
    own = detectable().index(main)
    lines = line_starts(data)
    flags = doubtful(load_decoders(), load().tables, own, data, lines)
    encodings, explained = _candidates(data, lines, flags, own)
    flags[flags] = ~explained
    starts, begins = piece_starts(data, lines, flags)
    within = np.repeat(flags, np.diff(np.searchsorted(starts, lines)))
    encodings = list(dict.fromkeys((own, *encodings, *_candidates(data, starts, within, own)[0])))
    if len(encodings) == 1:
        return []
    bits = piece_bits(load_decoders(), load().tables, np.array(encodings), data, starts)
    path = best_path(bits, begins, *_change(encodings))
    for first, end in _runs(path):
        if path[first] and not _reads_well(data[starts[first] : starts[end]], encodings[path[first]]):
            path[first:end] = 0  # damaged, not in another encoding
    gain = bits[:, 0].sum() - bits[np.arange(len(path)), path].sum()
    found = []
    for first, end in _runs(path):
        totals = bits[first:end].sum(axis=0)
        lead = float(np.delete(totals, path[first]).min() - totals[path[first]])
        found.append(_Stretch(int(starts[first]), int(starts[end]), encodings[path[first]], lead))
    return found if gain >= _ENOUGH and _make_sense(data, found) else []


def _candidates(data: Data, starts: Places, flags: Flags, own: int) -> tuple[list[int], Flags]:
    """Return the encodings that read flagged pieces better than the file's own, and which pieces one explains."""
    found = examined(Batch(data, starts[:-1][flags], starts[1:][flags]))
    contested = found.route == Route.CONTEST
    leads = found.bits[contested, own] - found.bits[contested].min(axis=1, initial=np.inf)
    sums = np.bincount(found.best[contested], np.where(leads >= _LEAD, leads, 0.0), minlength=len(detectable()))
    sums[detectable().index("utf-8")] += _ENOUGH * (found.route == Route.UTF_8).sum()
    sums[[own, *map(detectable().index, _NOT_CUT)]] = 0
    best = np.argsort(-sums, kind="stable")[:_MOST]
    return best[sums[best] >= _ENOUGH].tolist(), _explained(found)


def _explained(found: Examined) -> Flags:
    explained: Flags = (found.bad == 0) & (found.rarity <= _RARE * np.maximum(_FEW, found.good))
    return explained


def _change(encodings: list[int]) -> tuple[float, float]:
    names = {detectable()[encoding] for encoding in encodings}
    return _SHARP_CHANGE if len(names) == 2 and "utf-8" in names and names & MULTIBYTE else _CHANGE  # noqa: PLR2004


def _reads_well(data: Data, encoding: int) -> bool:
    """Judge a stretch by its beginning; a stretch may be the whole of a large file."""
    _, bits, good, bad = reading_of(load_decoders(), load().tables, encoding, data[:_JUDGED])
    return bool(good >= _LEAST and bad <= _BAD_SHARE * good and bits <= _POOR * max(_FEW, good))


def _make_sense(data: Data, stretches: list[_Stretch]) -> bool:
    """Say whether nearly all bytes read well; otherwise they are in none of the encodings compared."""
    high = [int(np.count_nonzero(data[s.start : s.end] & 0x80)) for s in stretches]
    well = [_reads_well(data[s.start : s.end], s.encoding) for s in stretches]
    return sum(count for count, good in zip(high, well, strict=True) if good) >= (1 - _BAD_SHARE) * sum(high)


def _runs(path: Places) -> list[tuple[int, int]]:
    """Return (first, end) of each run of pieces in one encoding."""
    firsts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist()]
    return list(pairwise([*firsts, len(path)]))
