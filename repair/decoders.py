"""How real decoders treat bytes that are none of their encoding: each habit as an error handler of Python's codecs."""

import codecs
from _multibytecodec import MultibyteIncrementalDecoder
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from repair import code_pages
from repair.tables import rows

_BLANK, _ASCII = 0x20, 0x80
_EURO = 0x80
_BAD = "\ufffd"


@dataclass(frozen=True, slots=True)
class Habit:
    """What a decoder puts for bad bytes (``mark``), and how many it passes over before ASCII and before other bytes.

    ``euro``: byte 80 alone is read as the euro sign; ``private``: codes left to users are read as private use.
    """

    name: str
    mark: str
    before_ascii: int
    before_other: int
    euro: bool
    private: bool


@cache
def habits() -> dict[str, Habit]:
    """Load ``data/habits.tsv`` and register each habit as the error handler ``mojimend-<name>``."""
    found = {
        name: Habit(name, chr(int(mark, 16)), int(low), int(high), euro == "yes", private == "yes")
        for name, mark, low, high, euro, private, _ in rows("habits.tsv")
    }
    for habit in found.values():
        codecs.register_error(f"mojimend-{habit.name}", _handler(habit))
    return found


@cache
def private_use(codec: str) -> dict[int, int]:
    """Return the codes of GBK that are left to users, as lead byte · 256 + trail byte, and the private use they are.

    The areas and their order are those of GB18030, which Windows-936 shares; other encodings have none here.
    """
    if codec not in ("gbk", "cp936"):
        return {}
    pairs = (bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != 0x7F)  # noqa: PLR2004
    wide = ((pair, pair.decode("gb18030", "replace")) for pair in pairs if not _decodes(pair, codec))
    return {pair[0] << 8 | pair[1]: ord(text) for pair, text in wide if "\ue000" <= text <= "\uf8ff"}


def _handler(habit: Habit) -> Callable[[UnicodeError], tuple[str, int]]:
    def handle(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        data, start = error.object, error.start
        if habit.euro and data[start] == _EURO:
            return "€", start + 1
        following = data[start + 1 : start + 2]
        point = (
            private_use(error.encoding).get(data[start] << 8 | following[0]) if habit.private and following else None
        )
        if point:
            return chr(point), start + 2
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
    private = private_use(codec) if habit.private else {}
    passed = tuple(
        0 if read or byte << 8 | after in private else habit.before_ascii if after < _ASCII else habit.before_other
        for after, read in enumerate(read_as_pairs(codec)[byte - _ASCII])
    )
    return (*passed, 1)


@cache
def read_as_pairs(codec: str) -> tuple[tuple[str, ...], ...]:
    """Return the character that each byte beyond ASCII (row, from 80 on) and each byte after it are read as.

    Empty where they are no character of two bytes; no encoding has one with a control as its second byte.
    """
    return tuple(_read_as_pairs(bytes([byte]), codec) for byte in range(_ASCII, 256))


def _read_as_pairs(byte: bytes, codec: str) -> tuple[str, ...]:
    """Read a row in one call, lines apart."""
    lines = b"\n".join(byte + bytes([after]) for after in range(_BLANK, 256))
    read = lines.decode(codec, "replace").split("\n")
    characters = (text if len(text) == 1 and text != _BAD else "" for text in read)
    return (*("" for _ in range(_BLANK)), *characters)


def _decodes(data: bytes, codec: str) -> bool:
    try:
        return bool(data.decode(codec))
    except UnicodeDecodeError:
        return False


def is_multibyte(codec: str) -> bool:
    """Say whether the codec reads several bytes together; the others read each by itself."""
    if codec in code_pages.pages():
        return True
    decoder = codecs.lookup(codec).incrementaldecoder
    return isinstance(decoder, type) and issubclass(decoder, MultibyteIncrementalDecoder)


@cache
def several_codes(codec: str) -> dict[str, tuple[bytes, ...]]:
    """Return the characters that an encoding of one or two bytes reads from several codes, as cp932 does."""
    if not is_multibyte(codec):
        return {}
    codes: dict[str, list[bytes]] = {}
    for first, pairs in enumerate(read_as_pairs(codec), _ASCII):
        alone = bytes([first]).decode(codec, "ignore")
        read = ((alone, bytes([first])), *((pair, bytes([first, second])) for second, pair in enumerate(pairs)))
        for character, code in read:
            if character:
                codes.setdefault(character, []).append(code)
    return {character: tuple(several) for character, several in codes.items() if len(several) > 1}
