"""Backslashes that a program put before quotes and before the trail byte 5C of GBK and Big5."""

import re
from collections.abc import Iterator
from functools import cache

from repair.bytewise.channels import Slashed
from repair.bytewise.mended import Mended
from repair.escapes.running import beside_hanzi, hanzi_in

_ENCODINGS = ("big5", "gbk")
_CODE = re.compile(r"[`{}\[\]=;<>$|]|\\[nrtxu0]|[A-Za-z]:\\")
_FEWEST_HANZI = 4


def slashed(seen: str) -> Iterator[Mended]:
    """Yield the lines, or else the characters, with backslashes too many; none on lines of source code."""
    for match in re.finditer(r"[^\n]+", seen) if "\\" in seen else ():
        line = match.group()
        if "\\" in line and not _CODE.search(line) and hanzi_in(line) >= _FEWEST_HANZI:
            whole = _whole(line)
            if whole:
                yield Mended(match.start(), match.end(), *whole)
            elif _all_behind_trails(line):
                yield from _characters(match.start(), line)


def _whole(line: str) -> tuple[str, Slashed] | None:
    """Return a line without its backslashes where every quote and every trail byte 5C has one, and there is a trail.

    Backslashes before quotes alone are how strings are written.
    """
    for encoding in _ENCODINGS:
        channel = Slashed(encoding)
        for candidate in channel.undo(line) if _pattern(encoding).search(line) else ():
            if "\\" not in candidate.text:
                return candidate.text, channel
    return None


def _all_behind_trails(line: str) -> bool:
    """Say whether no backslash stands anywhere but behind a trail byte 5C of one encoding."""
    return any("\\" not in _pattern(encoding).sub("", line) for encoding in _ENCODINGS)


def _characters(offset: int, line: str) -> Iterator[Mended]:
    encoding = next(name for name in _ENCODINGS if "\\" not in _pattern(name).sub("", line))
    for match in _pattern(encoding).finditer(line):
        if beside_hanzi(line, *match.span()):
            yield Mended(offset + match.start(), offset + match.end(), match.group()[0], Slashed(encoding))


@cache
def _pattern(encoding: str) -> re.Pattern[str]:
    """Match a character whose last byte is 5C and the backslash behind it."""
    characters = (_character(bytes([lead, 0x5C]), encoding) for lead in range(0x81, 0xFF))
    return re.compile(f"[{''.join(characters)}]\\\\")


def _character(code: bytes, encoding: str) -> str:
    try:
        return code.decode(encoding)
    except UnicodeDecodeError:
        return ""
