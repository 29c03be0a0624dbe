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
            if len(text) == 1:
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
def private_character(pair: bytes) -> str:
    r"""Return the private-use character that Windows reads two bytes as, empty where it does not.

    >>> private_character(bytes.fromhex("fad2"))
    '\ue321'
    """
    lead, trail = pair
    if 0xAA <= lead <= 0xAF and trail >= 0xA1:  # noqa: PLR2004 - the user-defined areas of code page 936
        return chr(0xE000 + (lead - 0xAA) * 94 + trail - 0xA1)
    if lead >= 0xF8 and trail >= 0xA1:  # noqa: PLR2004
        return chr(0xE234 + (lead - 0xF8) * 94 + trail - 0xA1)
    return ""
