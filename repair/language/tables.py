"""The arrays of the model in the shape in which compiled functions take them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Tables(NamedTuple):
    """What `repair.language.kernel` reads; all arrays are read-only.

    Slots are laid out by `repair.language.slots`. What the model knows of an n-gram is what its last unit costs after
    the others, in steps of a tenth of a bit, and, of a bigram, what backing off from it as a context costs (0: it is no
    context, else steps from ``BACKOFF_ZERO``).
    """

    unit_of: npt.NDArray[np.uint16]
    """uint16[0x110000]: the unit of each code point."""
    unit_bits: npt.NDArray[np.float32]
    """float32[units]: what a unit costs by itself, without its member bits."""
    member_bits: npt.NDArray[np.float32]
    """float32[units]: log2 of the number of code points that share the unit."""
    backoff_bits: npt.NDArray[np.float32]
    """float32[units]: what backing off from a context of this one unit costs."""
    bigrams: npt.NDArray[np.uint32]
    """uint32[buckets, BUCKET]; from the high bits down: 13 bits of mark, 3 of distance, 8 of backing off, 8 of cost."""
    trigrams: npt.NDArray[np.uint32]
    """uint32[buckets, BUCKET]; from the high bits down: 21 bits of mark, 3 of distance, 8 of cost.

    A trigram is believed only where its first two units are a context and its last two a bigram: what is not kept then
    meets another's mark less than once in 100,000 times, and mostly is not looked for.
    """


STEP = 0.1
"""Bits in one step of a stored cost."""
BACKOFF_ZERO = 32
"""The step that means that backing off costs nothing; pruning can make it cheaper than that."""
