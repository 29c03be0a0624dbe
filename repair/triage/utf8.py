"""UTF-8, a character at a time, for compiled loops over Arrow buffers."""

# ruff: noqa: PLR2004 - the numbers are those of UTF-8 (RFC 3629, section 3)
import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing

Bytes = npt.NDArray[np.uint8]
INVALID = 0xDFFF
"""What stands for bytes that are no UTF-8: half of a surrogate pair, at which triage stops."""


@borrowing
def width(lead: int) -> int:
    """Return how many bytes a character takes that begins with this byte; 1 for what begins none."""
    if lead < 0xC0:
        return 1
    if lead < 0xE0:
        return 2
    return 3 if lead < 0xF0 else 4


@borrowing
def _low(byte: int) -> int:
    return int(byte) & 63


@borrowing
def code_point(data: Bytes, at: int, end: int) -> int:
    """Return the character at ``at``, `INVALID` where it is cut off at ``end``; surrogates pass (WTF-8)."""
    lead = int(data[at])
    if lead < 0x80:
        return lead
    if at + width(lead) > end or lead < 0xC0:
        return INVALID
    if lead < 0xE0:
        return (lead & 31) << 6 | _low(data[at + 1])
    if lead < 0xF0:
        return (lead & 15) << 12 | _low(data[at + 1]) << 6 | _low(data[at + 2])
    code = (lead & 7) << 18 | _low(data[at + 1]) << 12 | _low(data[at + 2]) << 6 | _low(data[at + 3])
    return code if code < 0x110000 else INVALID


@borrowing
def before(data: Bytes, start: int, at: int) -> int:
    """Return where the character before ``at`` begins; ``start`` at the beginning."""
    at -= 1
    while at > start and data[at] & 0xC0 == 0x80:
        at -= 1
    return max(at, start)
