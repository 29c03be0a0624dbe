"""Which values need a look: whole columns of code points through one table, no loop over characters.

Most of any archive is clean. A value is passed on untouched where nothing in it costs more than clean text does: its
characters are common on average, and it has no escape, note or loss mark.
"""

import re
from functools import cache

import numpy as np
import numpy.typing as npt

from repair.language import load

_MEAN_BITS = 11.5
"""Clean Chinese costs 9-10 bits a character by frequency alone, misread Chinese 13 and more."""
_HIGH = 0x80
MARKS = re.compile(
    "&(?:amp;)?#|\\\\u[0-9a-fA-F]{4}|%u[0-9a-fA-F]{4}|(?:%[0-9a-fA-F]{2}){2}"
    "|\\([a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]|[㐀-鿿]\\([a-z]{1,6}\\)"
    "|[\ufffd\x80-\x9f]|斤拷|ï¿½|烫烫烫|屯屯屯|葺葺葺|\\?[\\s?]*\\?[\\s?]*\\?[\\s?]*\\?"
)


def suspicious(text: str) -> bool:
    """Say whether a text needs a look.

    >>> suspicious("会议强调，要坚持安全第一。"), suspicious("浼氳寮鸿皟"), suspicious("plain")
    (False, True, False)
    """
    if MARKS.search(text):
        return True
    if text.isascii():
        return False
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return bool(mean_bits(codes, np.array([0], np.int64))[0] > _MEAN_BITS) or bool(rare_runs(codes))


def rare_runs(codes: npt.NDArray[np.uint32]) -> bool:
    """Say whether three characters in a row are dear: damage in one place of a long clean text."""
    dear = _bits()[codes] > _DEAR_BITS
    return bool((dear[2:] & dear[1:-1] & dear[:-2]).any())


_DEAR_BITS = 14.0


def mean_bits(codes: npt.NDArray[np.uint32], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return for each value (of ``codes``, beginning at ``starts``) the mean bits of its characters beyond ASCII."""
    bits = np.where(codes < _HIGH, np.float32(0), _bits()[codes])
    total = np.add.reduceat(bits.astype(np.float64), starts)
    count = np.add.reduceat((codes >= _HIGH).astype(np.int64), starts)
    means: npt.NDArray[np.float64] = total / np.maximum(count, 1)
    return means


@cache
def _bits() -> npt.NDArray[np.float32]:
    return load().unigram_bits
