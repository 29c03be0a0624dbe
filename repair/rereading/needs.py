"""What a reading must have to be believed."""

from typing import NamedTuple


class Dearness(NamedTuple):
    """What a text that reads well may cost: bits for each hanzi, kana and hangul, and bits more in all."""

    each: float
    more: float


class Thresholds(NamedTuple):
    """What the likeliest reading of a line needs: bits gained, bits of evidence, bits before its rival."""

    gain: float
    evidence: float
    margin: float
