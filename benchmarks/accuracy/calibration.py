"""Whether stated probabilities can be believed: of what is stated at p, a share p should be right."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.1)


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers stated with about one probability."""

    low: float
    high: float
    answers: int
    stated: float
    right: float


def reliability(stated: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Return the bins that hold answers, given each answer's probability and whether it is right."""
    bins = []
    for low, high in pairwise(_EDGES):
        own = [(probability, right) for probability, right in stated if low <= probability < high]
        if own:
            mean = sum(probability for probability, _ in own) / len(own)
            bins.append(Bin(low, min(high, 1.0), len(own), mean, sum(right for _, right in own) / len(own)))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error (Naeini et al. 2015): the mean gap, weighted by answers.

    >>> calibration_error([Bin(0.9, 1.0, 10, 0.95, 0.9)])
    0.05
    """
    answers = sum(one.answers for one in bins)
    return round(sum(one.answers * abs(one.stated - one.right) for one in bins) / answers, 6) if answers else 0.0
