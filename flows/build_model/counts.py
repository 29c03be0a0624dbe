"""Counting n-grams of weighted text, and turning counts into a pruned back-off model."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from flows.build_model.packing import Kept, packed, steps
from repair.language.tables import STEP
from repair.language.vocabulary import BOUNDARY, FIRST_CHARACTER, Vocabulary

Counts = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]
CLASS_FLOOR = 2e-6
"""Probability that every class has at least: one unseen member of a class of 20,000 then costs some 33 bits."""
CHARACTER_FLOOR = 2e-7


@dataclass(frozen=True, slots=True)
class Weighted:
    """Text or words with a weight; words count only inside themselves, because what stands around them is unknown."""

    texts: list[str]
    weights: list[float]
    whole: bool


def ngrams(
    sources: Iterable[Weighted], vocabulary: Vocabulary
) -> tuple[Counts, tuple[Keys, Counts], tuple[Keys, Counts]]:
    """Return unigram counts [size], bigrams and trigrams as (sorted keys, counts); keys are base-``size`` digits."""
    size = np.uint64(vocabulary.size)
    unigrams = np.zeros(vocabulary.size)
    bigrams, trigrams = [], []
    for source in sources:
        units, weights, live = _stream(source, vocabulary)
        unigrams += np.bincount(units, weights * live, vocabulary.size)
        a, b, c = (units[i : len(units) - 2 + i].astype(np.uint64) for i in range(3))
        a = np.where(b == BOUNDARY, np.uint64(BOUNDARY), a)
        if source.whole:
            keep2 = np.ones(len(c), bool)
            keep3 = keep2
        else:
            keep2 = (b != BOUNDARY) & (c != BOUNDARY)
            keep3 = keep2 & (a != BOUNDARY)
        bigrams.append(_summed((b * size + c)[keep2], weights[2:][keep2]))
        trigrams.append(_summed(((a * size + b) * size + c)[keep3], weights[2:][keep3]))
    return unigrams, _merged(bigrams), _merged(trigrams)


def _stream(source: Weighted, vocabulary: Vocabulary) -> tuple[npt.NDArray[np.uint16], Counts, npt.NDArray[np.bool_]]:
    """Return units with boundaries between texts, the weight of each, and whether it is to be counted alone."""
    units = vocabulary.units("\n\n" + "\n".join(source.texts) + "\n")
    lengths = np.array([len(text) + 1 for text in source.texts])
    weights = np.concatenate(([0.0, 0.0], np.repeat(np.array(source.weights), lengths)))
    live = np.ones(len(units), bool) if source.whole else units != BOUNDARY
    return units, weights, live


def _summed(keys: Keys, weights: Counts) -> tuple[Keys, Counts]:
    unique, inverse = np.unique(keys, return_inverse=True)
    sums: Counts = np.bincount(inverse, weights, len(unique)).astype(np.float64)
    return unique, sums


def _merged(parts: list[tuple[Keys, Counts]]) -> tuple[Keys, Counts]:
    return _summed(np.concatenate([keys for keys, _ in parts]), np.concatenate([counts for _, counts in parts]))


def arrays(
    unigrams: Counts, bigrams: tuple[Keys, Counts], trigrams: tuple[Keys, Counts], vocabulary: Vocabulary, most: int
) -> dict[str, npt.NDArray[np.generic]]:
    """Estimate, prune to ``most`` n-grams of each order, and pack what `repair.language.Model` reads."""
    size = np.uint64(vocabulary.size)
    p1 = _unigram_probabilities(unigrams)
    keys2, counts2 = bigrams
    u, v = keys2 // size, keys2 % size
    p2 = _interpolated(u, counts2, p1[v], vocabulary.size)
    kept2 = _worth(counts2, p2, p1[v], u, vocabulary.size, most)
    keys3, counts3 = trigrams
    context, w = keys3 // size, keys3 % size
    at = np.searchsorted(keys2, (context % size) * size + w)
    at = np.minimum(at, len(keys2) - 1)
    lower = np.where(keys2[at] == (context % size) * size + w, p2[at], 0)
    lower = np.where(lower > 0, lower, p1[w])
    _, dense = np.unique(context, return_inverse=True)
    p3 = _interpolated(dense, counts3, lower, int(dense.max()) + 1)
    k2 = keys2[kept2]
    position = np.minimum(np.searchsorted(k2, context), len(k2) - 1)
    known = k2[position] == context
    gain = np.where(known, counts3 * np.log2(p3 / lower), -1)
    chosen = np.sort(np.argsort(gain)[-most:])
    chosen = chosen[gain[chosen] > 0]
    backoff1 = _backoff(u[kept2].astype(np.int64), p2[kept2], p1[v[kept2]], vocabulary.size)
    own = position[chosen]
    low = _pruned_bigram((k2, p2[kept2]), (context[chosen] % size), w[chosen], p1, backoff1, size)
    backoff2 = _backoff(own, p3[chosen], low, len(k2))
    last = np.uint64(16)
    bigram = u[kept2] << last | v[kept2]
    return {
        "characters": np.frombuffer(vocabulary.characters.encode(), np.uint8),
        "unit_steps": steps(-np.log2(p1)),
        "backoff_steps": np.round(-np.log2(backoff1) / STEP).astype(np.uint8),
        "slots": packed(
            [
                Kept(2, bigram, -np.log2(p2[kept2]), _contexts(own, backoff2)),
                Kept(3, bigram[own] << last | w[chosen], -np.log2(p3[chosen]), np.full(len(chosen), np.nan)),
            ]
        ),
    }


def _contexts(own: npt.NDArray[np.int64], backoff: Counts) -> Counts:
    bits: Counts = np.where(np.bincount(own, minlength=len(backoff)) > 0, -np.log2(backoff), np.nan)
    return bits


def _unigram_probabilities(counts: Counts) -> Counts:
    p = counts / counts.sum()
    floor = np.full(len(p), CHARACTER_FLOOR)
    floor[1:FIRST_CHARACTER] = CLASS_FLOOR
    p = np.maximum(p, floor)
    probabilities: Counts = p / p.sum()
    return probabilities


def _interpolated(context: npt.NDArray[np.generic], counts: Counts, lower: Counts, contexts: int) -> Counts:
    """Witten-Bell: the share of the lower order is the number of kinds over that plus the number of tokens."""
    index = context.astype(np.int64)
    total = np.bincount(index, counts, contexts)[index]
    kinds = np.bincount(index, minlength=contexts)[index]
    estimate: Counts = (counts + kinds * lower) / (total + kinds)
    return estimate


def _worth(counts: Counts, p: Counts, lower: Counts, context: Keys, contexts: int, most: int) -> npt.NDArray[np.int64]:
    """Return the indices of the n-grams whose loss would cost most bits over the training text."""
    index = context.astype(np.int64)
    total = np.bincount(index, counts, contexts)[index]
    kinds = np.bincount(index, minlength=contexts)[index]
    gain = counts * np.log2(p / (lower * kinds / (total + kinds)))
    return np.sort(np.argsort(gain)[-most:])


def _backoff(context: npt.NDArray[np.int64], p: Counts, lower: Counts, contexts: int) -> Counts:
    """Return for each context what the probabilities of shorter n-grams are multiplied by, so that all sum to 1."""
    left = np.clip(1 - np.bincount(context, p, contexts), 1e-4, 1)
    lower_left = np.clip(1 - np.bincount(context, lower, contexts), 1e-4, 1)
    factor: Counts = np.minimum(left / lower_left, 1.0)
    return factor


def _pruned_bigram(
    kept: tuple[Keys, Counts], v: Keys, w: Keys, p1: Counts, backoff1: Counts, size: np.uint64
) -> Counts:
    k2, p2 = kept
    at = np.minimum(np.searchsorted(k2, v * size + w), len(k2) - 1)
    estimate: Counts = np.where(k2[at] == v * size + w, p2[at], backoff1[v.astype(np.int64)] * p1[w.astype(np.int64)])
    return estimate
