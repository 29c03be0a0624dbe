"""The language model: how likely a text is, as a trigram model with back-off over characters and classes.

Interpolated Witten-Bell estimates (Witten and Bell 1991, IEEE Trans. Inf. Theory 37, 1085), pruned, stored in the
back-off form of Katz (1987): a kept n-gram has its cost, any other the back-off cost of its context plus the cost of
the shorter n-gram. Costs are −log2 of probabilities in steps of a tenth of a bit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from repair.language.vocabulary import BOUNDARY, CODE_POINTS, Vocabulary

STEP = 0.1
Bits = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """N-grams of one order: sorted keys, their costs, and what backing off from each as a context costs, in bits."""

    keys: npt.NDArray[np.uint64]
    bits: Bits
    backoff: Bits

    def find(self, keys: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Return where each key would stand and whether it stands there."""
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return at, self.keys[at] == keys


class Model:
    """A language model over all of Unicode; see the module for the method."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Unpack the arrays that ``flows.build_model`` wrote."""
        self.vocabulary = Vocabulary(bytes(arrays["characters"].astype(np.uint8)).decode())
        size = self.vocabulary.size
        self._unigram = _cost(arrays["unigram_bits"])
        self._unigram_backoff = _cost(arrays["unigram_backoff"])
        contexts = np.repeat(np.arange(size, dtype=np.uint64), arrays["bigram_counts"].astype(np.int64))
        keys = contexts * np.uint64(size) + arrays["bigram_units"].astype(np.uint64)
        self._bigrams = Table(keys, _cost(arrays["bigram_bits"]), _cost(arrays["bigram_backoff"]))
        contexts = np.repeat(np.arange(len(keys), dtype=np.uint64), arrays["trigram_counts"].astype(np.int64))
        keys = contexts * np.uint64(size) + arrays["trigram_units"].astype(np.uint64)
        self._trigrams = Table(keys, _cost(arrays["trigram_bits"]), np.zeros(0, np.float32))
        costs = self._unigram + self.vocabulary.member_bits
        self.unigram_bits: Bits = costs[self.vocabulary.unit_of]
        assert len(self.unigram_bits) == CODE_POINTS

    def log_probability(self, text: str) -> float:
        """Return log2 P(text), a boundary at both ends included; at most 0."""
        return float(self.log_probabilities([text])[0])

    def log_probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return log2 P of each text: float64[len(texts)], in one pass over all of them."""
        if not texts:
            return np.zeros(0)
        units = self.vocabulary.units("\n" + "\n".join(texts) + "\n")
        sums = np.concatenate(([0.0], np.cumsum(self._costs(units).astype(np.float64))))
        ends = np.cumsum([len(text) + 1 for text in texts])
        starts = np.concatenate(([0], ends[:-1]))
        totals: npt.NDArray[np.float64] = sums[starts] - sums[ends]
        return totals

    def conditional(self, pairs: Sequence[tuple[str, str]]) -> npt.NDArray[np.float64]:
        """Return for each (before, text) log2 P(text | before): float64[len(pairs)]; no boundary is added behind."""
        units = self.vocabulary.units("\n" + "\n".join(before + text for before, text in pairs))
        sums = np.concatenate(([0.0], np.cumsum(self._costs(units).astype(np.float64))))
        lengths = np.array([(len(before), len(text)) for before, text in pairs], np.int64).reshape(-1, 2)
        starts = np.concatenate(([0], np.cumsum(lengths.sum(1) + 1)[:-1])) + lengths[:, 0]
        totals: npt.NDArray[np.float64] = sums[starts] - sums[starts + lengths[:, 1]]
        return totals

    def per_character(self, text: str) -> Bits:
        """Return log2 of each character's probability given those before it: float32[len(text)]."""
        return -self._costs(self.vocabulary.units("\n" + text))

    def _costs(self, units: npt.NDArray[np.uint16]) -> Bits:
        """Return the bits of each unit but the first, given the two before it; a boundary hides what precedes it."""
        size = np.uint64(self.vocabulary.size)
        last = units[1:].astype(np.uint64)
        middle = units[:-1].astype(np.uint64)
        first = np.concatenate((np.zeros(1, np.uint64), middle[:-1])) if len(middle) else middle
        first = np.where(middle == BOUNDARY, np.uint64(BOUNDARY), first)
        at, found = self._bigrams.find(middle * size + last)
        bits = np.where(found, self._bigrams.bits[at], self._unigram_backoff[middle] + self._unigram[last])
        context, known = self._bigrams.find(first * size + middle)
        at, found = self._trigrams.find(context.astype(np.uint64) * size + last)
        longer = np.where(found, self._trigrams.bits[at], self._bigrams.backoff[context] + bits)
        costs: Bits = np.where(known, longer, bits) + self.vocabulary.member_bits[units[1:]]
        return costs


def _cost(steps: npt.NDArray[np.generic]) -> Bits:
    return steps.astype(np.float32) * np.float32(STEP)
