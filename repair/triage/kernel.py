"""The loop over the characters of a column: two running sums, the second only where the first is high.

Both are the cumulative sums of Page (1954, Biometrika 41, 100): what characters cost beyond what clean text costs adds
up and never falls below zero, so damage shows alike in a short value and in one place of a long one. The first counts
each character by its frequency and finds where a text may be damaged; the second, of the language model, looks at
that stretch again and knows rare words, traditional Chinese and other languages.
"""

import numpy as np
import numpy.typing as npt

from repair.compiled import compiled
from repair.language.kernel import cost, push
from repair.triage.marks import Rule, marked
from repair.triage.tables import LOOK, RULE, STEPS, Weights
from repair.triage.utf8 import Bytes, code_point, width

_DOUBTFUL = 12 * STEPS
"""Steps of the first sum at which the language model is asked."""
_MODEL_BITS = 11.0
_SUSPICIOUS_BITS = 15.0
_QUESTION_STEPS = 4 * STEPS
"""What a question mark of ASCII behind a character beyond ASCII costs: it may stand for a lost byte."""
_ASCII = 0x80


@compiled
def needs_look(data: Bytes, start: int, end: int, weights: Weights) -> bool:
    """Say whether the text in ``data[start:end]`` needs a look."""
    stops = weights.stops
    total, questions, settled = 0, 0, start
    begin = at = start
    while at < end:
        lead = data[at]
        if lead < _ASCII and stops[lead] == 0:
            at += 1
            continue
        code = code_point(data, at, end)
        steps = int(stops[code])
        if steps >= RULE:
            if steps == LOOK or marked(data, start, at, end, steps - RULE):
                return True
            is_question = steps == RULE + Rule.QUESTION
            questions += is_question
            behind = is_question and at > start and data[at - 1] >= _ASCII
            steps = _QUESTION_STEPS if behind else int(weights.steps[code])
        total += steps
        at += width(lead)
        if total <= 0:
            total, begin = 0, at
        elif total > _DOUBTFUL:
            if at > settled:
                settled = settle(data, begin, at, end, weights)
                if settled < 0:
                    return True
            total, begin = 0, at
    return 2 * questions > end - start


@compiled
def settle(data: Bytes, begin: int, at: int, end: int, weights: Weights) -> int:
    """Ask the language model about the stretch from ``begin`` until the first sum, high at ``at``, is back at zero.

    Returns where the stretch ends, -1 where the model finds it unlikely too.
    """
    total, context = 0, np.uint64(0)
    bits = np.float32(0)
    place = begin
    while place < end and (place < at or total > 0):
        code = code_point(data, place, end)
        unit = weights.language.unit_of[code]
        if code >= _ASCII:
            total = max(0, total + int(weights.steps[code]))
            bits = max(np.float32(0), bits + cost(weights.language, context, unit) - np.float32(_MODEL_BITS))
            if bits > _SUSPICIOUS_BITS:
                return -1
        context = push(context, unit)
        place += width(data[place])
    return place


@compiled
def look(
    data: Bytes, offsets: npt.NDArray[np.int64], valid: npt.NDArray[np.bool_], weights: Weights
) -> npt.NDArray[np.bool_]:
    """Say of each value whether it needs a look: bool[len(offsets) - 1]; one that is not valid needs none.

    ``valid`` may be empty: then every value is.
    """
    found = np.zeros(len(offsets) - 1, np.bool_)
    for row in range(len(found)):
        if len(valid) == 0 or valid[row]:
            found[row] = needs_look(data, offsets[row], offsets[row + 1], weights)
    return found
