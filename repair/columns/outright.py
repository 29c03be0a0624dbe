"""The values of a column that are one line, misread as a whole and without loss: decided and written in columns.

The same decision as `repair.outright.read_at_once` takes on one text, on thousands at a time; Python sees each value
only inside the codecs.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from repair.columns.kernel import SLICE, Offsets, changed_slices, characters, distinct_reach
from repair.outright import thresholds
from repair.policy import Policy
from repair.quoted import QUOTED, TOPIC
from repair.rereading.kernel import Points
from repair.rereading.prospects import strict, verdicts_of
from repair.soundness import DEARNESS, SCRIPTS
from repair.triage import buffers, suspicious_values

_BLOCK = 4096
"""Values that are decided together."""


class Outright(NamedTuple):
    """Values that were decided: their numbers, and for each the strict misreading, the bits of evidence and the text.

    ``slices`` are those of all texts that changed (`SLICE`), those of text i from ``ends[i]`` to ``ends[i + 1]``.
    """

    numbers: npt.NDArray[np.int64]
    channels: npt.NDArray[np.int32]
    evidence: npt.NDArray[np.float64]
    seen: pa.LargeStringArray
    texts: pa.LargeStringArray
    slices: npt.NDArray[np.void]
    ends: Offsets


def read_outright(values: pa.LargeStringArray, policy: Policy) -> Iterator[Outright]:
    """Yield the values, in blocks, that a strict misreading explains beyond doubt."""
    for start in range(0, len(values), _BLOCK):
        block = values.slice(start, _BLOCK)
        rows = np.flatnonzero(eligible(block))
        if len(rows):
            yield from _decided(block.take(pa.array(rows)), rows + start, policy)


def eligible(values: pa.LargeStringArray) -> npt.NDArray[np.bool_]:
    """Say which values are one line beyond ASCII that does not speak of damage; of those in doubt, none.

    RE2 knows word boundaries of ASCII only, so they are left out: more lines count as speaking of damage.
    """
    topic = TOPIC.pattern.replace(r"\b", "")
    bare = pc.string_is_ascii(pc.replace_substring_regex(values, QUOTED.pattern, ""))
    out = pc.match_substring_regex(values, f"(?i){topic}|\\n")
    found: npt.NDArray[np.bool_] = pc.invert(pc.or_(out, bare)).to_numpy(zero_copy_only=False)
    return found


def _decided(values: pa.LargeStringArray, numbers: npt.NDArray[np.int64], policy: Policy) -> Iterator[Outright]:
    points, starts = points_of_values(values)
    spans = np.stack((starts[:-1], starts[1:]), 1)
    verdicts = verdicts_of(points, spans, DEARNESS, thresholds(policy))
    sure = np.flatnonzero((verdicts["channel"] >= 0) & (verdicts["margin"] >= policy.min_margin))
    channels, evidence = verdicts["channel"][sure], verdicts["evidence"][sure]
    found = read_by(values.take(pa.array(sure)), channels, evidence, policy.min_characters)
    if found:
        yield found._replace(numbers=numbers[sure[found.numbers]])


def read_by(
    values: pa.LargeStringArray,
    channels: npt.NDArray[np.int32],
    evidence: npt.NDArray[np.float64],
    characters: int,
) -> Outright | None:
    """Read each value by its misreading; keep those that hold so many characters then and need no further look."""
    texts = _reread(values.to_pylist(), channels)
    kept = np.array([number for number, text in enumerate(texts) if text is not None], np.int64)
    read = pa.array([texts[number] for number in kept.tolist()], pa.large_string())
    good = _needs_no_look(read, characters)
    rows, read = kept[good], read.filter(pa.array(good))
    if not len(rows):
        return None
    seen, own = values.take(pa.array(rows)), channels[rows]
    return Outright(rows, own, evidence[rows], seen, read, *_slices(seen, read, own))


def points_of_values(values: pa.LargeStringArray) -> tuple[Points, Offsets]:
    """Return the code points of all values, uint32, and where each begins, int64[len(values) + 1]."""
    data, offsets = buffers(values)
    points = np.empty(int(offsets[-1] - offsets[0]), np.uint32)
    starts = characters(data, offsets, points)
    return points[: starts[-1]], starts


def _reread(values: Sequence[str], channels: npt.NDArray[np.int32]) -> list[str | None]:
    """Read each value rightly by Python's codecs, and back; None where that fails."""
    texts: list[str | None] = [None] * len(values)
    for number in np.unique(channels).tolist():
        channel, _ = strict().entries[number]
        own = np.flatnonzero(channels == number).tolist()
        together = channel.reread("\n".join(values[at] for at in own))  # a line break stays one
        read = together.split("\n") if together is not None else []
        if len(read) != len(own):
            read = [channel.reread(values[at]) for at in own]
        for at, text in zip(own, read, strict=True):
            texts[at] = text
    return texts


def _needs_no_look(texts: pa.LargeStringArray, least: int) -> npt.NDArray[np.bool_]:
    """Say which texts hold enough characters to be sure of, and nothing that looks damaged."""
    points, starts = points_of_values(texts)
    scripts = np.array([[ord(first), ord(last)] for first, last in SCRIPTS], np.uint32)
    enough = distinct_reach(points, starts, scripts, least)
    return enough & ~suspicious_values(texts)


def _slices(
    seen: pa.LargeStringArray, texts: pa.LargeStringArray, channels: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.void], Offsets]:
    before, after = points_of_values(texts), points_of_values(seen)
    slices = np.empty(len(after[0]), SLICE)  # sized for the worst case, of which little is touched
    ends = changed_slices(after, before, channels, strict().known, slices)
    return slices[: ends[-1]], ends
