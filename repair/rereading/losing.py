"""Which misreading that lost bytes convinces of a line at once: bounds, search and decision, many lines a call.

The rules are those of `repair.places` and `repair.search` for a text of one line that a channel explains as a whole.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.lattice.batch import Ways
from repair.lattice.solving import solve_lines
from repair.lossy import MOST_MARKS, Lossy
from repair.rereading.judging import JUDGED, Seen, judge
from repair.rereading.kernel import Points
from repair.rereading.needs import Needs, Thresholds
from repair.rereading.prospects import MORE, Spans, bounds_of, lossy, near_the_best, wider_habits

Numbers = npt.NDArray[np.int64]
_FAR = 60.0
"""Bits behind the best from which on a channel that would contradict it is not searched, by its bound."""
_NEAR = 12.0
"""The same for one that tells the same story: what a code page lost may be the byte that another one has."""
_SETTLED = 0.995
"""Share of its bound, which knows no words around a loss, that a right text explains at least. 96 % of lines that lost
single bytes do; at .98 it is 99 %, but then two in 300 that a wider habit damaged come out wrong.
"""
DECISION = np.dtype(
    [
        ("channel", np.int64),
        ("ways", np.int64),
        ("row", np.int64),
        ("rival", np.int64),
        ("evidence", np.float64),
        ("margin", np.float64),
    ]
)
"""The misreading that convinces of a line and the likeliest that contradicts it, by number in `lossy` (-1: none), where
what was found lies, the evidence, and how far the rival is behind, in bits."""


class Decided(NamedTuple):
    """What was decided of lines: ``lines`` (`DECISION`), and all that was found."""

    lines: npt.NDArray[np.void]
    ways: list[Ways]


class _Known(NamedTuple):
    """What is known of lines and channels, all [lines, channels].

    ``bounds`` is the most evidence that a channel may have, ``evidence`` what it has, minus infinity where it was not
    searched, ``good``: its text is good enough to be believed, ``settled``: it explains as much as its bound says. The
    text lies in ``ways[which]`` in the line ``rows``.
    """

    bounds: npt.NDArray[np.float64]
    evidence: npt.NDArray[np.float64]
    good: npt.NDArray[np.bool_]
    settled: npt.NDArray[np.bool_]
    which: Numbers
    rows: Numbers
    ways: list[Ways]

    def text(self, line: int, channel: int) -> str:
        """Return what a channel makes of a line."""
        return self.ways[self.which[line, channel]].text(int(self.rows[line, channel]))


def _nothing_known(bounds: npt.NDArray[np.float64]) -> _Known:
    no = np.zeros(bounds.shape, np.bool_)
    evidence = np.full(bounds.shape, -np.inf)
    return _Known(bounds, evidence, no, no.copy(), no.astype(np.int64), no.astype(np.int64), [])


def decide_with_losses(points: Points, spans: Spans, needs: Needs) -> Decided:
    """Decide on some lines, each ``points[start:end]``, of which no misreading without losses makes anything.

    The channel of the best bound is searched first, then those that may still be better or contradict it; a wider twin
    only where the narrower does not settle the matter.
    """
    bounds, bits = bounds_of(points, spans)
    seen, waiting = Seen(points, spans, bits), near_the_best(bounds)
    if not waiting.any():
        return Decided(_undecided(len(spans)), [])
    known = _nothing_known(bounds + lossy().known.channels["prior"])
    held = [
        (wide, narrow, waiting[:, wide] & waiting[:, narrow] & (bounds[:, wide] <= bounds[:, narrow] + MORE))
        for wide, narrow in wider_habits()
    ]
    at_once = waiting.copy()
    for wide, _, lines in held:
        at_once[lines, wide] = False
    first = np.where(at_once, known.bounds, -np.inf).argmax(1)
    wanted = at_once & (np.arange(bounds.shape[1]) == first[:, None])
    while wanted.any():
        for channel in np.flatnonzero(wanted.any(0)).tolist():
            _search(seen, np.flatnonzero(wanted[:, channel]), channel, needs, known)
        waiting &= ~wanted
        wanted = waiting & at_once & _open(known)
        for wide, narrow, lines in held:
            wanted[:, wide] |= lines & waiting[:, wide] & ~waiting[:, narrow] & ~known.settled[:, narrow]
    return _chosen(known, needs.least)


def _search(seen: Seen, lines: Numbers, channel: int, needs: Needs, known: _Known) -> None:
    """Search some of the lines for what a channel lost."""
    own = Seen(seen.points, seen.spans[lines], seen.bits[lines])
    misreading, judged = misreading_of(channel), np.empty(len(lines), JUDGED)
    ways = solve_lines(own.points, own.spans, misreading.original, misreading.wrong, misreading.habit)
    proved = needs.proved if misreading.original == "utf-8" else 0.0
    judge(own, ord(misreading.mark), MOST_MARKS, ways, proved, needs, judged)
    evidence = judged["gain"] + lossy().known.channels["prior"][channel]
    known.evidence[lines, channel], known.good[lines, channel] = evidence, judged["good"]
    known.settled[lines, channel] = judged["good"] & (evidence >= _SETTLED * known.bounds[lines, channel])
    known.which[lines, channel], known.rows[lines, channel] = len(known.ways), np.arange(len(lines))
    known.ways.append(ways)


@cache
def _originals() -> npt.NDArray[np.str_]:
    return np.array([channel.original for channel, _ in lossy().entries])


def _open(known: _Known) -> npt.NDArray[np.bool_]:
    """Say which channels may be better than the best so far, or contradict it from near by.

    Each is taken to explain a line better than its bound says by as much as the best does. Two that begin with the same
    encoding tell the same story (`repair.search`).
    """
    every, best = np.arange(len(known.bounds)), known.evidence.argmax(1)
    bound = known.bounds[every, best]
    reached = np.minimum(known.evidence[every, best], bound)
    contradict = _originals() != _originals()[best][:, None]
    found: npt.NDArray[np.bool_] = known.bounds > reached[:, None] - np.where(contradict, _FAR, _NEAR)
    return found


def _undecided(count: int) -> npt.NDArray[np.void]:
    lines = np.zeros(count, DECISION)
    lines["channel"], lines["rival"], lines["margin"] = -1, -1, np.inf
    return lines


def _chosen(known: _Known, least: Thresholds) -> Decided:
    """Choose the channel of most evidence where it is enough, beside those that make another text of the line."""
    every = np.arange(len(known.evidence))
    best = known.evidence.argmax(1)
    lines = _undecided(len(every))
    lines["channel"] = best
    lines["ways"], lines["row"] = known.which[every, best], known.rows[every, best]
    lines["evidence"] = known.evidence[every, best]
    for line in np.flatnonzero(np.isfinite(known.evidence).sum(1) > 1).tolist():
        rival = _rival(known, line, int(best[line]))
        if rival >= 0:
            lines["rival"][line] = rival
            lines["margin"][line] = known.evidence[line, best[line]] - known.evidence[line, rival]
    enough = known.good[every, best] & (lines["evidence"] >= least.evidence) & (lines["margin"] >= least.margin)
    lines["channel"][~enough] = -1
    return Decided(lines, known.ways)


def _rival(known: _Known, line: int, chosen: int) -> int:
    """Return the likeliest channel that makes another text of a line and tells another story, -1 for none."""
    evidence = np.where(_originals() == _originals()[chosen], -np.inf, known.evidence[line])
    text = known.text(line, chosen)
    for number in np.argsort(-evidence, kind="stable").tolist():
        if not np.isfinite(evidence[number]):
            break
        if known.text(line, number) != text:
            return int(number)
    return -1


def misreading_of(channel: int) -> Lossy:
    """Return a misreading by its number in `lossy`."""
    misreading, _ = lossy().entries[channel]
    assert isinstance(misreading, Lossy)
    return misreading
