"""The next character of bytes in any detectable encoding: what the kernels of detection are made of."""
# ruff: noqa: PLR2004 - the byte values of the encodings' standards

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing
from repair.detect.decoders import BAD, EUC_JP, GB18030, LEAD, UTF_8, UTF_16_BE, UTF_16_LE, Decoders

Data = npt.NDArray[np.uint8]
Row = npt.NDArray[np.uint32]
CUT = 0xFFFFFFFE
"""What is returned for a character that the end of the bytes cuts."""
_ASTRAL = 189000
"""The place of U+10000 among the four-byte codes of GB18030."""


class Decoder(NamedTuple):
    """The rows of `Decoders` that belong to one encoding; ``longer`` has the codes of three or four bytes."""

    kind: int
    first: Row
    pairs: Row
    longer: Row


@borrowing
def decoder_of(decoders: Decoders, encoding: int) -> Decoder:
    """Return the decoder of one encoding, by its index. It returns arrays: for `borrowing` callers only."""
    kind = decoders.kinds[encoding]
    longer = decoders.third if kind == EUC_JP else decoders.four
    return Decoder(kind, decoders.first[encoding], decoders.pairs[decoders.pair_at[encoding]], longer)


@borrowing
def next_character(decoder: Decoder, data: Data, at: int, end: int) -> tuple[int, int]:
    """Return (code point, where the next character begins) of the character at ``at`` < ``end``.

    The code point is `BAD` where the bytes are none of the encoding, `CUT` where they end within a character.
    """
    first, second = byte_at(data, at, end), byte_at(data, at + 1, end)
    third, fourth = byte_at(data, at + 2, end), byte_at(data, at + 3, end)
    if decoder.kind == UTF_8:
        code, length = utf_8(first, second, third, fourth)
    elif decoder.kind == UTF_16_LE:
        code, length = _utf_16(second, first, fourth, third)
    elif decoder.kind == UTF_16_BE:
        code, length = _utf_16(first, second, third, fourth)
    else:
        code, length = _by_table(decoder, first, second, third, fourth)
    return code, end if code == CUT else at + length


@borrowing
def shown(code: int) -> int:
    """Return the code point of what a reading shows: U+FFFD for `BAD` and `CUT`."""
    return code if code <= 0x10FFFF else 0xFFFD


@borrowing
def byte_at(data: Data, at: int, end: int) -> int:
    """Return the byte at ``at``, -1 from ``end`` on."""
    return np.int64(data[at]) if at < end else np.int64(-1)


@borrowing
def _entry(row: Row, index: int) -> int:
    return np.int64(row[index])


@borrowing
def _by_table(decoder: Decoder, first: int, second: int, third: int, fourth: int) -> tuple[int, int]:
    """Return (code point, bytes) in an encoding of one, two and more bytes; bytes beyond the end are -1."""
    code = _entry(decoder.first, first)
    if code != LEAD:
        return code, 1
    if second < 0:
        return CUT, 1
    code = _entry(decoder.pairs, first << 8 | second)
    if code != BAD:
        return code, 2
    if decoder.kind == GB18030 and 0x30 <= second <= 0x39:
        return _four_bytes(decoder.longer, first, second, third, fourth)
    if decoder.kind == EUC_JP and first == 0x8F:
        code = _entry(decoder.longer, second << 8 | third) if third >= 0 else CUT
        return code, 1 if code == BAD else 3
    return BAD, 1


@borrowing
def _four_bytes(four: Row, first: int, second: int, third: int, fourth: int) -> tuple[int, int]:
    """Return (code point, bytes) of GB18030's 0x81-0xFE, digit, 0x81-0xFE, digit."""
    if fourth < 0:
        return CUT, 1
    if not (0x81 <= third <= 0xFE and 0x30 <= fourth <= 0x39):
        return BAD, 1
    index = (((first - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + fourth - 0x30
    if index < len(four):
        return _entry(four, index), 4
    if _ASTRAL <= index < _ASTRAL + 0x100000:
        return 0x10000 + index - _ASTRAL, 4
    return BAD, 1


@borrowing
def utf_8(first: int, second: int, third: int, fourth: int) -> tuple[int, int]:  # noqa: C901, PLR0911 - one per way to be bad
    """Return (code point, bytes) in UTF-8; bytes beyond the end are -1.

    What a bad sequence begins counts as one bad byte, Unicode's "maximal subpart".
    """
    if first < 0x80:
        return first, 1
    if first < 0xC2 or first > 0xF4:
        return BAD, 1
    if second < 0:
        return CUT, 1
    if first == 0xED and second > 0x9F:
        return _surrogate(second, third, fourth)
    if second & 0xC0 != 0x80 or _misplaced(first, second):
        return BAD, 1
    code = (first & 0x1F) << 6 | second & 0x3F
    if first < 0xE0:
        return code, 2
    if third < 0:
        return CUT, 2
    if third & 0xC0 != 0x80:
        return BAD, 2
    code = (code & 0x3FF) << 6 | third & 0x3F
    if first < 0xF0:
        return code, 3
    if fourth < 0:
        return CUT, 3
    return ((code & 0x7FFF) << 6 | fourth & 0x3F, 4) if fourth & 0xC0 == 0x80 else (BAD, 3)


@borrowing
def _surrogate(second: int, third: int, fourth: int) -> tuple[int, int]:
    """Return (code point, bytes) behind 0xED of half a pair: CESU-8 (Unicode Technical Report 26) writes both so.

    The first half, with another 0xED behind it, counts as a character beyond the basic plane; the second as bad.
    """
    if third < 0:
        return CUT, 2
    if second & 0xC0 != 0x80 or third & 0xC0 != 0x80:
        return BAD, 1
    return (0x20000, 3) if second < 0xB0 and fourth == 0xED else (BAD, 3)


@borrowing
def _misplaced(first: int, second: int) -> bool:
    """Say whether the second byte would make an overlong form, or lie beyond Unicode."""
    if first == 0xE0:
        return second < 0xA0
    if first == 0xF0:
        return second < 0x90
    return first == 0xF4 and second > 0x8F


@borrowing
def _utf_16(high: int, low: int, next_high: int, next_low: int) -> tuple[int, int]:
    """Return (code point, bytes) in UTF-16; bytes beyond the end are -1."""
    if high < 0 or low < 0:
        return CUT, 1
    unit = high << 8 | low
    if unit & 0xF800 != 0xD800:
        return unit, 2
    if unit >= 0xDC00:
        return BAD, 2
    if next_high < 0 or next_low < 0:
        return CUT, 2
    if next_high & 0xFC != 0xDC:
        return BAD, 2
    return 0x10000 + ((unit & 0x3FF) << 10) + ((next_high << 8 | next_low) & 0x3FF), 4
