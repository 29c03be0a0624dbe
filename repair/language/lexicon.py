"""Words: what it costs to write characters as words of a list, compiled.

An n-gram model looks two characters back and knows nothing of where words begin; a list of words knows nothing else.
What one lost character was is told best by both together: of 20 candidates in newspaper text 90.8 % are chosen right by
the n-grams alone, 93.0 % with the words (`benchmarks.language`).

The list is a binary fuse filter (Graf and Lemire, 2022, ACM J. Exp. Algorithmics 27): three slots together give a mark
of `MARK` bits and the cost, and no word itself is stored. What is no word would pass for one in 2,000 look-ups once;
but a word is believed only where the model keeps all bigrams and trigrams in it, as it does of 94 % of the words of
four characters that are met, and of more of the shorter ones.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import inlined

LONGEST = 4
"""Characters of the longest words that are listed."""
MARK, COST = np.uint64(11), np.uint64(5)
"""Bits of a slot that tell words from others, and bits of what a word costs."""
LEAST, STEP = np.float32(8.0), np.float32(0.75)
"""Bits that the commonest words cost, and bits in one step of cost."""
UNITS = np.uint64(14)
"""Bits of a unit in a word."""
SIMPLIFIED, TRADITIONAL = 1, 2
NO_WORD = np.float32(1e6)
_FACTORS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_HALF = np.uint64(32)
_MIDDLE = np.uint64(18)
_ONE = np.uint64(1)


class Lexicon(NamedTuple):
    """The list, for compiled functions."""

    unit_of: npt.NDArray[np.uint16]
    """uint16[0x110000]: the unit of each code point, as in `repair.language.tables.Tables`."""
    folded: npt.NDArray[np.uint16]
    """uint16[units]: the unit in simplified script under which words are listed; 0 for what stands in no word."""
    script: npt.NDArray[np.uint8]
    """uint8[units]: `SIMPLIFIED` or `TRADITIONAL` where a unit is written in one of them alone, else 0."""
    alone: npt.NDArray[np.float32]
    """float32[units]: what a character costs as a word of its own."""
    slots: npt.NDArray[np.uint16]
    """uint16[(segments + 2) * length]: `MARK` bits above `COST` bits."""
    layout: npt.NDArray[np.uint64]
    """uint64[3]: segments in which words begin, slots of a segment, a power of two, and the seed that fits."""


@inlined
def longer(word: np.uint64, unit: np.uint64) -> np.uint64:
    """Return a word with one more folded unit."""
    return (word << UNITS) | unit


@inlined
def mixed(word: np.uint64, seed: np.uint64) -> np.uint64:
    """Return 64 bits that hang on all of a word."""
    number = (word + seed) * _FACTORS[0]
    number = (number ^ (number >> _HALF)) * _FACTORS[1]
    return number ^ (number >> _HALF)


@inlined
def places(number: np.uint64, segments: np.uint64, length: np.uint64) -> tuple[np.uint64, np.uint64, np.uint64]:
    """Return the three slots of a mixed word, in consecutive segments."""
    mask = length - _ONE
    first = ((number >> _HALF) * (segments * length)) >> _HALF
    second = (first + length) ^ ((number >> _MIDDLE) & mask)
    third = (first + length + length) ^ (number & mask)
    return first, second, third


@inlined
def marked(number: np.uint64) -> np.uint64:
    """Return the mark of a mixed word."""
    return (number * _FACTORS[0]) >> (np.uint64(64) - MARK)


@inlined
def word_bits(lexicon: Lexicon, word: np.uint64) -> np.float32:
    """Return −log2 of the share of a word of two characters and more, `NO_WORD` where it is not listed."""
    number = mixed(word, lexicon.layout[2])
    first, second, third = places(number, lexicon.layout[0], lexicon.layout[1])
    slot = np.uint64(lexicon.slots[first] ^ lexicon.slots[second] ^ lexicon.slots[third])
    if slot >> COST != marked(number):
        return NO_WORD
    return LEAST + STEP * np.float32(slot & ((_ONE << COST) - _ONE))
