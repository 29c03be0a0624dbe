"""What each character weighs in triage, as tables over all of Unicode."""

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.language import Tables, load
from repair.tables import rows
from repair.triage.marks import Rule

Steps = npt.NDArray[np.int16]
STEPS = 16
"""Steps in a bit."""
CLEAN_BITS = 11.0
"""What clean Chinese costs a character by frequency alone, at most on average: it costs 9 to 10 bits, misread 13 up."""
RULE = 20000
LOOK = 30000
_ASCII = 0x80


class Weights(NamedTuple):
    """What triage looks up; all arrays are read-only.

    ``steps`` int16[0x110000]: what a character costs beyond `CLEAN_BITS`, in steps; 0 for ASCII.
    ``stops`` the same, but `LOOK` where a character alone says that its text needs a look, and `RULE` plus the number
    of its rule where its neighbours do.
    """

    stops: Steps
    steps: Steps
    language: Tables


@cache
def weights() -> Weights:
    """Return the tables of triage: the costs of the language model, with ``data/triage.tsv`` over them."""
    model = load()
    steps = np.round((model.unigram_bits - CLEAN_BITS) * STEPS).astype(np.int16)
    steps[:_ASCII] = 0
    stops = steps.copy()
    for first, last, rule, _ in rows("triage.tsv"):
        stops[int(first, 16) : int(last, 16) + 1] = LOOK if rule == "look" else RULE + Rule[rule.upper()]
    for table in (steps, stops):
        table.flags.writeable = False
    return Weights(stops, steps, model.tables)
