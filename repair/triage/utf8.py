"""UTF-8, a character at a time, for compiled loops over Arrow buffers."""

import numpy as np
import numpy.typing as npt

from repair.compiled import compiled

Bytes = npt.NDArray[np.uint8]
INVALID = 0xDFFF
"""What stands for bytes that are no UTF-8: half of a surrogate pair, at which triage stops."""


@compiled
def width(lead: int) -> int:
    """Return how many bytes a character takes that begins with this byte; 1 for what begins none."""
    if lead < 0xC0:
        return 1
    if lead < 0xE0:
        return 2
    return 3 if lead < 0xF0 else 4


@compiled
def code_point(data: Bytes, at: int, end: int) -> int:
    """Return the character at ``at``, `INVALID` where it is cut off at ``end``; surrogates pass (WTF-8)."""
    lead = int(data[at])
    if lead < 0x80:
        return lead
    if at + width(lead) > end or lead < 0xC0:
        return INVALID
    if lead < 0xE0:
        return (lead & 31) << 6 | (data[at + 1] & 63)
    if lead < 0xF0:
        return (lead & 15) << 12 | (data[at + 1] & 63) << 6 | (data[at + 2] & 63)
    code = (lead & 7) << 18 | (data[at + 1] & 63) << 12 | (data[at + 2] & 63) << 6 | (data[at + 3] & 63)
    return code if code < 0x110000 else INVALID


@compiled
def before(data: Bytes, start: int, at: int) -> int:
    """Return where the character before ``at`` begins; ``start`` at the beginning."""
    at -= 1
    while at > start and data[at] & 0xC0 == 0x80:
        at -= 1
    return max(at, start)
