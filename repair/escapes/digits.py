"""Text written out as hexadecimal digits of its bytes, as messages of phones and dumps of databases hold it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from repair.channel import Candidate, Cuts, UndamageableError
from repair.escapes.running import HANZI, Spot, convincing, cuts_by_character, hanzi_in, replayed, running_lines
from repair.misreading import encoding_name

_DIGITS = {
    "X": re.compile(r"(?<![\w#$\\%&])(?:[0-9A-F]{2}){8,}(?![\w])"),
    "x": re.compile(r"(?<![\w#$\\%&])(?:[0-9a-f]{2}){8,}(?![\w])"),
}
_CHINESE = re.compile(f"[{HANZI}\u3001-\u301f\uff01-\uff65“”‘’—…·\\x20-\\x7e\\n]+")
_NOTHING = re.compile(r"(?!)")
_FEWEST = 4
_SURE = 40.0


@dataclass(frozen=True, slots=True)
class Digits:
    """Every byte of a text as two hexadecimal digits: ``6570636E``.

    >>> Digits("utf-16-be", "X").damage("数据")
    '6570636E'
    """

    kind: ClassVar[str] = "digits"
    encoding: str
    case: Literal["x", "X"]

    def damage(self, text: str) -> str:
        """Write the bytes; raise `UndamageableError` where the encoding refuses the text."""
        try:
            digits = text.encode(self.encoding).hex()
        except UnicodeError as error:
            raise UndamageableError(f"{text[:20]!r} does not exist in {self.encoding}") from error
        return digits if self.case == "x" else digits.upper()

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read the digits."""
        try:
            text = bytes.fromhex(seen).decode(self.encoding)
            text.encode()
        except ValueError:
            return
        yield from replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield words of digits that are Chinese text beyond doubt; a hash is none."""
        if not _DIGITS[self.case].search(seen):
            return
        found = [
            Spot(match.span(), line, candidate.text)
            for line in running_lines(seen, "", _NOTHING)
            for match in _DIGITS[self.case].finditer(seen, *line)
            for candidate in self.undo(match.group())
            if hanzi_in(candidate.text) >= _FEWEST and _CHINESE.fullmatch(candidate.text)
        ]
        yield from convincing(seen, found, _SURE, self.encoding)

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each character."""
        return cuts_by_character(text, lambda character: 2 * len(character.encode(self.encoding)))

    def describe(self) -> str:
        """Name the encoding."""
        return f"the bytes of {encoding_name(self.encoding)} written as hexadecimal digits"
