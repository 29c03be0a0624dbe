"""The answers of the search, in flat arrays."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

BITS = 21
"""Bits of a code point; an edge emits up to three characters."""
LEFT = -2
"""The group of a character that was left as seen."""

CHARACTER = np.dtype(
    [("point", np.uint32), ("start", np.int32), ("end", np.int32), ("bits", np.float32), ("group", np.int32)],
    align=True,
)
"""A character of a text: its slots (end exclusive), what it costs, and the number of the loss that it belongs to, -1
for none, `LEFT` where it was left as seen."""
LOSS = np.dtype(
    [("start", np.int64), ("end", np.int64), ("first", np.int64), ("count", np.int64), ("sole", np.bool_)], align=True
)
"""A place where something was lost: its characters, its alternatives, and whether there is but one possibility."""
ALTERNATIVE = np.dtype([("text", np.uint64), ("share", np.float64)], align=True)
"""What may stand there: up to three code points of 21 bits, and the probability."""
TALLY = np.dtype(
    [
        ("characters", np.int64),
        ("losses", np.int64),
        ("alternatives", np.int64),
        ("bits", np.float64),
        ("line", np.int64),
        ("simplified", np.int64),
        ("traditional", np.int64),
    ],
    align=True,
)


class Found(NamedTuple):
    """The best ways through the slots of texts, and what else could stand where something was lost.

    ``characters`` (`CHARACTER`) are those of the texts, ``losses`` (`LOSS`) and ``alternatives`` (`ALTERNATIVE`) stand
    in the same order, of each loss the chosen text first, the others by falling probability. ``tally`` (`TALLY`) is
    one record: how many there are of each, what the ways cost, the first character of the line at hand,
    and how many of its characters that survived are simplified alone and traditional alone.
    """

    characters: npt.NDArray[np.void]
    losses: npt.NDArray[np.void]
    alternatives: npt.NDArray[np.void]
    tally: npt.NDArray[np.void]
