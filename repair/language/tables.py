"""The arrays of the model in the shape in which compiled functions take them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Tables(NamedTuple):
    """What `repair.language.kernel` reads; all arrays are read-only.

    A slot is 0 where it is empty, else from the high bits down: 16 bits of the n-gram's hash; 8 bits, what backing off
    from the n-gram as a context costs (0: it is no context, else tenths of a bit from ``BACKOFF_ZERO``); 8 bits, what
    its last unit costs after the others, in tenths of a bit.
    """

    unit_of: npt.NDArray[np.uint16]
    """uint16[0x110000]: the unit of each code point."""
    unit_bits: npt.NDArray[np.float32]
    """float32[units]: what a unit costs by itself, without its member bits."""
    member_bits: npt.NDArray[np.float32]
    """float32[units]: log2 of the number of code points that share the unit."""
    backoff_bits: npt.NDArray[np.float32]
    """float32[units]: what backing off from a context of this one unit costs."""
    slots: npt.NDArray[np.uint32]
    """uint32[buckets × BUCKET]: the n-grams of two units and more; see the class."""


STEP = 0.1
"""Bits in one step of a stored cost."""
BACKOFF_ZERO = 32
"""The step that means that backing off costs nothing; pruning can make it cheaper than that."""
BUCKET = 16
"""Slots in a bucket: one line of the cache. A look-up begins at a bucket and ends at the first empty slot."""
