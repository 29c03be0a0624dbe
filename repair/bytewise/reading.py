"""How text reads around a place: where it goes bad, and what is likely to stand in it."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from repair.channel import Loss
from repair.language import load

_BAD = 9.5
"""Bits a character above which text reads badly: running Chinese costs 3-8, misaligned bytes 11-25."""
DEAR = 13.0
"""Bits by which a stretch must read too badly to be worth a search: that of 6 clean lines in 1,000 does."""


def bits_of(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return what each text costs, in bits."""
    return -load().log_probabilities(texts)


@lru_cache(maxsize=4)
def excess_of(text: str) -> npt.NDArray[np.float64]:
    """Return by how many bits each character is too dear for running text: float64[len(text)], read-only.

    Several kinds of damage are looked for in the same text, one after the other.
    """
    excess: npt.NDArray[np.float64] = -load().per_character(text).astype(np.float64) - _BAD
    excess.flags.writeable = False
    return excess


def bad_suffix(excess: npt.NDArray[np.float64]) -> tuple[int, float]:
    """Return where the end of a stretch that reads badly begins, and by how many bits it is too dear.

    The offset is that of the largest sum over all suffixes.
    """
    sums = np.cumsum(excess[::-1])[::-1]
    at = int(np.argmax(sums))
    return at, float(sums[at])


def latest_bad(excess: npt.NDArray[np.float64], slack: float) -> int:
    """Return the last offset whose suffix is too dear by at most ``slack`` bits less than the one of `bad_suffix`."""
    sums = np.cumsum(excess[::-1])[::-1]
    return int(np.flatnonzero(sums >= sums.max() - slack)[-1])


def worst_stretch(excess: npt.NDArray[np.float64]) -> tuple[int, int, float]:
    """Return where the worst stretch of a text begins and ends, and by how many bits it is too dear (largest sum)."""
    sums = np.concatenate(([0.0], np.cumsum(excess)))
    rises = sums - np.minimum.accumulate(sums)
    end = int(np.argmax(rises))
    return int(np.argmin(sums[: end + 1])), end, float(rises[end])


def shares(bits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the probability of each of several texts that exclude each other, by what each costs in bits."""
    weights = np.exp2(bits.min() - bits)
    likely: npt.NDArray[np.float64] = weights / weights.sum()
    return likely


def ranked(texts: Sequence[str], likely: npt.NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
    """Return alternatives for a loss by falling probability, equal texts together, the unlikely ones left out."""
    together: dict[str, float] = {}
    for text, probability in zip(texts, likely.tolist(), strict=True):
        together[text] = together.get(text, 0.0) + probability
    order = sorted(together.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(pair for at, pair in enumerate(order) if at == 0 or pair[1] > _LEAST)


def loss_of(start: int, end: int, texts: Sequence[str], likely: npt.NDArray[np.float64]) -> Loss:
    """Return a loss with every text that may have stood there, of which the unlikely ones are not listed."""
    return Loss(start, end, ranked(texts, likely), sole=len(set(texts)) == 1)


_LEAST = 0.001
