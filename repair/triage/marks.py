"""Signs of damage that a character and its neighbours make: one rule for each name in ``data/triage.tsv``.

Each says whether a text that holds the sign needs a look, not whether it is damaged: that is the search's to find out.
"""

# ruff: noqa: PLR2004, SIM110 - ranges of characters; compiled code has no generators
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing
from repair.triage.utf8 import Bytes, before, code_point, width


class Rule(IntEnum):
    """What `marked` looks for around a character."""

    DOLLAR = 0
    PERCENT = 1
    AMPERSAND = 2
    BRACKET = 3
    PLUS = 4
    HYPHEN = 5
    EQUALS = 6
    QUESTION = 7
    BACKSLASH = 8
    TILDE = 9
    CONTINUATION = 10
    EURO = 11
    MEMORY = 12
    KUN = 13


_LONGEST_READING = 6
_UTF_7_LETTERS = 3
_LONG_UTF_7 = 16
_HEX_DIGITS = 16
"""The shortest run of digits that is looked at as UCS-2: four characters."""
_QUESTIONS = 3
_HIGH = 0x80
_HAN = 0x3400


def _trailed_by_backslash() -> npt.NDArray[np.bool_]:
    """Return bool[65536]: the characters whose second byte in Big5 or GBK is 5C."""
    codes = (bytes([lead, 0x5C]) for lead in range(0x81, 0xFF))
    characters = {code.decode(codec, "ignore") for code in codes for codec in ("big5", "gbk")}
    found = np.zeros(0x10000, np.bool_)
    found[[ord(character) for character in characters if len(character) == 1 and character != "\\"]] = True
    return found


_TRAILED = _trailed_by_backslash()


@borrowing
def marked(data: Bytes, start: int, at: int, end: int, rule: int) -> bool:  # noqa: C901,PLR0911,PLR0912 - a table of rules, which compiled code has no other form for
    """Say whether the character at ``at``, at which a rule stopped, is part of a sign of damage."""
    if rule == Rule.DOLLAR:
        return _stands(data, at + 1, end, b")A") or _stands(data, at + 1, end, b")G")
    if rule == Rule.PERCENT:
        return _percent(data, at, end)
    if rule == Rule.AMPERSAND:
        return _stands(data, at + 1, end, b"#") or _stands(data, at + 1, end, b"amp;#")
    if rule == Rule.BRACKET:
        return _reading(data, start, at, end)
    if rule == Rule.PLUS:
        return _utf_7(data, at + 1, end)
    if rule == Rule.HYPHEN:
        return at - start >= len(b"xn-") and _stands(data, at - 3, end, b"xn--")
    if rule == Rule.EQUALS:
        return _stands(data, at + 1, end, b"?") or (_hex(data, at + 1, end, 2) and _stands(data, at + 3, end, b"="))
    if rule == Rule.QUESTION:
        return _questions(data, at, end)
    if rule == Rule.BACKSLASH:
        return _backslash(data, at + 1, end) or (at > start and _ends_in_5c(data, start, at, end))
    if rule == Rule.TILDE:
        return _stands(data, at + 1, end, b"{")
    previous = code_point(data, before(data, start, at), end) if at > start else 0
    if rule == Rule.CONTINUATION:
        return _continues(data, start, at, end, previous)
    if rule == Rule.EURO:
        return previous == ord("â")
    if rule == Rule.MEMORY:
        return previous == code_point(data, at, end) == code_point(data, at + 3, end)
    return previous == ord("斤")


@borrowing
def _ends_in_5c(data: Bytes, start: int, at: int, end: int) -> bool:
    """Say whether the character before is written with a backslash as its second byte, which programs escape."""
    code = code_point(data, before(data, start, at), end)
    return code < len(_TRAILED) and _TRAILED[code]


@borrowing
def _stands(data: Bytes, at: int, end: int, sign: bytes) -> bool:
    """Say whether ``sign`` stands at ``at``."""
    if at + len(sign) > end:
        return False
    for offset in range(len(sign)):
        if data[at + offset] != sign[offset]:
            return False
    return True


@borrowing
def _is_hex(byte: int) -> bool:
    return 0x30 <= byte <= 0x39 or 0x41 <= byte <= 0x46 or 0x61 <= byte <= 0x66


