"""Values too short to be sure of alone that agree with the rest of their column on a strict misreading.

The rule is that of `repair.places` for the lines of a text, counted for all channels at once: where a misreading
explains every value beyond ASCII, each may gain as little as it does; where four in five gain enough by themselves,
the others need less, and may read worse; else each must gain enough.
"""

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from repair.columns.outright import Outright, eligible, points_of_values, read_by
from repair.places import AGREED, AGREED_BITS, FEWEST_AGREED, LINE_BITS
from repair.policy import Policy
from repair.pooling import LEAST_DISTINCT
from repair.rereading.prospects import Readings, readings_of, strict
from repair.soundness import DEARNESS, FOLLOWING, LETTERS_ALONE, between, distinct, proves_itself

_POOL = 1 << 14
"""Values that are decided together: what is known of each takes a kilobyte."""
_ROUNDS = 6
Mask = npt.NDArray[np.bool_]


def read_together(values: pa.LargeStringArray, odd: Mask, asked: Mask, policy: Policy) -> Iterator[Outright]:
    """Yield what a column agrees on of those of its distinct values that are ``asked`` for.

    ``odd`` says which look damaged. Columns of many values are decided in several even samples.
    """
    rows = np.flatnonzero(eligible(values))
    pools = -(-len(rows) // _POOL)
    for first in range(pools):
        own = rows[first::pools]
        for found in _agreed(values.take(pa.array(own)), odd[own], asked[own], policy):
            yield found._replace(numbers=own[found.numbers])


def _agreed(values: pa.LargeStringArray, odd: Mask, asked: Mask, policy: Policy) -> Iterator[Outright]:
    """Yield what one misreading after the other explains, as long as one convinces."""
    points, starts = points_of_values(values)
    spans = np.stack((starts[:-1], starts[1:]), 1)
    readings = _no_letters(values, readings_of(points, spans, DEARNESS))
    following = cache(lambda: readings_of(points, spans, FOLLOWING).sound)
    readings = _after(readings, leading(readings.gains[odd]), policy.min_evidence)
    left = np.ones(len(values), np.bool_)
    for _ in range(_ROUNDS):
        looked_at = left if 2 * (odd & left).sum() > len(values) else odd & left
        found = _convincing(values, readings, following, np.flatnonzero(looked_at), policy)
        if found is None:
            return
        left[found.numbers] = False
        readings = _after(readings, int(found.channels[0]), policy.min_evidence)
        wanted = found.numbers[asked[found.numbers]]
        own = _read(values, readings, wanted, int(found.channels[0]))
        if own:
            yield own


def leading(gains: npt.NDArray[np.float64]) -> int:
    """Return the misreading that explains most of some values, whether they read well then or not: its number."""
    return int((strict().known.channels["prior"] + np.maximum(gains, 0).sum(0)).argmax())


def _after(readings: Readings, channel: int, evidence: float) -> Readings:
    """Leave only readings that gain much more than that of a misreading which the column shows already; UTF-8 too."""
    other = readings.texts != readings.texts[:, [channel]]
    worse = readings.gains <= readings.gains[:, [channel]] + evidence
    return readings._replace(sound=readings.sound & ~(other & worse & ~_proves_itself()))


def _no_letters(values: pa.LargeStringArray, readings: Readings) -> Readings:
    """Leave out what could be letters: see `repair.soundness.could_be_letters`."""
    letters = pc.match_substring_regex(values, f"^(?:{LETTERS_ALONE})$").to_numpy(zero_copy_only=False)
    return readings._replace(sound=readings.sound & ~(letters[:, np.newaxis] & _between()))


@cache
def _between() -> Mask:
    """Say which misreadings are between two encodings of Chinese: bool[channels]."""
    return np.array([between(channel) for channel, _ in strict().entries])


@cache
def _proves_itself() -> Mask:
    """Say which misreadings are of UTF-8: bool[channels]."""
    return np.array([proves_itself(channel) for channel, _ in strict().entries])


def _convincing(
    values: pa.LargeStringArray,
    readings: Readings,
    following: Callable[[], Mask],
    lines: npt.NDArray[np.int64],
    policy: Policy,
) -> Outright | None:
    """Return what the likeliest misreading explains of some values, if it is likely enough."""
    if not len(lines):
        return None
    gains = _net_gains(readings, following, lines)
    evidence = strict().known.channels["prior"] + np.maximum(gains, 0).sum(0)
    best = int(evidence.argmax())
    if evidence[best] < policy.min_evidence or _rival(readings, lines, gains, evidence, best, policy.min_margin):
        return None
    found = _read(values, readings, lines[gains[:, best] > 0], best)
    if found is None or distinct("".join(found.texts.to_pylist())) < policy.min_characters:
        return None
    believed = gains[np.isin(lines, found.numbers), best].sum()  # rows of one sign (～～～) gain much and are no text
    return found if strict().known.channels["prior"][best] + believed >= policy.min_evidence else None


def _read(
    values: pa.LargeStringArray, readings: Readings, numbers: npt.NDArray[np.int64], channel: int
) -> Outright | None:
    """Read some values by one misreading; see `read_by`."""
    channels = np.full(len(numbers), channel, np.int32)
    found = read_by(values.take(pa.array(numbers)), channels, readings.gains[numbers, channel], LEAST_DISTINCT)
    return found and found._replace(numbers=numbers[found.numbers])


def _net_gains(
    readings: Readings, following: Callable[[], Mask], lines: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return what each value gains by each channel beyond what it must gain; minus infinity where it reads badly.

    ``following`` says which values read well enough to follow others.
    """
    gains, sound = readings.gains[lines], readings.sound[lines]
    everything = (readings.gains > 0).all(0)
    sure = (gains > LINE_BITS).sum(0) >= AGREED * len(lines)
    least = np.where(everything, 0.0, np.where(sure, AGREED_BITS, LINE_BITS))
    shown = _proves_itself() | (2 * ((gains > 0) & sound).sum(0) >= (gains > 0).sum(0))
    agreed = sure & shown & (len(lines) >= FEWEST_AGREED)
    if ((gains > 0) & ~sound & agreed).any():
        sound = np.where(agreed, following()[lines], sound)
    return np.where(sound, gains - least, -np.inf)


def _rival(
    readings: Readings,
    lines: npt.NDArray[np.int64],
    gains: npt.NDArray[np.float64],
    evidence: npt.NDArray[np.float64],
    best: int,
    margin: float,
) -> bool:
    """Say whether another misreading comes close that makes other texts of the same values."""
    texts = readings.texts[lines]
    both = (gains > 0) & (gains[:, [best]] > 0)
    contradicts = (both & (texts != texts[:, [best]])).any(0)
    return bool((evidence[contradicts] > evidence[best] - margin).any())
