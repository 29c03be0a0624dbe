"""Damage to the bytes of a text that was read in its right encoding afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from repair import decoders
from repair.channel import Candidate, Cuts, UndamageableError
from repair.misreading import encoding_name

BACKSLASH = 0x5C
_ESCAPED = frozenset(b"\\\"'")
_FIRST_UPPER, _LAST_UPPER, _TO_LOWER = 0x41, 0x5A, 0x20


def encoded(text: str, encoding: str) -> bytes:
    """Return the bytes of a text; raise `UndamageableError` where the encoding refuses it."""
    try:
        return text.encode(encoding)
    except UnicodeError as error:
        raise UndamageableError(f"{text[:20]!r} does not exist in {encoding}") from error


@dataclass(frozen=True, slots=True)
class Missing:
    """Bytes that went missing: everything behind each is misaligned, up to ASCII or the next one missing.

    ``at`` are the offsets of those bytes among the bytes of the text, rising. ``habit`` is what the decoder does with a
    byte that is left over: "strict" where none is, else a row of ``habits.tsv``.
    """

    kind: ClassVar[str] = "missing"
    encoding: str
    at: tuple[int, ...]
    habit: str = "strict"

    def damage(self, text: str) -> str:
        """Take the bytes out; raise `UndamageableError` where the text has no such bytes."""
        data = encoded(text, self.encoding)
        gone = frozenset(self.at)
        if self.at and self.at[-1] >= len(data):
            raise UndamageableError("shorter than the offset of a missing byte")
        left = bytes(byte for offset, byte in enumerate(data) if offset not in gone)
        try:
            if self.habit == "strict":
                return left.decode(self.encoding)
            return decoders.decode(left, self.encoding, self.habit)
        except UnicodeError as error:
            raise UndamageableError("what is left is none of the encoding") from error

    def undo(self, seen: str) -> Iterator[Candidate]:  # noqa: ARG002 - the protocol's signature
        """Yield nothing: only a search with the language model finds bytes that are gone."""
        return iter(())

    def describe(self) -> str:
        """Count the bytes."""
        count = len(self.at)
        return f"{count} byte{'s' if count > 1 else ''} of {encoding_name(self.encoding)} missing"


@dataclass(frozen=True, slots=True)
class Slashed:
    r"""A backslash put before every byte of a quote or a backslash, trail bytes included (PHP's ``addslashes``).

    >>> Slashed("big5").damage("成功")
    '成功\\'
    """

    kind: ClassVar[str] = "slashed"
    encoding: str

    def damage(self, text: str) -> str:
        """Put the backslashes in; raise `UndamageableError` where the encoding refuses the text."""
        return "".join(map(self._written, text))

    def _written(self, character: str) -> str:
        """Escape a character: a backslash comes before ASCII, and before a trail byte 5C, where it reads as behind."""
        if character.isascii():
            return f"\\{character}" if ord(character) in _ESCAPED else character
        return character + "\\" * encoded(character, self.encoding).endswith(b"\\")

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Take the backslashes out; none where a quote stands without one."""
        text: list[str] = []
        at = 0
        while at < len(seen):
            one = seen[at + 1 : at + 2] if seen[at] == "\\" else seen[at]
            try:
                written = self._written(one) if one else ""
            except UndamageableError:
                return
            if not written or seen[at : at + len(written)] != written:
                return
            text.append(one)
            at += len(written)
        if len(text) < len(seen):
            yield Candidate("".join(text), ())

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each character."""
        cuts = [(0, 0)]
        for at, character in enumerate(text, 1):
            cuts.append((at, cuts[-1][1] + len(self._written(character))))
        return tuple(cuts)

    def describe(self) -> str:
        """Name the encoding."""
        return f"backslashes put before bytes of {encoding_name(self.encoding)}"


@dataclass(frozen=True, slots=True)
class Cased:
    """The letters of a misreading, or the bytes themselves, turned to one case by a program that knew no Chinese.

    ``wrong`` is the single-byte encoding in which the bytes were read; where it is ``original`` itself, the letters
    among the bytes were turned and the bytes read rightly.

    >>> Cased("gbk", "latin-1", "lower").damage("中国")
    'öð¹ú'
    """

    kind: ClassVar[str] = "cased"
    original: str
    wrong: str
    case: Literal["lower", "upper"]

    def damage(self, text: str) -> str:
        """Turn the letters; raise `UndamageableError` where an encoding refuses the text."""
        data = encoded(text, self.original)
        try:
            if self.wrong == self.original:
                return (data.lower() if self.case == "lower" else data.upper()).decode(self.original)
            read = data.decode(self.wrong)
        except UnicodeError as error:
            raise UndamageableError(f"{text[:20]!r} does not pass to {self.wrong}") from error
        return read.lower() if self.case == "lower" else read.upper()

    def undo(self, seen: str) -> Iterator[Candidate]:  # noqa: ARG002 - the protocol's signature
        """Yield nothing: only a search with the language model knows which letters were turned."""
        return iter(())

    def describe(self) -> str:
        """Name the encodings."""
        read = f" read as {encoding_name(self.wrong)}" if self.wrong != self.original else ""
        return f"{encoding_name(self.original)}{read}, its letters turned to {self.case} case"


@dataclass(frozen=True, slots=True)
class Chunked:
    """Bytes read in chunks and each chunk decoded by itself: a character across two chunks became U+FFFD.

    ``cuts`` are the offsets among the bytes of the text where a chunk ends inside a character.
    """

    kind: ClassVar[str] = "chunked"
    encoding: str
    cuts: tuple[int, ...]

    def damage(self, text: str) -> str:
        """Decode chunk by chunk, U+FFFD for what is incomplete."""
        data = encoded(text, self.encoding)
        bounds = [0, *self.cuts, len(data)]
        return "".join(data[a:b].decode(self.encoding, "replace") for a, b in pairwise(bounds))

    def undo(self, seen: str) -> Iterator[Candidate]:  # noqa: ARG002 - the protocol's signature
        """Yield nothing: only a search with the language model finds characters that are gone."""
        return iter(())

    def describe(self) -> str:
        """Count the characters."""
        return f"{len(self.cuts)} characters cut in two where {encoding_name(self.encoding)} was read in chunks"
