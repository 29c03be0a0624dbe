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


class Needs(NamedTuple):
    """What the text of a line that lost bytes needs.

    ``proved`` is the share of what it gains that it may be dearer by where its bytes are UTF-8; ``distinct`` how many
    different hanzi, kana and hangul it must hold.
    """

    dearness: Dearness
    proved: float
    least: Thresholds
    distinct: int