@borrowing
def _is_letter(byte: int) -> bool:
    return 0x41 <= byte & 0xDF <= 0x5A


@borrowing
def _hex(data: Bytes, at: int, end: int, digits: int) -> bool:
    """Say whether so many hexadecimal digits stand at ``at``."""
    if at + digits > end:
        return False
    for offset in range(digits):
        if not _is_hex(data[at + offset]):
            return False
    return True


@borrowing
def _percent(data: Bytes, at: int, end: int) -> bool:
    escaped = _hex(data, at + 1, end, 2) and _stands(data, at + 3, end, b"%") and _hex(data, at + 4, end, 2)
    return escaped or (_stands(data, at + 1, end, b"u") and _hex(data, at + 2, end, 4))


@borrowing
def _backslash(data: Bytes, at: int, end: int) -> bool:
    r"""Look for ``\u6570``, ``\xE6``, ``\346``; another backslash is looked at in its turn."""
    if _stands(data, at, end, b"u"):
        return _hex(data, at + 1, end, 4)
    if _stands(data, at, end, b"x"):
        return _hex(data, at + 1, end, 2)
    return _hex(data, at, end, 3) and 0x32 <= data[at] <= 0x33 and max(data[at + 1], data[at + 2]) < 0x38


@borrowing
def _reading(data: Bytes, start: int, at: int, end: int) -> bool:
    """Look for ``(fā)``, the tone telling, and for ``發(fa)``, the hanzi before it telling."""
    after = at + 1
    while after < min(end, at + 1 + _LONGEST_READING) and 0x61 <= data[after] <= 0x7A:
        after += 1
    if after < end and data[after] >= _HIGH:
        code = code_point(data, after, end)
        return 0xE0 <= code <= 0xFC or 0x100 <= code <= 0x1DC
    closed = after > at + 1 and _stands(data, after, end, b")")
    return closed and at > start and code_point(data, before(data, start, at), end) >= _HAN


@borrowing
def _utf_7(data: Bytes, at: int, end: int) -> bool:
    """Look for a run of base64 that ends with a hyphen, or a long one of capitals and small letters."""
    after = at
    kinds = 0
    while after < end and (_is_letter(data[after]) or 0x2F <= data[after] <= 0x39 or data[after] == ord("+")):
        kinds |= 1 << (int(data[after]) >> 5)  # 2: capitals, 3: small letters
        after += 1
    if _stands(data, after, end, b"-"):
        return after - at >= _UTF_7_LETTERS
    return after - at >= _LONG_UTF_7 and kinds & 0b1100 == 0b1100


@borrowing
def _questions(data: Bytes, at: int, end: int) -> bool:
    """Look for several question marks with nothing but space between them."""
    found = 0
    while at < end and (data[at] == ord("?") or data[at] <= ord(" ")):
        found += data[at] == ord("?")
        at += 1
    return found >= _QUESTIONS


@borrowing
def _continues(data: Bytes, start: int, at: int, end: int, previous: int) -> bool:
    """Look for UTF-8 read as Latin-1 or Windows-1252: what begins a character of two bytes or of three."""
    if 0xC2 <= previous <= 0xDF:
        return True
    first = before(data, start, at)
    code = code_point(data, before(data, start, first), end) if first > start else 0
    return 0xE0 <= code <= 0xEF and previous >= _HIGH and width(data[first]) <= 3 and not 0xC0 <= previous <= 0x24F


@borrowing
def written_in_ascii(data: Bytes, start: int, end: int) -> bool:
    """Look for text that was written as hexadecimal digits, or whose bytes lost their upper bit."""
    return _in_digits(data, start, end) or _in_seven_bits(data, start, end)


@borrowing
def _is_digit(byte: int) -> bool:
    return _is_hex(byte) or byte == ord("u")


@borrowing
def _in_digits(data: Bytes, start: int, end: int) -> bool:
    """Look for a long run of digits; it cannot hide between places as far apart as it is long."""
    at = start + _HEX_DIGITS - 1
    while at < end:
        if _is_digit(data[at]):
            first, after = at, at + 1
            while first > start and _is_digit(data[first - 1]):
                first -= 1
            while after < end and _is_digit(data[after]):
                after += 1
            if after - first >= _HEX_DIGITS and _holds_text(data, first, after):
                return True
            at = after
        at += _HEX_DIGITS
    return False


