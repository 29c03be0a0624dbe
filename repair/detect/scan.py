"""One pass over bytes: what they hold besides text, and whether they are UTF-8 by more than chance."""

from typing import NamedTuple

import numpy as np

from repair.compiled import borrowing
from repair.detect.decoders import BAD
from repair.detect.decoding import Data, byte_at, utf_8


class Counts(NamedTuple):
    """How many bytes or sequences of a kind there are."""

    high: int
    """Bytes beyond ASCII."""
    controls: int
    """Bytes that text does not have: C0 but tab, line breaks, ESC and the end-of-file mark; DEL."""
    escapes: int
    """ESC, ``~{`` and ``+`` before a letter or digit: what HZ, ISO 2022 and UTF-7 begin with."""
    short: int
    """Valid sequences of two bytes of UTF-8."""
    long: int
    """Valid sequences of three and four bytes of UTF-8."""
    bad: int
    """Bytes that break UTF-8."""


_CONTROL = np.array([byte < 9 or 0x0E <= byte < 0x1A or 0x1C <= byte < 0x20 or byte == 0x7F for byte in range(256)])
_TILDE, _BRACE, _PLUS, _ESCAPE = b"~{+\x1b"


@borrowing
def scan(data: Data, start: int, end: int) -> Counts:
    """Count over ``data[start:end]``."""
    high = controls = escapes = short = long = bad = 0
    at = start
    while at < end:
        byte = byte_at(data, at, end)
        if byte < 0x80:
            controls += _CONTROL[byte]
            escapes += _begins_escape(byte, byte_at(data, at + 1, end))
            at += 1
            continue
        code, length = utf_8(byte, byte_at(data, at + 1, end), byte_at(data, at + 2, end), byte_at(data, at + 3, end))
        high += length
        short += 0x80 <= code < 0x800
        long += 0x800 <= code <= 0x10FFFF
        bad += code == BAD
        at += length
    return Counts(high, controls, escapes, short, long, bad)


@borrowing
def _begins_escape(byte: int, following: int) -> bool:
    if byte == _TILDE:
        return following == _BRACE
    if byte == _PLUS:
        return 0x30 <= following <= 0x39 or 0x41 <= following <= 0x5A or 0x61 <= following <= 0x7A
    return byte == _ESCAPE
