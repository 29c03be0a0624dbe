"""The language model: how likely a text is, as an n-gram model with back-off over characters and classes.

How it is estimated stands in `flows.build_model.estimates`, how it is looked up in `repair.language.kernel`.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from repair.language.tables import BACKOFF_ZERO, STEP, Tables
from repair.language.vocabulary import Vocabulary

Bits = npt.NDArray[np.float32]


class Model:
    """A language model over all of Unicode; ``tables`` are its arrays for compiled functions."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        """Unpack the arrays that ``flows.build_model`` wrote."""
        self.vocabulary = Vocabulary(arrays["characters"].tobytes().decode())
        self.tables = Tables(
            unit_of=self.vocabulary.unit_of,
            unit_bits=_bits(arrays["unit_steps"]),
            member_bits=self.vocabulary.member_bits,
            backoff_bits=_bits(arrays["backoff_steps"].astype(np.int32) - BACKOFF_ZERO),
            bigrams=arrays["bigrams"].astype(np.uint32, copy=False),
            trigrams=arrays["trigrams"].astype(np.uint32, copy=False),
        )
        for table in self.tables:
            table.flags.writeable = False
        self.unigram_bits: Bits = (self.tables.unit_bits + self.tables.member_bits)[self.tables.unit_of]
        """float32[0x110000]: what each code point costs by itself, in bits."""

    def log_probability(self, text: str) -> float:
        """Return log2 P(text), a boundary at both ends included; at most 0."""
        return float(self.log_probabilities([text])[0])

    def log_probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return log2 P of each text: float64[len(texts)], in one pass over all of them."""
        if not texts:
            return np.zeros(0)
        sums = self._sums("\n".join(texts) + "\n")
        ends = np.cumsum([len(text) + 1 for text in texts])
        starts = np.concatenate(([0], ends[:-1]))
        totals: npt.NDArray[np.float64] = sums[starts] - sums[ends]
        return totals

    def conditional(self, pairs: Sequence[tuple[str, str]]) -> npt.NDArray[np.float64]:
        """Return for each (before, text) log2 P(text | before): float64[len(pairs)]; no boundary is added behind."""
        sums = self._sums("\n".join(before + text for before, text in pairs))
        lengths = np.array([(len(before), len(text)) for before, text in pairs], np.int64).reshape(-1, 2)
        starts = np.concatenate(([0], np.cumsum(lengths.sum(1) + 1)[:-1])) + lengths[:, 0]
        totals: npt.NDArray[np.float64] = sums[starts] - sums[starts + lengths[:, 1]]
        return totals

    def per_character(self, text: str) -> Bits:
        """Return log2 of each character's probability given those before it: float32[len(text)]."""
        return -self._costs(text)

    def _sums(self, text: str) -> npt.NDArray[np.float64]:
        """Return what the text costs up to each of its positions: float64[len(text) + 1]."""
        return np.concatenate(([0.0], np.cumsum(self._costs(text), dtype=np.float64)))

    def _costs(self, text: str) -> Bits:
        from repair.language.blocks import costs  # noqa: PLC0415 - numba takes 0.2 s to import

        bits: Bits = costs(self.tables, self.vocabulary.units(text))
        return bits


def _bits(steps: npt.NDArray[np.generic]) -> Bits:
    return steps.astype(np.float32) * np.float32(STEP)
