"""What is known of characters: how they are read, how they are written in simplified script, and their GBK codes."""

import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

from repair.tables import rows

_TONES = {"\u0304", "\u0301", "\u030c", "\u0300"}


def reads(character: str, note: str) -> bool:
    """Say whether a note, with tone marks or without, is a reading of a character.

    >>> reads("發", "fā"), reads("發", "fa"), reads("發", "hǎo")
    (True, True, False)
    """
    return note in readings().get(character, frozenset())


@cache
def readings() -> dict[str, frozenset[str]]:
    """Return character -> its readings, each with its tone mark and without."""
    table = {character: cell.split(",") for character, cell in rows("readings.tsv")}
    return {character: frozenset((*found, *map(toneless, found))) for character, found in table.items()}


@cache
def toneless(reading: str) -> str:
    """Take the tone mark off a reading.

    >>> toneless("lǜ")
    'lü'
    """
    parts = (mark for mark in unicodedata.normalize("NFD", reading) if mark not in _TONES)
    return unicodedata.normalize("NFC", "".join(parts))


@cache
def simplified() -> dict[str, str]:
    """Return traditional character -> simplified, for characters that differ."""
    return dict(rows("simplified.tsv"))


@cache
def characters() -> npt.NDArray[np.uint16]:
    """Return the character of each pair of bytes of GBK, 0 where there is none: uint16[0x10000]."""
    table = np.zeros(0x10000, np.uint16)
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            text = bytes((lead, trail)).decode("gbk", "ignore")
            if len(text) == 1 and not text.isascii():  # of two bytes that are no character an ASCII one is left
                table[lead << 8 | trail] = ord(text)
    return table


@cache
def codes() -> npt.NDArray[np.uint16]:
    """Return the bytes of each character in GBK, 0 where it has none, ASCII as itself: uint16[0x10000]."""
    table = np.zeros(0x10000, np.uint16)
    table[:0x80] = np.arange(0x80)
    found = np.flatnonzero(characters())
    table[characters()[found]] = found
    return table


@cache
def private_characters() -> npt.NDArray[np.uint16]:
    r"""Return the private-use character that Windows reads each pair of bytes as, 0 where it does not: uint16[0x10000].

    >>> hex(private_characters()[0xFAD2])
    '0xe321'
    """
    table = np.zeros(0x10000, np.uint16)
    for leads, first in ((range(0xAA, 0xB0), 0xE000), (range(0xF8, 0xFF), 0xE234)):  # user-defined in code page 936
        for row, lead in enumerate(leads):
            table[(lead << 8) + 0xA1 : (lead << 8) + 0xFF] = first + 94 * row + np.arange(94)
    return table
