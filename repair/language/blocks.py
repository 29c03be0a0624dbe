"""What a known text costs, some characters at a time, compiled.

One character after the other, each look-up waits for the memory of the one before. In blocks the bigrams of all
characters are fetched first and then the trigrams, none waiting for another: 33 ns a character instead of 46.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.language.kernel import bigram, cost_with, is_context, push, trigram
from repair.language.tables import Tables

SIZE = 64
"""Units of a block."""
_ONE = np.uint64(0xFFFF)


class Block(NamedTuple):
    """Room for a block: its units, the bigram and the trigram that each of them ends, and what each costs.

    ``scripts`` is the caller's: which of the units are counted apart.
    """

    units: npt.NDArray[np.uint16]
    bigrams: npt.NDArray[np.uint32]
    trigrams: npt.NDArray[np.uint32]
    bits: npt.NDArray[np.float32]
    scripts: npt.NDArray[np.bool_]


@compiled
def new_block() -> Block:
    """Return room for a block."""
    return Block(
        np.empty(SIZE, np.uint16),
        np.empty(SIZE, np.uint32),
        np.empty(SIZE, np.uint32),
        np.empty(SIZE, np.float32),
        np.empty(SIZE, np.bool_),
    )


@borrowing
def cost_block(
    tables: Tables, block: Block, count: int, context: np.uint64, precedes: np.uint32
) -> tuple[np.uint64, np.uint32]:
    """Fill in what the first ``count`` units of a block cost.

    ``context`` and the bigram that precedes are handed on from block to block, as `repair.language.kernel.carried` does
    from unit to unit.
    """
    before = context & _ONE
    for at in range(count):
        unit = np.uint64(block.units[at])
        block.bigrams[at] = bigram(tables, before, unit)
        before = unit
    _find_trigrams(tables, block, count, context, precedes)
    for at in range(count):
        unit, follows = block.units[at], block.bigrams[at]
        block.bits[at] = cost_with(tables, context, unit, precedes, follows, block.trigrams[at])
        context = push(context, unit)
        precedes = follows if context else np.uint32(0)
    return context, precedes


@borrowing
def _find_trigrams(tables: Tables, block: Block, count: int, context: np.uint64, precedes: np.uint32) -> None:
    for at in range(count):
        unit, follows = block.units[at], block.bigrams[at]
        wanted = is_context(precedes) and follows
        block.trigrams[at] = trigram(tables, context, np.uint64(unit)) if wanted else np.uint32(0)
        context = push(context, unit)
        precedes = follows if context else np.uint32(0)


@compiled
def costs(tables: Tables, units: npt.NDArray[np.uint16]) -> npt.NDArray[np.float32]:
    """Return the cost of each unit given those before it, nothing being known before the first: float32[len(units)]."""
    bits = np.empty(len(units), np.float32)
    block, context, precedes = new_block(), np.uint64(0), np.uint32(0)
    for start in range(0, len(units), SIZE):
        count = min(SIZE, len(units) - start)
        block.units[:count] = units[start : start + count]
        context, precedes = cost_block(tables, block, count, context, precedes)
        bits[start : start + count] = block.bits[:count]
    return bits