@borrowing
def _holds_text(data: Bytes, first: int, after: int) -> bool:
    """Say whether digits look like text: u6570u636E, or enough are those of hanzi and the others those of signs.

    Of UTF-16, in either order, a third is enough; of UTF-8 and of an encoding of two bytes, where signs are less
    telling, two thirds. A hash is taken for text once in 160 times, a decimal number, as that of an identity card,
    never.
    """
    size = after - first
    if size % 2 != 0 and data[first] != ord("u"):
        return False
    letters = False
    for at in range(first, after):
        letters = letters or data[at] > ord("9")
    if not letters:
        return False
    if data[first] == ord("u"):
        return size % 5 == 0 and data[first + 5] == ord("u") and data[first + 10] == ord("u")
    utf_16 = max(_of_utf_16(data, first, after, 0), _of_utf_16(data, first, after, 2))
    if utf_16 >= _HEX_DIGITS and 3 * utf_16 >= size:
        return True
    return 2 * size <= 3 * max(_of_utf_8(data, first, after), _of_pairs(data, first, after))


@borrowing
def _of_utf_16(data: Bytes, first: int, after: int, high: int) -> int:
    """Count the digits of hanzi, the upper byte of a group at ``high``; 0 where a group is none of a hanzi or sign."""
    digits = 0
    for at in range(first, after - 3, 4):
        row = _byte(data, at + high, after)
        if 0x4E <= row <= 0x9F:
            digits += 4
        elif not (row in (0x00, 0xFF) or 0x20 <= row <= 0x4D):
            return 0
    return digits


@borrowing
def _of_utf_8(data: Bytes, first: int, after: int) -> int:
    """Count the digits of characters of three bytes; 0 where bytes are no UTF-8."""
    digits = 0
    at = first
    while at < after:
        lead = _byte(data, at, after)
        size = 1 if 0x08 < lead < _HIGH else 2 if 0xC2 <= lead < 0xE0 else 3 if 0xE0 <= lead < 0xF0 else 0
        for place in range(1, size):
            if _byte(data, at + 2 * place, after) & 0xC0 != 0x80:
                return 0
        if size == 0:
            return 0
        digits += 6 if size == 3 else 0
        at += 2 * size
    return digits


@borrowing
def _of_pairs(data: Bytes, first: int, after: int) -> int:
    """Count the digits of characters of Big5 or GB 2312; 0 where others stand than such, those of GBK, and ASCII."""
    digits = 0
    at = first
    while at < after:
        lead, trail = _byte(data, at, after), _byte(data, at + 2, after)
        if 0x20 <= lead < 0x7F or lead in (9, 10, 13):
            at += 2
        elif 0x81 <= lead <= 0xFE and 0x40 <= trail <= 0xFE and trail != 0x7F:
            digits += 4 if 0xA1 <= lead <= 0xF9 and (trail < 0x7F or trail >= 0xA1) else 0
            at += 4
        else:
            return 0
    return digits


@borrowing
def _byte(data: Bytes, at: int, after: int) -> int:
    """Return the byte that two hexadecimal digits stand for; -1 behind the last."""
    if at + 1 >= after:
        return -1
    high, low = int(data[at]), int(data[at + 1])
    return ((high & 15) + (9 if high > 0x39 else 0)) << 4 | ((low & 15) + (9 if low > 0x39 else 0))


@borrowing
def _in_seven_bits(data: Bytes, start: int, end: int) -> bool:
    """Say whether a value of ASCII without a space changes its kind of character as often as random bytes do."""
    if end - start < _HEX_DIGITS or _hex(data, start, end, end - start):  # a number or a hash
        return False
    changes = 0
    last = -1
    for at in range(start, end):
        byte = data[at]
        if byte <= ord(" ") or byte >= _HIGH or _stands(data, at, end, b"://"):
            return False
        kind = byte >> 5 if _is_letter(byte) else 4 if 0x30 <= byte <= 0x39 else 5
        changes += kind != last
        last = kind
    return 2 * changes >= end - start
