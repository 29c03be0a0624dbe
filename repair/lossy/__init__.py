"""Misreadings that lost bytes: a decoder met bytes that were none of its encoding, and put a mark for them.

The characters that survived give their bytes; at each mark stands every byte sequence that the decoder could have
passed over there. The right encoding parses, the language model chooses with context on both sides.
"""

from repair.lossy.channel import Lossy

__all__ = ["Lossy"]
