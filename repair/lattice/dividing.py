"""The cheapest division into words of a text and some characters around it, compiled.

What stands on the left and on the right is divided once; each text between them is then joined to both.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, inlined
from repair.language.kernel import holds, push
from repair.language.lexicon import LONGEST, TRADITIONAL, Lexicon, longer, word_bits
from repair.language.tables import Tables

AROUND = 4
"""Characters to either side that are divided along with a text."""
CACHED = 256
"""Texts whose costs are kept."""
_EMITTED = 3
_NOTHING = np.uint64(0)


class Room(NamedTuple):
    """Room for one loss: the units to its left and its right, all together, the costs, and the texts weighed already.

    ``before`` has what the cheapest division up to each place of the whole costs, ``after`` what that of the units on
    the right from each place on costs, ``scripts`` what a character costs that is written in neither script alone, in
    simplified alone, in traditional alone.
    """

    left: npt.NDArray[np.uint16]
    right: npt.NDArray[np.uint16]
    whole: npt.NDArray[np.uint16]
    before: npt.NDArray[np.float64]
    after: npt.NDArray[np.float64]
    scripts: npt.NDArray[np.float64]
    texts: npt.NDArray[np.uint64]
    bits: npt.NDArray[np.float64]


class Wording(NamedTuple):
    """What words are judged by.

    ``weight`` is what a bit of theirs counts for beside one of the n-grams, 0 for nothing; ``temper`` is what a bit of
    both counts for in probabilities.
    """

    tables: Tables
    lexicon: Lexicon
    room: Room
    temper: float
    weight: float


def new_room() -> Room:
    """Return new room."""
    size = 2 * AROUND + _EMITTED
    return Room(
        np.zeros(AROUND, np.uint16),
        np.zeros(AROUND, np.uint16),
        np.zeros(size, np.uint16),
        np.zeros(size + 1),
        np.zeros(size + 1),
        np.zeros(TRADITIONAL + 1),
        np.zeros(CACHED, np.uint64),
        np.zeros(CACHED),
    )


@inlined
def _bits(wording: Wording, word: np.uint64, unit: int, size: int) -> np.float32:
    """Return what a word of so many characters costs that ends with a unit."""
    return wording.lexicon.alone[unit] if size == 1 else word_bits(wording.lexicon, word)


@borrowing
def divide_left(wording: Wording, count: int) -> None:
    """Find what dividing the ``count`` units on the left up to each of their places costs."""
    for at in range(count):
        wording.room.whole[at] = wording.room.left[AROUND - count + at]
    _divide(wording, 0, count, count)


@borrowing
def divide_right(wording: Wording, count: int) -> None:
    """Find what dividing the ``count`` units on the right from each of their places on costs."""
    units, after = wording.room.right, wording.room.after
    after[count] = 0.0
    for start in range(count - 1, -1, -1):
        word = context = _NOTHING
        after[start] = np.inf
        for last in range(start, min(start + LONGEST, count)):
            folded = np.uint64(wording.lexicon.folded[units[last]])
            if last > start and not holds(wording.tables, context, folded):
                break
            word, context = longer(word, folded), push(context, folded)
            after[start] = min(after[start], _bits(wording, word, units[last], last + 1 - start) + after[last + 1])


@borrowing
def divided(wording: Wording, count: int, left: int, right: int) -> float:
    """Return what the cheapest division of all costs.

    The ``count`` units in the middle stand in ``whole`` behind the ``left`` ones, which like the ``right`` ones were
    divided before.
    """
    until = left + count
    for at in range(right):
        wording.room.whole[until + at] = wording.room.right[at]
    return _divide(wording, left, until, until + right)


@borrowing
def _divide(wording: Wording, known: int, until: int, size: int) -> float:
    """Find what dividing the whole up to each place from ``known + 1`` to ``until`` costs, shorter ones being known.

    Return what dividing all of it costs, where the units from ``until`` to ``size`` cost what is ``after``.
    """
    units, before, after = wording.room.whole, wording.room.before, wording.room.after
    for at in range(known + 1, until + 1):
        before[at] = np.inf
    before[0], least = 0.0, np.inf
    for start in range(max(known + 1 - LONGEST, 0), until):
        word = context = _NOTHING
        for last in range(start, min(start + LONGEST, size)):
            folded = np.uint64(wording.lexicon.folded[units[last]])
            if last > start and not holds(wording.tables, context, folded):
                break
            word, context = longer(word, folded), push(context, folded)
            if last < known:
                continue
            total = before[start] + _bits(wording, word, units[last], last + 1 - start)
            if last < until:
                before[last + 1] = min(before[last + 1], total)
            if last >= until - 1:
                least = min(least, total + after[last + 1 - until])
    return least
