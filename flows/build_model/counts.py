"""Counting n-grams of weighted text and weighted words.

An n-gram is a uint64 of two or three units of 16 bits, the first in the high bits.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from repair.language.vocabulary import BOUNDARY, Vocabulary

ORDERS = (2, 3)
UNKNOWN = 0xFFFF
"""Stands as last unit for whatever follows a word of a word list."""
SHIFT = np.uint64(16)
LAST = np.uint64(0xFFFF)

Counts = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]
Index = npt.NDArray[np.int64]
Counted = tuple[Keys, Counts]
"""N-grams, sorted, and the sum of the weights of each."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """Text, one paragraph an item, or words, each with a weight.

    Words (``whole`` false) count only inside themselves: what stood before them is unknown, and so is what followed,
    so that their ends count as `UNKNOWN`.
    """

    texts: list[str]
    weights: npt.NDArray[np.float64]
    whole: bool


def counted(sources: Iterable[Weighted], vocabulary: Vocabulary) -> tuple[Counts, list[Counted]]:
    """Return the counts of the units, float64[vocabulary.size], and those of the n-grams of each of ``ORDERS``."""
    unigrams = np.zeros(vocabulary.size)
    parts: list[list[Counted]] = [[] for _ in ORDERS]
    for source in sources:
        units, weights = _stream(source, vocabulary)
        known = units != UNKNOWN
        unigrams += np.bincount(units[known], weights[known], vocabulary.size)
        for order, found in zip(ORDERS, parts, strict=True):
            found.append(_ngrams(units, weights, order))
    return unigrams, [merged(found) for found in parts]


def _stream(source: Weighted, vocabulary: Vocabulary) -> tuple[npt.NDArray[np.uint16], Counts]:
    """Return the units of all texts, a boundary or an unknown after each and before the first, and their weights."""
    units = vocabulary.units("\n" + "\n".join(source.texts) + "\n")
    if not source.whole:
        units = np.where(units == BOUNDARY, np.uint16(UNKNOWN), units)
    lengths = np.array([len(text) + 1 for text in source.texts])
    return units, np.concatenate(([0.0], np.repeat(source.weights, lengths)))


def _ngrams(units: npt.NDArray[np.uint16], weights: Counts, order: int) -> Counted:
    """Return the n-grams that cross no boundary: one may begin with it, one may end with it."""
    columns = [units[i : len(units) - order + 1 + i] for i in range(order)]
    keep = columns[0] != UNKNOWN
    for column in columns[1:-1]:
        keep &= (column != BOUNDARY) & (column != UNKNOWN)
    keys = np.zeros(int(keep.sum()), np.uint64)
    for column in columns:
        keys = keys << SHIFT | column[keep].astype(np.uint64)
    return summed(keys, weights[order - 1 :][keep])


def summed(keys: Keys, weights: Counts) -> Counted:
    """Return each key once, sorted, with the sum of its weights."""
    at = np.argsort(keys, kind="stable")
    keys = keys[at]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    return keys[starts], np.add.reduceat(weights[at], starts) if len(keys) else weights


def merged(parts: list[Counted]) -> Counted:
    """Return the counts of all parts together."""
    return summed(np.concatenate([keys for keys, _ in parts]), np.concatenate([counts for _, counts in parts]))


def found(keys: Keys, wanted: Keys) -> tuple[Index, npt.NDArray[np.bool_]]:
    """Return where each n-gram stands among sorted ones, and whether it does."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def places(keys: Keys, wanted: Keys) -> Index:
    """Return where each n-gram stands among sorted ones; raise `ValueError` where one does not."""
    at, known = found(keys, wanted)
    if not known.all():
        raise ValueError("a longer n-gram was counted without a shorter one that it contains")
    return at


def grouped(keys: Keys) -> Index:
    """Return a number for the context of each of sorted n-grams, from 0 up."""
    context = keys >> SHIFT
    groups: Index = np.cumsum(np.concatenate(([0], context[1:] != context[:-1])))[: len(keys)]
    return groups
