"""The hash tables of bigrams and trigrams: a slot tells its n-gram from others and says what the model knows of it.

An n-gram is mixed one to one into a number of 28 bits (two units) or 42 (three). The high bits of the number choose a
bucket, the n-gram's home; its low bits are its mark. Bigrams of one home all have different marks, so that they are
told apart for certain: quotienting (Cleary, 1984, IEEE Trans. Computers C-33, 828). Of trigrams 21 bits are the mark,
some 4 fewer than that would take.

Slots are filled in the order of homes, and what finds its home full goes to one of the next buckets; how many buckets
on is part of the slot. The first slot of a later home therefore ends a search, as an empty one does.
"""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, inlined

BUCKET = 16
"""Slots in a bucket: one line of the cache, a row of the table."""
UNITS = 1 << 14
"""There are fewer units than this."""
MARK_2, MARK_3 = np.uint64(13), np.uint64(21)
"""Bits of the mark of a bigram and of a trigram."""
DISTANCE = 3
"""Bits of the number of buckets that a slot stands behind its home."""
WIDTH_2, WIDTH_3 = np.uint64(28), np.uint64(42)
"""Bits of the number that a bigram and a trigram are mixed into."""
_BITS = np.uint64(14)
_UNIT = np.uint64(UNITS - 1)
_ONE = np.uint64(1)
_FACTORS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_SLOT_BITS = 32

Slots = npt.NDArray[np.uint32]
"""uint32[buckets, BUCKET]: the mark in the high bits, then the distance, then what the model knows."""


@inlined
def mixed(ngram: np.uint64, width: np.uint64) -> np.uint64:
    """Return another number of ``width`` bits for each n-gram that packs units in 14 bits, the first one highest."""
    mask, half = (_ONE << width) - _ONE, width >> _ONE
    number = ((ngram & mask) * _FACTORS[0]) & mask
    number = ((number ^ (number >> half)) * _FACTORS[1]) & mask
    return number ^ (number >> half)


@inlined
def home(number: np.uint64, width: np.uint64, buckets: np.uint64) -> np.uint64:
    """Return the bucket where the slot of a mixed n-gram is looked for first."""
    return (number * buckets) >> width


@inlined
def pair(first: np.uint64, second: np.uint64) -> np.uint64:
    """Return two units as the n-gram that `mixed` takes; a first one of 0xFFFF makes one that no table holds."""
    return ((first & _UNIT) << _BITS) | second


@inlined
def triple(first: np.uint64, second: np.uint64, third: np.uint64) -> np.uint64:
    """Return three units as the n-gram that `mixed` takes."""
    return (pair(first, second) << _BITS) | third


@borrowing
def found(slots: Slots, ngram: np.uint64, width: np.uint64, mark: np.uint64) -> np.uint32:
    """Return the slot of an n-gram without its mark; 0 where it is not kept.

    All slots of a bucket are compared, by instructions on vectors: to branch at each made the model three times slower.
    """
    number = mixed(ngram, width)
    payload = np.uint32(_SLOT_BITS - DISTANCE) - np.uint32(mark)
    # numba widens what it computes; 32 bits in hand compare twice as many slots at a time.
    beyond = np.uint32(_ONE << payload)
    wanted = np.uint32((number & ((_ONE << mark) - _ONE)) << (payload + np.uint32(DISTANCE)))
    bucket = home(number, width, np.uint64(slots.shape[0] - (1 << DISTANCE)))
    for distance in range(1 << DISTANCE):
        hit = np.uint32(0)
        for k in range(slots.shape[1]):
            rest = np.uint32(slots[bucket, np.uint64(k)] ^ wanted)
            hit = np.uint32(hit | (rest if rest < beyond else np.uint32(0)))
        last = slots[bucket, np.uint64(slots.shape[1] - 1)]
        if hit != 0 or last == 0 or (last >> payload) & np.uint32((1 << DISTANCE) - 1) < distance:
            return hit
        wanted = np.uint32(wanted + beyond)
        bucket += _ONE
    return np.uint32(0)
