"""The model's arithmetic, compiled: every score of the package comes from `cost`.

Back-off as in Katz (1987, IEEE Trans. ASSP 35, 400): a kept n-gram has its cost; any other costs what backing off from
its context costs, plus the cost of the n-gram that is shorter by its first unit.

A context is a uint64 of up to three units of 16 bits, the latest in the low bits; 0 is the boundary, before which
nothing is known.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from repair.language.tables import BACKOFF_ZERO, BUCKET, STEP, Tables

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_FINISHER = np.uint64(0xD6E8FEB86659FD93)
_UNIT = np.uint64(16)
_ONE = np.uint64(0xFFFF)
_TWO = np.uint64(0xFFFFFFFF)
_THREE = np.uint64(0xFFFFFFFFFFFF)
_HALF = np.uint64(32)
_NOTHING = np.uint64(0)
_FORGOTTEN = _ONE  # no unit: nothing is known to follow it
_STEP = np.float32(STEP)
_BIGRAM, _TRIGRAM, _TETRAGRAM = np.uint64(2), np.uint64(3), np.uint64(4)


@njit(cache=True, nogil=True, inline="always")
def spread(ngram: np.uint64, order: np.uint64) -> np.uint64:
    """Return the hash of an n-gram: its upper half chooses the bucket, its lowest 16 bits tell n-grams apart."""
    mixed = (ngram ^ (order * _FINISHER)) * _MULTIPLIER
    mixed = (mixed ^ (mixed >> _HALF)) * _FINISHER
    return mixed ^ (mixed >> _HALF)


@njit(cache=True, nogil=True)
def slot(slots: npt.NDArray[np.uint32], ngram: np.uint64, order: np.uint64) -> np.uint32:
    """Return the slot of an n-gram of two to four units, the first in the high bits; 0 where it is not kept.

    One look-up of an n-gram that is not kept meets another's 16 bits by chance once in some 5,000 times.
    """
    mixed = spread(ngram, order)
    mark = np.uint32(mixed & _ONE)
    size = np.uint64(len(slots))
    at = (((mixed >> _HALF) * (size // np.uint64(BUCKET))) >> _HALF) * np.uint64(BUCKET)
    found: np.uint32 = slots[at]
    while found != 0 and found >> np.uint32(16) != mark:
        at += np.uint64(1)
        if at == size:
            at = _NOTHING
        found = slots[at]
    return found


@njit(cache=True, nogil=True, inline="always")
def _kept(found: np.uint32) -> np.float32:
    return np.float32(found & np.uint32(255)) * _STEP


@njit(cache=True, nogil=True, inline="always")
def _backing_off(found: np.uint32) -> np.float32:
    return np.float32(np.int32((found >> np.uint32(8)) & np.uint32(255)) - np.int32(BACKOFF_ZERO)) * _STEP


@njit(cache=True, nogil=True, inline="always")
def _is_context(found: np.uint32) -> bool:
    return bool((found >> np.uint32(8)) & np.uint32(255))


@njit(cache=True, nogil=True)
def cost(tables: Tables, context: np.uint64, unit: int) -> np.float32:
    """Return −log2 P(unit | context) in bits, for one member of the unit where it stands for a class."""
    slots = tables.slots
    last = np.uint64(unit)
    bits: np.float32 = tables.member_bits[unit]
    two = slot(slots, context & _TWO, _BIGRAM)
    if _is_context(two):
        three = slot(slots, context, _TRIGRAM) if context & _TWO > _ONE else np.uint32(0)
        if _is_context(three):
            found = slot(slots, (context << _UNIT) | last, _TETRAGRAM)
            if found:
                return bits + _kept(found)
            bits += _backing_off(three)
        found = slot(slots, ((context & _TWO) << _UNIT) | last, _TRIGRAM)
        if found:
            return bits + _kept(found)
        bits += _backing_off(two)
    found = slot(slots, ((context & _ONE) << _UNIT) | last, _BIGRAM)
    if found:
        return bits + _kept(found)
    bits += tables.backoff_bits[context & _ONE] + tables.unit_bits[unit]
    return bits


@njit(cache=True, nogil=True, inline="always")
def push(context: np.uint64, unit: int) -> np.uint64:
    """Return the context after one more unit; the boundary hides what stood before it."""
    if unit == 0:
        return _NOTHING
    return ((context << _UNIT) | np.uint64(unit)) & _THREE


@njit(cache=True, nogil=True, inline="always")
def remembered(tables: Tables, context: np.uint64) -> np.uint64:
    """Return a context without the units that do not matter for what follows: fewer contexts, the same costs."""
    two = slot(tables.slots, context & _TWO, _BIGRAM)
    if not _is_context(two):
        return (_FORGOTTEN << _UNIT) | (context & _ONE) if context else context
    three = slot(tables.slots, context, _TRIGRAM)
    if context > _TWO and not _is_context(three):
        return (_FORGOTTEN << _HALF) | (context & _TWO)
    return context


@njit(cache=True, nogil=True)
def costs(tables: Tables, units: npt.NDArray[np.uint16]) -> npt.NDArray[np.float32]:
    """Return the cost of each unit given those before it, nothing being known before the first: float32[len(units)]."""
    bits = np.empty(len(units), np.float32)
    context = _NOTHING
    for i in range(len(units)):
        bits[i] = cost(tables, context, units[i])
        context = push(context, units[i])
    return bits
