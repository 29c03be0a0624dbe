"""A site's program as arrays, for the compiled loops that run it."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.mirror.points import Points, points_of
from repair.mirror.program import Program
from repair.mirror.site import UNDEFINED
from repair.mirror.tables import characters, codes, private_characters

SIGN = -1
"""Of a pair: no note is put after it, but it is set apart."""
_UNCHANGED = np.arange(0x10000, dtype=np.uint16)
_FULL_WIDTH = slice(0xFF01, 0xFF5F)
_TO_ASCII = 0xFEE0
"""From a full-width sign down to the ASCII one."""
Order = npt.NDArray[np.int16]


class Rules(NamedTuple):
    """A program for the compiled loops; pairs of bytes are numbers, high byte first."""

    codes: npt.NDArray[np.uint16]
    """uint16[0x10000]: the bytes of each character, ASCII as itself, 0 where GBK has none."""
    characters: npt.NDArray[np.uint16]
    """uint16[0x10000]: the character of each pair, 0 where there is none."""
    private: npt.NDArray[np.uint16]
    """uint16[0x10000]: the private-use character of each pair that has one."""
    converted: npt.NDArray[np.uint16]
    """uint16[0x10000]: what the site's script has for each character."""
    folded: npt.NDArray[np.uint16]
    """uint16[0x10000]: what each character is folded to."""
    ranks: Order
    """int16[0x10000]: the place of each pair's rule in the order, from 1; 0 for none."""
    notes: npt.NDArray[np.int16]
    """int16[0x10000]: the number of the note that is put after each pair, or `SIGN`."""
    starts: npt.NDArray[np.int32]
    """int32[notes + 1]: where each note begins in ``letters``."""
    letters: Points
    habit: npt.NDArray[np.int64]
    """int64[3]: the mark's code point (0: none), whether the decoder eats, what it puts for undefined pairs."""


@lru_cache(maxsize=16)
def rules_of(program: Program) -> Rules:
    """Return a program as rules."""
    converted, folded = _UNCHANGED.copy(), _UNCHANGED.copy() if program.folds else _UNCHANGED
    old, new = points_of(program.simplified), points_of(program.traditional)
    converted[old[old < len(converted)]] = new[old < len(converted)]
    if program.folds:
        folded[_FULL_WIDTH] -= _TO_ASCII
        spared = points_of(program.unfolded)
        folded[spared] = spared
    strings = [f"({reading})" * program.repeat for _, reading in program.notes]
    notes = np.zeros(0x10000, np.int16)
    noted = codes()[points_of("".join(character for character, _ in program.notes))]
    notes[noted] = np.arange(len(noted))
    notes[codes()[points_of(program.cut)]] = SIGN
    return Rules(
        codes(),
        characters(),
        private_characters(),
        converted,
        folded,
        ranks_of(program),
        notes,
        np.cumsum([0, *map(len, strings)], dtype=np.int32),
        points_of("".join(strings)),
        np.array((ord(program.mark or "\0"), program.eats, UNDEFINED.index(program.undefined)), np.int64),
    )


def ranks_of(program: Program) -> Order:
    """Return the place of each pair's rule in a program's order; see `Rules`."""
    noted = points_of("".join(character for character, _ in program.notes))
    cut = points_of(program.cut)
    order = codes()[np.concatenate((cut, noted) if program.cuts_first else (noted, cut))]
    ranks = np.zeros(0x10000, np.int16)
    ranks[order] = np.arange(1, len(order) + 1)
    ranks[0] = 0  # characters that GBK does not hold pass through
    return ranks
