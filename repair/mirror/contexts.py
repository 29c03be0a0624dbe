"""What the model remembers of the characters before, no longer than it matters: nodes that differ in more are merged.

A context is that of `repair.language.kernel`, with `_FORGOTTEN` in the place of the unit from which on the model looks
at nothing; so what a character costs after it takes fewer look-ups.
"""

import numpy as np

from repair.compiled import borrowing
from repair.language import Tables
from repair.language.kernel import _backing_off as backing_off
from repair.language.kernel import _is_context as is_context
from repair.language.kernel import _kept as kept
from repair.language.kernel import cost, push, slot

_FORGOTTEN = np.uint64(0xFFFF)
"""No unit of the model."""
_ONE, _TWO = np.uint64(0xFFFF), np.uint64(0xFFFFFFFF)
_UNIT, _TWO_UNITS = np.uint64(16), np.uint64(32)
_BIGRAM, _TRIGRAM, _TETRAGRAM = np.uint64(2), np.uint64(3), np.uint64(4)


@borrowing
def remembered(tables: Tables, context: np.uint64) -> np.uint64:
    """Return a context without the units that the model does not look at after the others."""
    if context == 0:
        return context
    two = slot(tables.slots, context & _TWO, _BIGRAM)
    if not is_context(two):
        return (_FORGOTTEN << _UNIT) | (context & _ONE)
    third = context >> _TWO_UNITS
    if third and third != _FORGOTTEN and not is_context(slot(tables.slots, context, _TRIGRAM)):
        return (_FORGOTTEN << _TWO_UNITS) | (context & _TWO)
    return context


@borrowing
def cost_after(tables: Tables, context: np.uint64, unit: int) -> np.float32:
    """Return what `cost` does, for a context that `remembered` returned."""
    second, third = (context >> _UNIT) & _ONE, context >> _TWO_UNITS
    if third == 0 and second != _FORGOTTEN:
        return cost(tables, context, unit)
    last = np.uint64(unit)
    bits: np.float32 = tables.member_bits[unit]
    if second != _FORGOTTEN:
        if third != _FORGOTTEN:
            found = slot(tables.slots, (context << _UNIT) | last, _TETRAGRAM)
            if found:
                return bits + kept(found)
            bits += backing_off(slot(tables.slots, context, _TRIGRAM))
        found = slot(tables.slots, ((context & _TWO) << _UNIT) | last, _TRIGRAM)
        if found:
            return bits + kept(found)
        bits += backing_off(slot(tables.slots, context & _TWO, _BIGRAM))
    found = slot(tables.slots, ((context & _ONE) << _UNIT) | last, _BIGRAM)
    if found:
        return bits + kept(found)
    bits += tables.backoff_bits[context & _ONE] + tables.unit_bits[unit]
    return bits


@borrowing
def taken(tables: Tables, context: np.uint64, unit: int) -> tuple[np.float32, np.uint64]:
    """Return what a unit costs after a context that is remembered, and the context after it, as far as it is."""
    second, third = (context >> _UNIT) & _ONE, context >> _TWO_UNITS
    if unit == 0 or second == 0 or (third == 0 and second != _FORGOTTEN):
        return cost(tables, context, unit), remembered(tables, push(context, unit))
    last = np.uint64(unit)
    bits: np.float32 = tables.member_bits[unit]
    two = slot(tables.slots, ((context & _ONE) << _UNIT) | last, _BIGRAM)
    after = (_FORGOTTEN << _UNIT) | last
    if second == _FORGOTTEN:
        if is_context(two):
            after = (_FORGOTTEN << _TWO_UNITS) | ((context & _ONE) << _UNIT) | last
        return bits + _of_two(tables, two, context, unit), after
    three = slot(tables.slots, ((context & _TWO) << _UNIT) | last, _TRIGRAM)
    if is_context(two):
        known = (context & _TWO) if is_context(three) else (_FORGOTTEN << _UNIT) | (context & _ONE)
        after = (known << _UNIT) | last
    if third != _FORGOTTEN:
        four = slot(tables.slots, (context << _UNIT) | last, _TETRAGRAM)
        if four:
            return bits + kept(four), after
        bits += backing_off(slot(tables.slots, context, _TRIGRAM))
    if three:
        return bits + kept(three), after
    bits += backing_off(slot(tables.slots, context & _TWO, _BIGRAM))
    return bits + _of_two(tables, two, context, unit), after


@borrowing
def _of_two(tables: Tables, two: np.uint32, context: np.uint64, unit: int) -> np.float32:
    """Return what a unit costs after the last one alone, given the slot of the two."""
    return kept(two) if two else tables.backoff_bits[context & _ONE] + tables.unit_bits[unit]
