"""Filling the hash tables of n-grams that `repair.language.kernel` reads."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from repair.compiled import compiled
from repair.language.slots import (
    BUCKET,
    DISTANCE,
    MARK_2,
    MARK_3,
    UNITS,
    WIDTH_2,
    WIDTH_3,
    Slots,
    mixed,
    pair,
    triple,
)
from repair.language.tables import BACKOFF_ZERO, STEP

_LOAD = 0.94
"""Share of the slots that are filled: at 0.95 some stand farther from home than their three bits can say."""
_UNIT, _TWO_UNITS = np.uint64(16), np.uint64(32)
_LAST = np.uint64(0xFFFF)
_SLOT_BITS = 32
_BIGRAM = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """The n-grams of one order that the model keeps, in bits.

    ``ngrams`` uint64[n], units of 16 bits with the first in the high bits; ``bits`` what the last unit costs after the
    others; ``backoff`` what backing off from the n-gram as a context costs, NaN where it is no context.
    """

    order: int
    ngrams: npt.NDArray[np.uint64]
    bits: npt.NDArray[np.float64]
    backoff: npt.NDArray[np.float64]


def steps(bits: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return costs in steps, at least one, so that no slot in use is 0."""
    return np.clip(np.round(bits / STEP), 1, 255).astype(np.uint8)


def backoff_steps(bits: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return what backing off costs in steps from ``BACKOFF_ZERO``, at least one; 0 where it is NaN: no context."""
    with_zero = np.clip(np.round(np.nan_to_num(bits) / STEP) + BACKOFF_ZERO, 1, 255)
    return np.where(np.isnan(bits), 0, with_zero).astype(np.uint8)


def packed(kept: Kept) -> Slots:
    """Return the slots of the bigrams or trigrams; the same n-grams give the same slots.

    Raises `ValueError` where there are more units than n-grams can be packed of, where there are so few bigrams that
    those of one home could share a mark, and where a slot would stand farther from its home than it can say.
    """
    if int((kept.ngrams & _LAST).max()) >= UNITS - 1:
        raise ValueError(f"there must be fewer than {UNITS - 1:,} units")
    width, mark = (WIDTH_2, MARK_2) if kept.order == _BIGRAM else (WIDTH_3, MARK_3)
    buckets = int(np.ceil(len(kept.ngrams) / _LOAD / BUCKET))
    if kept.order == _BIGRAM and buckets << int(mark) < 1 << int(width):
        raise ValueError("bigrams of one home would share marks: keep more of them")
    numbers = _numbers(kept.ngrams, width)
    known = steps(kept.bits).astype(np.uint32)
    if kept.order == _BIGRAM:
        known |= backoff_steps(kept.backoff).astype(np.uint32) << np.uint32(8)
    order = np.argsort(numbers)
    return _filled(numbers[order], known[order], buckets, width, mark)


def _filled(
    numbers: npt.NDArray[np.uint64], known: npt.NDArray[np.uint32], buckets: int, width: np.uint64, mark: np.uint64
) -> Slots:
    """Return the slots: each n-gram, sorted by number, stands in its home or right behind the one before it."""
    homes = (numbers * np.uint64(buckets) >> width).astype(np.int64)
    index = np.arange(len(numbers))
    places = np.maximum.accumulate(homes * BUCKET - index) + index
    distances = places // BUCKET - homes
    if distances.max() >= 1 << DISTANCE:
        raise ValueError("a slot would stand too far from its home: fill fewer of the slots")
    payload = np.uint64(_SLOT_BITS - DISTANCE) - mark
    marks = (numbers & np.uint64((1 << int(mark)) - 1)) << np.uint64(DISTANCE) | distances.astype(np.uint64)
    slots = np.zeros((buckets + (1 << DISTANCE)) * BUCKET, np.uint32)
    slots[places] = (marks << payload).astype(np.uint32) | known
    return slots.reshape(-1, BUCKET)


@compiled
def _numbers(ngrams: npt.NDArray[np.uint64], width: np.uint64) -> npt.NDArray[np.uint64]:
    numbers = np.empty_like(ngrams)
    for i in range(len(ngrams)):
        first, second, third = ngrams[i] >> _TWO_UNITS, (ngrams[i] >> _UNIT) & _LAST, ngrams[i] & _LAST
        numbers[i] = mixed(pair(second, third) if width == WIDTH_2 else triple(first, second, third), width)
    return numbers
