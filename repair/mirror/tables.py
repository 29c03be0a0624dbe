"""What is known of characters: how they are read, and how they are written in simplified script."""

import unicodedata
from functools import cache

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
