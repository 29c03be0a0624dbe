"""How sure an answer is that leads by some bits.

A model of a few characters takes its evidence for more than it is: characters are not independent. The posterior is
therefore tempered: the difference in bits counts for `TEMPER` of itself, measured by ``benchmarks/detection.py``.
"""

import numpy as np

from repair.detect.contest import Bits

TEMPER = 0.35


def tempered(margin: float) -> float:
    """Return the probability of an answer that leads its only rival by ``margin`` bits.

    >>> tempered(0.0)
    0.5
    """
    return float(1 / (1 + 2.0 ** -min(100.0, max(-100.0, margin * TEMPER))))


def posterior(bits: Bits) -> float:
    """Return the probability of the reading with the fewest bits; others that read the very same count with it."""
    weights = np.exp2(-TEMPER * (bits - bits.min()))
    return float(weights[bits == bits.min()].sum() / weights.sum())
