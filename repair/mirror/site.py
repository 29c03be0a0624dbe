"""What is known of a site, as arrays: the form in which the compiled search takes a program."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.language import load
from repair.mirror.points import points_of
from repair.mirror.script import Table
from repair.mirror.tables import characters, codes, private_characters, readings

UNKNOWN, UNNOTED = -1, -2
"""Of a character: whether the site annotates it is not known; it certainly does not."""
NO_SIGN, PERHAPS_CUT, CUT = 0, 1, 2
UNDEFINED = ("drop", "mark", "marks", "private")
"""What decoders put for two bytes that GBK does not define: nothing, one mark, one for the first byte alone, private
use."""
DROP, MARK, MARKS, PRIVATE = 0, 1, 2, 3
SIGNS = (
    "".join(sign for sign in map(chr, range(0xFF01, 0xFF5F)) if not sign.isalnum())
    + "、。“”‘’《》〈〉…—·【】〔〕『』「」〖〗"
)
_MULTIPLIER = 1000003
_MODULUS = 1 << 40
_ASCII_END = 0x80


_ROW = np.dtype(
    [
        ("code", "u2"),
        ("character", "u2"),
        ("text", "u2"),
        ("unit", "u2"),
        ("note", "i2"),
        ("cut", "u1"),
        ("folded", "u1"),
        ("letter", "u1"),
    ]
)


class Site(NamedTuple):
    """A program, known or still sought, for compiled functions; codes are pairs of bytes, high byte first."""

    table: npt.NDArray[np.void]
    """[0x10000] records. By character seen: ``code``, 0 where it passed through; ``folded``, whether it may be a
    full-width sign that was folded; ``letter``, whether readings hold it. By code: ``character``, 0 where GBK defines
    none; ``text``, the character before the site's conversion, and ``unit``, its unit in the language model; ``note``,
    the number of the reading that the site puts after it, `UNKNOWN` or `UNNOTED`; ``cut``, one of `NO_SIGN`,
    `PERHAPS_CUT` and `CUT`."""
    habit: npt.NDArray[np.int64]
    """int64[4]: the mark's code point (0: none), whether the decoder eats, what it puts for undefined pairs, repeat."""
    hashes: npt.NDArray[np.int64]
    """int64[readings], rising: the readings by number."""
    starts: npt.NDArray[np.int64]
    """int64[readings + 1]: where the codes of a reading begin in ``readers``."""
    readers: npt.NDArray[np.uint16]
    """uint16: codes of the characters with a reading, rising within a reading."""


def spelling(reading: str) -> int:
    """Return the hash of a reading, as the compiled search computes it character by character."""
    value = 0
    for letter in reading:
        value = (value * _MULTIPLIER + ord(letter)) % _MODULUS
    return value


@cache
def known_readings() -> dict[str, npt.NDArray[np.int64]]:
    """Return each reading of GBK's hanzi with the codes that have it, in the order of the readings' numbers."""
    found: dict[str, list[int]] = {}
    table = codes()
    for character, own in readings().items():
        for reading in own:
            found.setdefault(reading, []).append(int(table[ord(character)]))
    return {reading: np.array(sorted(found[reading]), np.int64) for reading in sorted(found, key=spelling)}


@cache
def _reading_arrays() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint16]]:
    known = known_readings()
    hashes = np.array([spelling(reading) for reading in known], np.int64)
    starts = np.concatenate(([0], np.cumsum([len(own) for own in known.values()]))).astype(np.int64)
    return hashes, starts, np.concatenate(list(known.values())).astype(np.uint16)


@cache
def reading_numbers() -> dict[str, int]:
    """Return the number of each reading."""
    return {reading: number for number, reading in enumerate(known_readings())}


@cache
def reading_names() -> tuple[str, ...]:
    """Return the readings by number."""
    return tuple(known_readings())


def _seen_codes(*, private: bool) -> npt.NDArray[np.uint16]:
    """Return the code of each character that can be seen, private use included where the decoder puts it."""
    table = codes().copy()
    if private:
        found = np.flatnonzero(private_characters())
        table[private_characters()[found]] = found
    return table


@cache
def _blank(private: bool) -> npt.NDArray[np.void]:  # noqa: FBT001 - a site's habit
    """Return the part of the table that is the same for every site."""
    table = np.zeros(0x10000, _ROW)
    table["code"], table["character"], table["text"] = _seen_codes(private=private), characters(), characters()
    table["text"][:_ASCII_END] = np.arange(_ASCII_END)
    table["unit"] = load().tables.unit_of[table["text"]]
    table["note"] = UNKNOWN
    for reading in known_readings():
        for letter in reading:
            table["letter"][ord(letter)] = 1
    return table


def site_of(  # noqa: PLR0913, PLR0917
    table: Table,
    notes: Mapping[str, str],
    unnoted: npt.NDArray[np.intp],
    cut: str,
    perhaps_cut: str,
    folded: str,
    habit: tuple[str, bool, str, int],
) -> Site:
    """Put a program into arrays.

    ``table`` is the script's; ``unnoted`` are characters that are known to have no note. ``folded`` are ASCII
    characters that may stand for full-width ones; ``habit`` is mark, eats, undefined, repeat of `Program`.
    """
    mark, eats, undefined, repeat = habit
    rows = _blank(undefined == "private").view(np.uint8).copy().view(_ROW)  # numpy copies records field by field
    code = codes()
    own = code[table.own]
    rows["text"][own], rows["unit"][own] = table.simple, load().tables.unit_of[table.simple]
    rows["note"][code[unnoted]] = UNNOTED
    numbers = reading_numbers()
    rows["note"][code[points_of("".join(notes))]] = [numbers[reading] for reading in notes.values()]
    for signs, state in ((perhaps_cut, PERHAPS_CUT), (cut, CUT)):
        rows["cut"][code[points_of(signs)]] = state
    rows["folded"][points_of(folded)] = 1
    if not mark and undefined == "mark":
        undefined = "drop"  # what shows nothing
    numeric = (ord(mark) if mark else 0, int(eats), UNDEFINED.index(undefined), repeat)
    return Site(rows, np.array(numeric, np.int64), *_reading_arrays())
