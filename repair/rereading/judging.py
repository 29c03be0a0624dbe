"""What a search for lost bytes found of each line: what it gains, and whether it is good enough to be believed."""
# ruff: noqa: SIM110 - compiled code has no generators

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.lattice.batch import Ways
from repair.rereading.kernel import Points, of_script
from repair.rereading.needs import Needs

JUDGED = np.dtype([("gain", np.float64), ("good", np.bool_)], align=True)
"""Bits that a line gains, minus infinity where nothing was found or the line does not leave enough; whether that is
enough and the text reads well and holds as many distinct hanzi, kana and hangul as it needs."""
_ASCII = np.uint32(0x80)


class Seen(NamedTuple):
    """Lines as they stand: ``points[start:end]`` of ``spans`` [lines, 2], and what each costs in ``bits``."""

    points: Points
    spans: npt.NDArray[np.int64]
    bits: npt.NDArray[np.float64]


@compiled
def judge(
    seen: Seen,
    mark: int,
    most_marks: float,
    ways: Ways,
    proved: float,
    needs: Needs,
    judged: npt.NDArray[np.void],
) -> None:
    """Fill in `JUDGED` of each line, of which ``ways`` tell what was found.

    ``proved`` is the share of what a line gains that it may be dearer by; ``most_marks`` how many marks for each other
    character beyond ASCII leave enough.
    """
    known = np.empty(needs.distinct, np.uint32)
    for line in range(len(seen.spans)):
        judged[line].gain, judged[line].good = -np.inf, False
        first, last = ways.lines[line], ways.lines[line + 1]
        marks, others = _count(seen.points, seen.spans[line, 0], seen.spans[line, 1], mark)
        if first.failed >= 0 or marks > most_marks * others:
            continue
        gain = seen.bits[line] - first.bits
        script, count = needs.dearness.more + proved * gain, 0
        for at in range(first.character, last.character):
            point = ways.characters[at].point
            if of_script(point):
                script += needs.dearness.each - ways.characters[at].bits
                if count < len(known) and not holds(known, count, point):
                    known[count] = point
                    count += 1
        judged[line].gain = gain
        judged[line].good = script > 0 and count == len(known) and gain > needs.least.gain


@borrowing
def _count(points: Points, start: int, end: int, mark: int) -> tuple[int, int]:
    """Return how many marks there are, and other characters beyond ASCII."""
    marks, others = 0, 0
    for at in range(start, end):
        marks += points[at] == mark
        others += points[at] >= _ASCII and points[at] != mark
    return marks, others


@borrowing
def holds(known: Points, count: int, point: np.uint32) -> bool:
    """Say whether a character is among the first ``count`` that are known."""
    for at in range(count):
        if known[at] == point:
            return True
    return False
