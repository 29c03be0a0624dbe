"""What every strict misreading costs a line roughly, each character by itself: the model is asked only about the best.

Encodings that read the same bytes as a line are counted once.
"""
# ruff: noqa: SIM110 - compiled code has no generators

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing
from repair.rereading.kernel import MIX, START, Language, Points, code_of, roughly
from repair.rereading.tables import ABSENT, Misreadings, Writers

_ABSENT = np.uint32(ABSENT)
_NONE = np.uint64(0)
_BEGINNING = 24
"""Characters of a line that tell most encodings apart."""
LAG = 80.0
"""Bits by which a reading may lag behind the best where characters are counted by themselves, to be read exactly."""


@borrowing
def count_roughly(
    points: Points,
    span: tuple[int, int],
    known: Misreadings,
    language: Language,
    first: int,
    rough: npt.NDArray[np.float64],
    texts: npt.NDArray[np.uint64],
    bytes_: npt.NDArray[np.uint64],
    alike: npt.NDArray[np.int64],
) -> float:
    """Fill in what each channel's reading costs, each character by itself, and its hash; return the least cost.

    That includes the prior. The channel ``first`` is asked first: where it is the right one, the others are given up
    the sooner; what they cost then is beyond what counts.
    """
    row = known.channels[first]
    first_rough, first_text = roughly(
        points, span, known.writers, row.wrong, known.parsers[row.original], language, np.inf
    )
    best = first_rough - row.prior
    _hash_bytes(points, span, known.writers, bytes_, alike)
    for channel in range(len(rough)):
        row = known.channels[channel]
        rough[channel], texts[channel] = np.inf, START
        if bytes_[row.wrong] == _NONE:
            continue
        same = known.numbers[alike[row.wrong], row.original]
        if 0 <= same < channel:
            rough[channel], texts[channel] = rough[same], texts[same]
        elif channel == first:
            rough[channel], texts[channel] = first_rough, first_text
        else:
            limit = best + row.prior + LAG
            rough[channel], texts[channel] = roughly(
                points, span, known.writers, row.wrong, known.parsers[row.original], language, limit
            )
        best = min(best, rough[channel] - row.prior)
    return best


@borrowing
def _hash_bytes(
    points: Points,
    span: tuple[int, int],
    writers: Writers,
    bytes_: npt.NDArray[np.uint64],
    alike: npt.NDArray[np.int64],
) -> None:
    """Fill in a hash of the bytes that each encoding reads as a line, and the first that reads the same bytes.

    Where the beginning tells encodings apart no more is hashed, and `_NONE` says that an encoding does not read it.
    """
    middle = min(span[0] + _BEGINNING, span[1])
    for wrong in range(len(alike)):
        bytes_[wrong] = _hashed(points, span[0], middle, writers, wrong, START)
        alike[wrong] = _same_bytes(bytes_, wrong)
    if middle == span[1]:
        return
    for wrong in range(len(alike)):
        if alike[wrong] != wrong or _is_first(alike, wrong):
            bytes_[wrong] = _hashed(points, middle, span[1], writers, wrong, bytes_[wrong])
    for wrong in range(len(alike)):
        alike[wrong] = _same_bytes(bytes_, wrong)


@borrowing
def _is_first(alike: npt.NDArray[np.int64], wrong: int) -> bool:
    """Say whether a later encoding was found to be like this one."""
    for other in range(wrong + 1, len(alike)):
        if alike[other] == wrong:
            return True
    return False


@borrowing
def _hashed(points: Points, start: int, end: int, writers: Writers, wrong: int, before: np.uint64) -> np.uint64:
    """Return the hash ``before`` after some more characters, `_NONE` where the encoding does not read one of them."""
    found = before
    for at in range(start, end):
        code = code_of(writers, wrong, points[at])
        if code == _ABSENT or before == _NONE:
            return _NONE
        found = (found ^ np.uint64(code)) * MIX
    return found


@borrowing
def _same_bytes(bytes_: npt.NDArray[np.uint64], wrong: int) -> int:
    """Return the first encoding that reads the same bytes as a line, as similar code pages do."""
    for other in range(wrong):
        if bytes_[other] == bytes_[wrong]:
            return other
    return wrong
