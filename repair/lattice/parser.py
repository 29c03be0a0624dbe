"""Byte by byte to characters: one step of each original encoding's decoder, as the search takes it.

Unfinished characters travel in a ``pending`` word: the low 24 bits hold what is known, bits 24-25 how many bytes are
missing (UTF-8) or known (the others), bits 26-28 the length of a UTF-8 sequence, bit 31 whether a byte is a guess.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import compiled, inlined

UTF_8, TWO_BYTE, FOUR_BYTE = 0, 1, 2
INVALID, UNFINISHED, LEAD = -1, -2, -3
GUESSED = 1 << 31
_KNOWN = GUESSED - 1


class Parser(NamedTuple):
    """The tables of an original encoding.

    ``single`` int32[256] and ``pair`` int32[65536] give the code point, `INVALID`, or `LEAD` where a character goes on;
    ``runs`` int64[2, n] are the runs of GB18030's codes of four bytes (linear index, code point); ``begun`` float32 is
    what an unfinished character costs beforehand.
    """

    kind: int
    single: npt.NDArray[np.int32]
    pair: npt.NDArray[np.int32]
    runs: npt.NDArray[np.int64]
    begun: npt.NDArray[np.float32]


@inlined
def unfinished(pending: int) -> bool:
    """Say whether a character is begun and not finished."""
    return pending & _KNOWN != 0


@inlined
def step(parser: Parser, pending: int, byte: int) -> tuple[int, int]:
    """Return (code point, 0), (`UNFINISHED`, pending) or (`INVALID`, 0) after one more byte."""
    known = pending & _KNOWN
    if known == 0:
        found = parser.single[byte]
        if found != LEAD:
            return found, 0
        if parser.kind == UTF_8:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return UNFINISHED, (length << 26) | ((length - 1) << 24) | (byte & (0x7F >> length))
        return UNFINISHED, (1 << 24) | byte
    if parser.kind == UTF_8:
        return _step_utf8(pending, byte)
    if (known >> 24) == 1:
        found = parser.pair[((known & 0xFF) << 8) | byte]
        if found != LEAD:
            return found, 0
        return UNFINISHED, (2 << 24) | ((known & 0xFF) << 8) | byte
    if (known >> 24) == 2:
        if 0x81 <= byte <= 0xFE:
            return UNFINISHED, (3 << 24) | ((known & 0xFFFF) << 8) | byte
        return INVALID, 0
    return _four(parser, known, byte), 0


@inlined
def _step_utf8(pending: int, byte: int) -> tuple[int, int]:
    if byte & 0xC0 != 0x80:
        return INVALID, 0
    known = pending & 0xFFFFFF
    missing = (pending >> 24) & 3
    length = (pending >> 26) & 7
    if missing == length - 1:  # the second byte says what is written too long, a surrogate, or beyond Unicode
        if length == 3 and ((known == 0 and byte < 0xA0) or (known == 0xD and byte >= 0xA0)):
            return INVALID, 0
        if length == 4 and ((known == 0 and byte < 0x90) or (known == 4 and byte >= 0x90)):
            return INVALID, 0
    code = (known << 6) | (byte & 0x3F)
    if missing == 1:
        return code, 0
    return UNFINISHED, (length << 26) | ((missing - 1) << 24) | code


@compiled
def _four(parser: Parser, known: int, byte: int) -> int:
    if not 0x30 <= byte <= 0x39:
        return INVALID
    one, two, three = (known >> 16) & 0xFF, (known >> 8) & 0xFF, known & 0xFF
    linear = (((one - 0x81) * 10 + two - 0x30) * 126 + three - 0x81) * 10 + byte - 0x30
    at = np.searchsorted(parser.runs[0], linear, side="right") - 1
    base = parser.runs[1, at]
    return INVALID if base < 0 else base + linear - parser.runs[0, at]


@compiled
def begun_bits(parser: Parser, pending: int) -> float:
    """Return the bits that an unfinished character costs beforehand: −log2 of the mass of all that begin so."""
    known = pending & _KNOWN
    if known == 0:
        return 0.0
    if parser.kind != UTF_8:
        return parser.begun[known & 0xFF] if (known >> 24) == 1 else 20.0
    missing = (known >> 24) & 3
    code = known & 0xFFFFFF
    if missing == 1:
        return parser.begun[0x200 + code]
    return parser.begun[code] if missing == 2 else 24.0
