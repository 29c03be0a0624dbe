"""The loop over the characters of a column: two running sums, the second only where the first is high.

Both are the cumulative sums of Page (1954, Biometrika 41, 100): what characters cost beyond what clean text costs adds
up and never falls below zero, so damage shows alike in a short value and in one place of a long one. The first counts
each character by its frequency and finds where a text may be damaged; the second, of the language model, looks at
that stretch again and knows rare words, traditional Chinese and other languages. It is asked for pairs first and for
longer n-grams only where pairs are unlikely too: each look-up in the model's table costs a miss of the cache.
"""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.language import Tables
from repair.language.kernel import cost, push
from repair.triage.capitals import weighed_as
from repair.triage.marks import Rule, marked, written_in_ascii
from repair.triage.tables import LOOK, RULE, STEPS, Steps, Weights
from repair.triage.utf8 import Bytes, before, code_point, width

_DOUBTFUL = 12 * STEPS
"""Steps of the first sum at which the language model is asked."""
_DOUBTFUL_AT_END = 6 * STEPS
"""The same where the value ends: it may be short."""
_MODEL_BITS = np.float32(12)
"""What the language model may charge for a character beyond ASCII before its sum rises."""
_SUSPICIOUS_BITS = np.float32(15)
_QUESTION_STEPS = 4 * STEPS
"""What a question mark of ASCII behind a character beyond ASCII costs: it may stand for a lost byte."""
_PAIRS, _ALL = np.uint64(0xFFFF), np.uint64(0xFFFFFFFFFFFF)
"""Which units of a context the model is told."""
_MIXED_STEPS = 4 * STEPS
"""What a letter of ASCII right behind one of Greek or Cyrillic costs: trail bytes of Big5 read as CP866 look so."""
_ASCII, _AT, _GREEK = np.uint8(0x80), np.uint8(0x40), np.uint8(0xCD)
_TWO_BYTES, _THREE_BYTES, _FOUR_BYTES = np.uint8(0xC0), np.uint8(0xE0), np.uint8(0xF0)
# Unsigned throughout: for signed indices numba compiles a look at the sign into every access.
_ONE, _TWO, _THREE, _SIX, _TWELVE = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(6), np.uint64(12)
_LOW_4, _LOW_5, _LOW_6 = np.uint64(15), np.uint64(31), np.uint64(63)


@borrowing
def calm(data: Bytes, at: np.uint64, end: np.uint64, total: int, stops: Steps) -> tuple[np.uint64, int]:
    """Pass over characters while nothing stops at them and the first sum stays low; return where, and the sum.

    2.5 GB/s of Chinese on a core of 2024; everything that needs a thought is left to `needs_look`.
    """
    while at < end:
        lead = data[at]
        if lead < _ASCII:
            if stops[lead] != 0:
                break
            at += _ONE
            continue
        if _THREE_BYTES <= lead < _FOUR_BYTES and at + _THREE <= end:
            high = (np.uint64(lead) & _LOW_4) << _TWELVE | (np.uint64(data[at + _ONE]) & _LOW_6) << _SIX
            risen = total + stops[high | (np.uint64(data[at + _TWO]) & _LOW_6)]
            size = _THREE
        elif _TWO_BYTES <= lead < _THREE_BYTES and at + _TWO <= end:
            risen = total + stops[(np.uint64(lead) & _LOW_5) << _SIX | (np.uint64(data[at + _ONE]) & _LOW_6)]
            size = _TWO
            if lead >= _GREEK and at + _TWO < end and _AT <= data[at + _TWO] < _ASCII:
                risen += _MIXED_STEPS
        else:
            break
        if risen > _DOUBTFUL:
            break
        total = max(risen, 0)
        at += size
    return at, total


@borrowing
def _signed(place: np.uint64) -> int:
    return np.int64(place)  # int() would leave it unsigned


