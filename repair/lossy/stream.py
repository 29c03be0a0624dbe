"""What was seen as bytes with holes: runs of known bytes, and between them what may have been passed over."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from repair.decoders import Habit, encode, habits, passed_over

_END = 256
_ASCII = (0x09, 0x0A, *range(0x20, 0x7F))
"""What a decoder may have passed over beside a bad byte: of the controls, text has only tabs and line breaks."""
_HIGH = range(0x80, 0x100)


@dataclass(frozen=True, slots=True)
class Stream:
    """Known bytes (``runs``) around holes; ``holes`` are offsets in what was seen, ``codes`` what each hole may hold.

    A hole is a mark, or a character for which the wrong encoding has several codes. ``codes`` is None at a mark.
    """

    runs: tuple[bytes, ...]
    holes: tuple[int, ...]
    codes: tuple[tuple[bytes, ...] | None, ...]

    def after(self, hole: int) -> int | None:
        """Return the byte after a hole: 256 for the end of the text, None where another hole follows at once."""
        run = self.runs[hole + 1]
        if run:
            return run[0]
        return _END if hole + 1 == len(self.holes) else None


def stream_of(seen: str, wrong: str, habit: Habit) -> Stream | None:
    """Return the bytes of ``seen``; None where a character is none of the encoding."""
    doubles = several_codes(wrong)
    pattern = _holes(wrong, habit.mark)
    try:
        runs = tuple(encode(part, wrong, habit) for part in pattern.split(seen))
    except UnicodeError:
        return None
    found = list(pattern.finditer(seen))
    codes = tuple(None if match.group() == habit.mark else doubles[match.group()] for match in found)
    return Stream(runs, tuple(match.start() for match in found), codes)


@cache
def _holes(wrong: str, mark: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(mark)}{re.escape(''.join(several_codes(wrong)))}]")


@cache
def several_codes(wrong: str) -> dict[str, tuple[bytes, ...]]:
    """Return the characters that an encoding of one or two bytes reads from several codes, as cp932 does."""
    codes: dict[str, list[bytes]] = {}
    for first in _HIGH:
        for data in (bytes([first]), *(bytes([first, second]) for second in range(0x30, 0x100))):
            try:
                character = data.decode(wrong)
            except UnicodeDecodeError:
                continue
            if len(character) == 1:
                codes.setdefault(character, []).append(data)
    return {character: tuple(several) for character, several in codes.items() if len(several) > 1}


@lru_cache(maxsize=4096)
def fillings(wrong: str, habit: str, after: int | None) -> dict[int, tuple[bytes, ...]]:
    """Return every byte sequence that the decoder passes over at one mark before the byte ``after``, by first byte.

    A mark that is a question mark may also be one that was written.
    """
    table = passed_over(wrong, habit)
    ones = (bytes([byte]) for byte in _HIGH if _passes(table[byte], after))
    written = (b"?",) if habits()[habit].mark == "?" else ()
    return by_first((*written, *ones, *_pairs(wrong, habit)))


def _passes(row: Sequence[int], after: int | None) -> bool:
    return 1 in row if after is None else row[after] == 1


@cache
def _pairs(wrong: str, habit: str) -> tuple[bytes, ...]:
    """Return the pairs that are passed over together."""
    table = passed_over(wrong, habit)
    return tuple(bytes([b, c]) for b in _HIGH for c in (*_ASCII, *_HIGH) if table[b][c] == 2)  # noqa: PLR2004 - a pair


def by_first(sequences: Sequence[bytes]) -> dict[int, tuple[bytes, ...]]:
    """Group byte sequences by their first byte."""
    groups: dict[int, list[bytes]] = {}
    for sequence in sequences:
        groups.setdefault(sequence[0], []).append(sequence)
    return {first: tuple(group) for first, group in groups.items()}
