"""What the compiled loops need of the catalogue's misreadings, built from Python's codecs once a process."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.decoders import habits
from repair.lattice.parser import Parser
from repair.lattice.tables import encoder, parser
from repair.lossy import Lossy
from repair.misreading import Misreading, code_page

ABSENT = 0xFFFFFFFF
"""Stands for a character that an encoding does not have."""
_BMP = 0x10000
CHANNEL = np.dtype(
    [
        ("wrong", np.int32),
        ("original", np.int32),
        ("mark", np.uint32),
        ("euro", np.bool_),
        ("before_ascii", np.int8),
        ("before_other", np.int8),
        ("prior", np.float64),
    ],
    align=True,
)
"""A misreading: the rows of its encodings, what stands for lost bytes (0: none are lost), the rest of the habit
(`repair.decoders.Habit`), and log2 of how likely it is."""


class Writers(NamedTuple):
    """The bytes that each of n wrong encodings reads as a character of the BMP.

    ``codes`` uint32[65536, n] holds them packed, the first byte highest, `ABSENT` where there are none; no code of two
    bytes and more begins with byte 0, so the value tells the length. ``several`` bool[65536, n]: read from several
    codes. ``astral`` bool[n]: has the other planes, as GB18030 does.
    """

    codes: npt.NDArray[np.uint32]
    several: npt.NDArray[np.bool_]
    astral: npt.NDArray[np.bool_]


class Misreadings(NamedTuple):
    """Some misreadings (`CHANNEL`) with the tables of their encodings.

    ``numbers`` int64[wrong encodings, original encodings] says which has these, -1 for none; the first of several.
    """

    channels: npt.NDArray[np.void]
    numbers: npt.NDArray[np.int64]
    writers: Writers
    parsers: tuple[Parser, ...]


def misreadings(entries: tuple[tuple[Misreading | Lossy, float], ...]) -> Misreadings:
    """Build the tables of some misreadings, each with its log2 prior, in which a line break stays one."""
    wrongs = list(dict.fromkeys(_wrong(channel) for channel, _ in entries))
    originals = list(dict.fromkeys(channel.original for channel, _ in entries))
    channels = np.zeros(len(entries), CHANNEL)
    for row, (channel, prior) in zip(channels, entries, strict=True):
        row["wrong"], row["original"] = wrongs.index(_wrong(channel)), originals.index(channel.original)
        row["prior"] = prior
        if isinstance(channel, Lossy):
            habit = habits()[channel.habit]
            row["mark"], row["euro"] = ord(habit.mark), habit.euro
            row["before_ascii"], row["before_other"] = habit.before_ascii, habit.before_other
    writers = _writers(wrongs)
    if not channels["mark"].any():  # strict misreadings do not say which of several codes it was
        writers = writers._replace(codes=np.where(writers.several, np.uint32(ABSENT), writers.codes))
    numbers = np.full((len(wrongs), len(originals)), -1, np.int64)
    for number in range(len(entries) - 1, -1, -1):
        numbers[channels[number]["wrong"], channels[number]["original"]] = number
    return Misreadings(channels, numbers, writers, tuple(parser(name) for name in originals))


def _wrong(channel: Misreading | Lossy) -> tuple[str, str | None]:
    """Return a wrong encoding with the habit that gives it characters of its own, those left to users."""
    habit = channel.habit if isinstance(channel, Lossy) and habits()[channel.habit].private else None
    return channel.wrong, habit


def _writers(wrongs: Sequence[tuple[str, str | None]]) -> Writers:
    return Writers(
        np.stack([_codes(name, habit) for name, habit in wrongs], 1),
        np.stack([_several(name) for name, _ in wrongs], 1),
        np.array([name == "gb18030" for name, _ in wrongs]),
    )


@cache
def _codes(name: str, habit: str | None) -> npt.NDArray[np.uint32]:
    """Return the bytes of each character, packed: uint32[65536]."""
    page = code_page(name)
    if page:
        codes = np.full(_BMP, ABSENT, np.uint32)
        codes[[ord(character) for character in page]] = range(256)
        return codes
    table = encoder(name, habit)
    return np.where(table.length > 0, table.code, np.uint32(ABSENT))


def _several(name: str) -> npt.NDArray[np.bool_]:
    """Say of each character whether several codes of one or two bytes stand for it: bool[65536]."""
    if code_page(name):
        return np.zeros(_BMP, np.bool_)
    known = parser(name)
    points = np.concatenate((known.single[0x80:], known.pair))
    several: npt.NDArray[np.bool_] = np.bincount(points[points >= 0], minlength=_BMP) > 1
    return several