@borrowing
def needs_look(data: Bytes, start: int, end: int, weights: Weights) -> bool:
    """Say whether the text in ``data[start:end]`` needs a look."""
    total, questions, settled = 0, 0, start
    at = start
    while True:
        place, total = calm(data, np.uint64(at), np.uint64(end), total, weights.stops)
        at = _signed(place)
        if at >= end:
            doubtful = total > _DOUBTFUL_AT_END and settle(data, start, end, end, weights, total) < 0
            return doubtful or 2 * questions > end - start or written_in_ascii(data, start, end)
        code = code_point(data, at, end)
        steps = int(weights.stops[code])
        if steps >= RULE:
            if steps == LOOK or marked(data, start, at, end, steps - RULE):
                return True
            is_question = steps == RULE + Rule.QUESTION
            questions += is_question
            behind = is_question and at > start and data[at - 1] >= _ASCII
            steps = _QUESTION_STEPS if behind else int(weights.steps[code])
        total = max(0, total + steps)
        at += width(data[at])
        if total > _DOUBTFUL:
            if at > settled:
                settled = settle(data, start, at, end, weights, total)
                if settled < 0:
                    return True
            total = 0


@borrowing
def settle(data: Bytes, start: int, at: int, end: int, weights: Weights, total: int) -> int:
    """Ask the language model about the characters before ``at`` over which the first sum rose to ``total``.

    It reads on until its own sum is back at zero. Returns where that is, -1 where it finds the text unlikely too.
    """
    begin = _beginning(data, start, at, weights, total)
    context = _context(data, start, begin, end, weights.language)
    settled = _ask(data, start, begin, at, end, weights.language, context, _PAIRS)
    return settled if settled >= 0 else _ask(data, start, begin, at, end, weights.language, context, _ALL)


@borrowing
def _context(data: Bytes, start: int, place: int, end: int, language: Tables) -> np.uint64:
    """Return what the model knows before ``place``: the units of three characters."""
    first = before(data, start, before(data, start, before(data, start, place)))
    context = np.uint64(0)
    while first < place:
        code = weighed_as(data, start, end, first, code_point(data, first, place))
        context = push(context, language.unit_of[code])
        first += width(data[first])
    return context


@borrowing
def _ask(
    data: Bytes, start: int, place: int, at: int, end: int, language: Tables, context: np.uint64, known: np.uint64
) -> int:
    bits = np.float32(0)
    while place < end and (place < at or bits > 0):
        code = weighed_as(data, start, end, place, code_point(data, place, end))
        unit = language.unit_of[code]
        if code >= _ASCII:
            bits = max(np.float32(0), bits + cost(language, context & known, unit) - _MODEL_BITS)
            if bits > _SUSPICIOUS_BITS:
                return -1
        context = push(context, unit)
        place += width(data[place])
    return place


@borrowing
def _beginning(data: Bytes, start: int, at: int, weights: Weights, total: int) -> int:
    """Return where the first sum, ``total`` at ``at``, began to rise: going back, the costs make it up."""
    while total > 0 and at > start:
        previous = before(data, start, at)
        total -= int(weights.steps[code_point(data, previous, at)])
        at = previous
    return at


@compiled
def look(
    data: Bytes, offsets: npt.NDArray[np.int64], valid: npt.NDArray[np.bool_], weights: Weights
) -> npt.NDArray[np.bool_]:
    """Say of each value whether it needs a look: bool[len(offsets) - 1]; one that is not valid needs none.

    ``valid`` may be empty: then every value is.
    """
    found = np.zeros(len(offsets) - 1, np.bool_)
    stops = weights.stops
    for row in range(len(found)):
        start, end = offsets[row], offsets[row + 1]
        if len(valid) == 0 or valid[row]:
            # Most values end here; the call below passes a dozen arrays, which costs as much as a hundred characters.
            place, total = calm(data, np.uint64(start), np.uint64(end), 0, stops)
            if _signed(place) < end or total > _DOUBTFUL_AT_END:
                found[row] = needs_look(data, start, end, weights)
            else:
                found[row] = written_in_ascii(data, start, end)
    return found
