"""Words of Greek and Cyrillic in capitals, which the language model weighs in small letters, compiled.

Few texts are written in capitals, so their letters cost the model as much as damage does, and eight of them are four
hanzi in GB18030: ВНЕШНЕГО, read as ISO 8859-5, was 步等降尘. What damage leaves mixes capitals and small letters.
"""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing
from repair.triage.utf8 import Bytes, before, code_point, width

_FEWEST = 2
"""Letters of a word that counts: one alone is a sign, or begins a sentence."""
_LONGEST = 40
"""Letters to either side beyond which it is no word, so that long runs take no longer than their length."""
_FIRST, _LAST = 0x0370, 0x052F
"""Greek and Cyrillic, which follow each other."""
_SIGMA, _FINAL_SIGMA = 0x03A3, 0x03C2


def _small_letters() -> npt.NDArray[np.uint16]:
    """Return the small letter of each capital from `_FIRST` to `_LAST`, 0 for what is no capital."""
    letters = [chr(code) for code in range(_FIRST, _LAST + 1)]
    return np.array([ord(one.lower()) if one.isupper() else 0 for one in letters], np.uint16)


_SMALL = _small_letters()


@borrowing
def weighed_as(data: Bytes, start: int, end: int, place: int, code: int) -> int:
    """Return the code point as which the one at ``place`` is weighed: its small letter in a word of capitals."""
    if code < _FIRST or code > _LAST or _SMALL[code - _FIRST] == 0:
        return code
    left = _capitals_before(data, start, place)
    right = _capitals_from(data, place, end)
    if left < 0 or right < 0 or left + right < _FEWEST:
        return code
    if code == _SIGMA and right == 1:
        return _FINAL_SIGMA
    return int(_SMALL[code - _FIRST])


@borrowing
def _capitals_before(data: Bytes, start: int, place: int) -> int:
    """Count the letters between the beginning of a word and ``place``; -1 where one is no capital."""
    count = 0
    while place > start and count < _LONGEST:
        place = before(data, start, place)
        kind = _kind(code_point(data, place, len(data)))
        if kind == 0:
            return count
        if kind < 0:
            return -1
        count += 1
    return count if place <= start else -1


@borrowing
def _capitals_from(data: Bytes, place: int, end: int) -> int:
    """Count the letters from ``place`` to the end of its word; -1 where one is no capital."""
    count = 0
    while place < end and count < _LONGEST:
        kind = _kind(code_point(data, place, end))
        if kind == 0:
            return count
        if kind < 0:
            return -1
        count += 1
        place += width(data[place])
    return count if place >= end else -1


@borrowing
def _kind(code: int) -> int:
    """Return 1 for a capital of Greek or Cyrillic, -1 for another of their letters, 0 for anything else."""
    if code < _FIRST or code > _LAST:
        return 0
    return 1 if _SMALL[code - _FIRST] > 0 else -1
