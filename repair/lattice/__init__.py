"""One search over everything that may have stood where a decoder lost bytes.

The characters that survived give their bytes; a loss gives every byte sequence its decoder could have passed over; the
right encoding parses, the language model scores with context on both sides.
"""

from repair.lattice.solving import damaged_stretches, solve_all, solve_options

__all__ = ["damaged_stretches", "solve_all", "solve_options"]
