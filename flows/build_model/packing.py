"""Filling the hash table of n-grams that `repair.language.kernel` reads."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from repair.language.kernel import spread
from repair.language.tables import BACKOFF_ZERO, BUCKET, STEP

_LOAD = 0.92
"""Share of the slots that are filled: fuller, and look-ups of what is not kept grow long."""


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


def packed(orders: list[Kept]) -> npt.NDArray[np.uint32]:
    """Return the slots of all orders together; the same n-grams give the same slots."""
    total = sum(len(kept.ngrams) for kept in orders)
    slots = np.zeros(int(np.ceil(total / _LOAD / BUCKET)) * BUCKET, np.uint32)
    for kept in orders:
        backoff = np.clip(np.round(kept.backoff / STEP) + BACKOFF_ZERO, 1, 255)
        low = np.where(np.isnan(backoff), 0, backoff).astype(np.uint32) * np.uint32(256) + steps(kept.bits)
        _fill(slots, kept.ngrams, np.uint64(kept.order), low)
    return slots


@njit(cache=True)
def _fill(
    slots: npt.NDArray[np.uint32], ngrams: npt.NDArray[np.uint64], order: np.uint64, low: npt.NDArray[np.uint32]
) -> None:
    size = np.uint64(len(slots))
    for i in range(len(ngrams)):
        mixed = spread(ngrams[i], order)
        at = (((mixed >> np.uint64(32)) * (size // np.uint64(BUCKET))) >> np.uint64(32)) * np.uint64(BUCKET)
        while slots[at] != 0:
            at += np.uint64(1)
            if at == size:
                at = np.uint64(0)
        slots[at] = (np.uint32(mixed & np.uint64(0xFFFF)) << np.uint32(16)) | low[i]
