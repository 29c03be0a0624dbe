"""How real decoders treat bytes that are none of their encoding: each habit as an error handler of Python's codecs."""

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from repair.tables import rows

_ASCII = 0x80
_EURO = 0x80


@dataclass(frozen=True, slots=True)
class Habit:
    """What a decoder puts for bad bytes (``mark``), and how many it passes over before ASCII and before other bytes."""

    name: str
    mark: str
    before_ascii: int
    before_other: int
    euro: bool


@cache
def habits() -> dict[str, Habit]:
    """Load ``data/habits.tsv`` and register each habit as the error handler ``mojimend-<name>``."""
    found = {
        name: Habit(name, chr(int(mark, 16)), int(low), int(high), euro == "yes")
        for name, mark, low, high, euro, _ in rows("habits.tsv")
    }
    for habit in found.values():
        codecs.register_error(f"mojimend-{habit.name}", _handler(habit))
    return found


def _handler(habit: Habit) -> Callable[[UnicodeError], tuple[str, int]]:
    def handle(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        data, start = error.object, error.start
        if habit.euro and data[start] == _EURO:
            return "€", start + 1
        following = data[start + 1 : start + 2]
        passed = habit.before_ascii if following and following[0] < _ASCII else habit.before_other
        return habit.mark, min(start + passed, len(data))

    return handle


def decode(data: bytes, codec: str, habit: str) -> str:
    r"""Decode as a program with this habit does.

    >>> decode("的".encode(), "gbk", "replace"), decode("的\n。".encode(), "gbk", "windows")
    ('鐨�', '鐨?銆?')
    """
    habits()
    return data.decode(codec, f"mojimend-{habit}")


def encode(text: str, codec: str, habit: Habit) -> bytes:
    """Return the bytes that a decoder with this habit read as ``text``, which holds no mark; raises UnicodeError."""
    if habit.euro and "€" in text and not _holds_euro(codec):
        return bytes([_EURO]).join(part.encode(codec) for part in text.split("€"))
    return text.encode(codec)


@cache
def _holds_euro(codec: str) -> bool:
    try:
        return bool("€".encode(codec))
    except UnicodeError:
        return False


@cache
def passed_over(codec: str, habit: str) -> tuple[tuple[int, ...], ...]:
    """Return for each byte (row) how many bytes are passed over at it, by the byte after it (column 256: the end).

    0 where the byte begins a character that the encoding has. Encodings with longer characters than two bytes
    are taken by their first two.
    """
    return tuple(_row(byte, codec, habits()[habit]) for byte in range(256))


def _row(byte: int, codec: str, habit: Habit) -> tuple[int, ...]:
    if byte < _ASCII or _decodes(bytes([byte]), codec) or (habit.euro and byte == _EURO):
        return (0,) * 257
    passed = tuple(
        0 if _decodes(bytes([byte, after]), codec) else habit.before_ascii if after < _ASCII else habit.before_other
        for after in range(256)
    )
    return (*passed, 1)


def _decodes(data: bytes, codec: str) -> bool:
    try:
        return bool(data.decode(codec))
    except UnicodeDecodeError:
        return False
