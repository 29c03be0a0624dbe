"""The values of a column that are one line and lost bytes: decided, searched and written in columns.

The same decision as `repair.outright.read_at_once` takes on one text, and the same edits as `repair.edits` makes of it.
Whatever is not settled by that alone is left to the search of single values.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from repair.columns.answers import Answers, Words
from repair.columns.kernel import Offsets
from repair.columns.lossy_edits import GRADES, edits_with_losses
from repair.columns.lossy_kernel import LOST, PLACE, places, plain, weakest
from repair.columns.outright import eligible, points_of_values
from repair.columns.utf8 import strings
from repair.filled import Filled
from repair.lattice.batch import Ways
from repair.lost import RESIDUE
from repair.outright import needs, thresholds
from repair.policy import Policy
from repair.rereading.judging import Seen
from repair.rereading.losing import decide_with_losses, misreading_of
from repair.rereading.prospects import verdicts_of
from repair.soundness import DEARNESS
from repair.stored import chain_to_json
from repair.triage import buffers, suspicious_values

_BLOCK = 1 << 18
"""Bytes of text that are decided together: what is found of each takes some fifty."""
_OTHER_LOSSES = RESIDUE.removeprefix("\ufffd|")


class _Group(NamedTuple):
    """Some lines in which one channel convinced: their numbers, where they stand, the evidence, and what was found.

    ``rows`` are the lines of ``ways`` that have it.
    """

    channel: int
    numbers: Offsets
    seen: Seen
    evidence: npt.NDArray[np.float64]
    ways: Ways
    rows: Offsets

    def only(self, kept: npt.NDArray[np.bool_]) -> "_Group":
        """Return the group without some lines."""
        seen = Seen(self.seen.points, self.seen.spans[kept], self.seen.bits)
        return self._replace(numbers=self.numbers[kept], seen=seen, evidence=self.evidence[kept], rows=self.rows[kept])


def read_with_losses(values: pa.LargeStringArray, asked: Offsets, policy: Policy) -> Iterator[tuple[Offsets, Answers]]:
    """Yield the numbers of the values that a misreading with losses explains beyond doubt, of those asked for.

    With each the answers, in blocks.
    """
    for numbers in _blocks(values, asked):
        block = values.take(pa.array(numbers))
        rows = np.flatnonzero(eligible(block))
        if len(rows):
            for group in _decided(block.take(pa.array(rows)), numbers[rows], policy):
                yield from _answered(group, policy)


def _blocks(values: pa.LargeStringArray, asked: Offsets) -> list[Offsets]:
    """Divide the numbers of values into blocks of some bytes."""
    ends = np.cumsum(np.diff(buffers(values)[1])[asked])
    return np.split(asked, np.flatnonzero(np.diff(ends // _BLOCK)) + 1)


def _decided(values: pa.LargeStringArray, numbers: Offsets, policy: Policy) -> Iterator[_Group]:
    """Yield the lines of which a channel convinces, by where what was found lies."""
    points, starts = points_of_values(values)
    spans = np.stack((starts[:-1], starts[1:]), 1)
    unread = np.flatnonzero(verdicts_of(points, spans, DEARNESS, thresholds(policy))["evidence"] == -np.inf)
    if not len(unread):
        return
    decided = decide_with_losses(points, spans[unread], needs(policy))
    sure = (decided.lines["channel"] >= 0) & (decided.lines["margin"] >= policy.min_margin)
    for which, ways in enumerate(decided.ways):
        own = np.flatnonzero(sure & (decided.lines["ways"] == which))
        if len(own):
            lines, lying = decided.lines[own], unread[own]
            seen = Seen(points, spans[lying], np.zeros(0))
            yield _Group(int(lines["channel"][0]), numbers[lying], seen, lines["evidence"], ways, lines["row"])


def _answered(group: _Group, policy: Policy) -> Iterator[tuple[Offsets, Answers]]:
    """Yield the answers for the lines of a group that replay, and of which nothing more is to be said."""
    group = group.only(plain(group.seen, group.ways, group.rows, policy.min_probability))
    texts, seen = _texts(group), strings(group.seen.points, *group.seen.spans.T)
    good = np.array(misreading_of(group.channel).replaying(texts, seen.to_pylist()), np.bool_)
    good &= ~suspicious_values(pa.array(texts, pa.large_string()))
    group, seen = group.only(good), seen.filter(pa.array(good))
    while len(group.rows):
        delivered, answers = _answers(group, seen, policy)
        more = pc.or_(pc.match_substring_regex(delivered, _OTHER_LOSSES), pc.string_is_ascii(delivered))
        settled = ~more.to_numpy(zero_copy_only=False)
        if settled.all():
            yield group.numbers, answers
            return
        group, seen = group.only(settled), seen.filter(pa.array(settled))


def _texts(group: _Group) -> list[str]:
    """Return what was found for each line."""
    whole = group.ways.characters["point"].astype("<u4").tobytes().decode("utf-32-le")
    starts, ends = group.ways.lines["character"][group.rows], group.ways.lines["character"][group.rows + 1]
    return [whole[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def _answers(group: _Group, seen: pa.LargeStringArray, policy: Policy) -> tuple[pa.LargeStringArray, Answers]:
    """Return what is delivered of each line, and all that is said of it."""
    lines, rows = group.ways.lines["character"], group.rows
    found = int((lines[rows + 1] - lines[rows]).sum())
    delivered = np.empty(found + int(np.diff(group.seen.spans).sum()), np.uint32)
    out = np.empty(found, PLACE)
    text_ends, ends = places(group.seen, group.ways, rows, policy.min_probability, delivered, out)
    out = out[: ends[-1]]
    texts = strings(delivered, text_ends[:-1], text_ends[1:])
    return texts, Answers(
        texts,
        pc.not_equal(texts, seen).to_numpy(zero_copy_only=False),
        _graded(weakest(ends, out["grade"])),
        group.evidence,
        _chains(group, ends, out),
        edits_with_losses(out, group.seen.points, delivered, group.ways),
        ends,
    )


def _graded(grades: npt.NDArray[np.int64]) -> Words:
    return grades.astype(np.int32), GRADES


def _chains(group: _Group, ends: Offsets, out: npt.NDArray[np.void]) -> Words:
    """Return the chain of each line: the misreading, and before it the guesses at what stays as found."""
    misreading = misreading_of(group.channel)
    words, which = [chain_to_json((misreading,))], np.zeros(len(group.rows), np.int32)
    points = group.ways.characters["point"]
    for row, (first, last) in enumerate(pairwise(ends.tolist())):
        own = out[first:last]
        unknown = []
        for place in own[own["grade"] == LOST]:
            guess = "".join(map(chr, points[place["guess_from"] : place["guess_to"]].tolist()))
            left = "".join(map(chr, group.seen.points[place["seen_from"] : place["seen_to"]].tolist()))
            if guess != left:
                unknown.append((int(place["start"]), int(place["end"]), guess))
        if unknown:
            which[row] = len(words)
            words.append(chain_to_json((Filled(tuple(unknown)), misreading)))
    return which, words
