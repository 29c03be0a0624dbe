"""The model's arithmetic, compiled: every score of the package comes from `cost`.

Back-off as in Katz (1987, IEEE Trans. ASSP 35, 400): a kept n-gram has its cost; any other costs what backing off from
its context costs, plus the cost of the n-gram that is shorter by its first unit.

A context is a uint64 of two units of 16 bits, the latest in the low bits; 0 is the boundary, before which nothing is
known.
"""

import numpy as np

from repair.compiled import borrowing, inlined
from repair.language.slots import MARK_2, MARK_3, WIDTH_2, WIDTH_3, found, pair, triple
from repair.language.tables import BACKOFF_ZERO, STEP, Tables

_UNIT = np.uint64(16)
_ONE = np.uint64(0xFFFF)
_TWO = np.uint64(0xFFFFFFFF)
_NOTHING = np.uint64(0)
_FORGOTTEN = np.uint64(0xFFFF0000)  # no unit: nothing is known to follow it
_STEP = np.float32(STEP)


@inlined
def bigram(tables: Tables, first: np.uint64, second: np.uint64) -> np.uint32:
    """Return 8 bits of backing off, 8 of cost; 0 where the bigram is not kept."""
    return found(tables.bigrams, pair(first, second), WIDTH_2, MARK_2)


@inlined
def trigram(tables: Tables, context: np.uint64, last: np.uint64) -> np.uint32:
    """Return 8 bits of cost, 0 where the trigram is not kept; to be asked only where both its bigrams are."""
    return found(tables.trigrams, triple(context >> _UNIT, context & _ONE, last), WIDTH_3, MARK_3)


@inlined
def holds(tables: Tables, context: np.uint64, last: np.uint64) -> bool:
    """Say whether the model keeps the last two of these units as a bigram, and all three as a trigram.

    ``context`` is one unit or two of 16 bits. The boundary is never held: it stands in no word.
    """
    if not (context and last and bigram(tables, context & _ONE, last)):
        return False
    return context <= _ONE or bool(trigram(tables, context, last))


@inlined
def _kept(slot: np.uint32) -> np.float32:
    return np.float32(slot & np.uint32(255)) * _STEP


@inlined
def is_context(slot: np.uint32) -> bool:
    """Say whether the bigram of a slot may be backed off from, as the context of a trigram."""
    return bool(slot >> np.uint32(8))


@inlined
def _backing_off(slot: np.uint32) -> np.float32:
    return np.float32(np.int32(slot >> np.uint32(8)) - np.int32(BACKOFF_ZERO)) * _STEP


@inlined
def preceding(tables: Tables, context: np.uint64) -> np.uint32:
    """Return the bigram of a context, 0 where there is none."""
    known = context != _NOTHING and context < _FORGOTTEN
    return bigram(tables, context >> _UNIT, context & _ONE) if known else np.uint32(0)


@inlined
def _cost(tables: Tables, context: np.uint64, unit: int, precedes: np.uint32, follows: np.uint32) -> np.float32:
    """Return the cost of a unit; ``precedes`` is the bigram of its context, ``follows`` that which the unit ends."""
    wanted = is_context(precedes) and follows
    three = trigram(tables, context & _TWO, np.uint64(unit)) if wanted else np.uint32(0)
    return cost_with(tables, context, unit, precedes, follows, three)


@inlined
def cost_with(
    tables: Tables, context: np.uint64, unit: int, precedes: np.uint32, follows: np.uint32, three: np.uint32
) -> np.float32:
    """Return the cost of a unit: ``precedes`` is the bigram of its context, ``follows`` and ``three`` what it ends."""
    bits: np.float32 = tables.member_bits[unit]
    if three:
        return bits + _kept(three)
    if is_context(precedes):
        bits += _backing_off(precedes)
    if follows:
        return bits + _kept(follows)
    bits += tables.backoff_bits[context & _ONE] + tables.unit_bits[unit]
    return bits


@borrowing
def cost(tables: Tables, context: np.uint64, unit: int) -> np.float32:
    """Return −log2 P(unit | context) in bits, for one member of the unit where it stands for a class."""
    follows = bigram(tables, context & _ONE, np.uint64(unit))
    return _cost(tables, context, unit, preceding(tables, context), follows)


@inlined
def push(context: np.uint64, unit: int) -> np.uint64:
    """Return the context after one more unit; the boundary hides what stood before it."""
    if unit == 0:
        return _NOTHING
    return ((context << _UNIT) | np.uint64(unit)) & _TWO


@borrowing
def remembered(tables: Tables, context: np.uint64) -> np.uint64:
    """Return a context without a unit that does not matter for what follows: fewer contexts, the same costs."""
    return shortened(context, preceding(tables, context))


@inlined
def shortened(context: np.uint64, precedes: np.uint32) -> np.uint64:
    """Return a context as far as it is `remembered`, given its bigram."""
    return context if context == _NOTHING or is_context(precedes) else _FORGOTTEN | (context & _ONE)


@borrowing
def taken(tables: Tables, context: np.uint64, unit: int) -> tuple[np.float32, np.uint64]:
    """Return what `cost` does, and the context after the unit, as far as it is `remembered`."""
    follows = bigram(tables, context & _ONE, np.uint64(unit))
    bits = _cost(tables, context, unit, preceding(tables, context), follows)
    return bits, shortened(push(context, unit), follows)


@borrowing
def carried(
    tables: Tables, context: np.uint64, unit: int, precedes: np.uint32
) -> tuple[np.float32, np.uint64, np.uint32]:
    """Return what `cost` does, the context after the unit, and the bigram that precedes then, 0 before all.

    A loop that hands it on looks up two n-grams for a character instead of three.
    """
    follows = bigram(tables, context & _ONE, np.uint64(unit))
    bits = _cost(tables, context, unit, precedes, follows)
    after = push(context, unit)
    return bits, after, follows if after else np.uint32(0)


@borrowing
def recalled(
    tables: Tables, context: np.uint64, unit: int, precedes: np.uint32
) -> tuple[np.float32, np.uint64, np.uint32]:
    """Return what `taken` does, and the bigram that precedes then; `precedes` and it are handed on as in `carried`."""
    follows = bigram(tables, context & _ONE, np.uint64(unit))
    bits = _cost(tables, context, unit, precedes, follows)
    return bits, shortened(push(context, unit), follows), follows if unit else np.uint32(0)
