"""What a mirror site does to a page, as a program that runs: script, notes, decoding, folding."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from repair.channel import Candidate, UndamageableError

ASCII_END = 0x80
_CUT = b"\x00"
_LEADS = range(0x81, 0xFF)
_FOLD = {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True, slots=True)
class Mirror:
    """A site's program, as far as its pages show it.

    ``traditional[i]`` replaces ``simplified[i]``; then, in GBK bytes and blind to where characters begin, each
    full-width sign of ``cut`` is set apart, and after each occurrence of a character of ``notes`` (character, reading;
    in the site's order) its reading is put in brackets. The bytes are decoded piece by piece, a lead byte without a
    trail byte becoming ``?`` and taking an ASCII byte after it along; at last full-width signs are folded to ASCII if
    ``folds``.
    """

    kind: ClassVar[str] = "mirror"
    simplified: str
    traditional: str
    notes: tuple[tuple[str, str], ...]
    cut: str = "？"
    folds: bool = True

    def damage(self, text: str) -> str:
        """Run the program; raise `UndamageableError` where the text does not exist in GBK."""
        return self.annotate(text.translate(str.maketrans(self.simplified, self.traditional)))

    def annotate(self, text: str) -> str:
        """Run the program on text that is in the site's script already."""
        try:
            data = text.encode("gbk")
        except UnicodeEncodeError as error:
            raise UndamageableError(f"{text[error.start]!r} does not exist in GBK") from error
        for sign in self.cut:
            data = data.replace(sign.encode("gbk"), _CUT + sign.encode("gbk") + _CUT)
        for character, reading in self.notes:
            code = character.encode("gbk")
            data = data.replace(code, code + b"(" + reading.encode("gbk") + b")")
        seen = "".join(map(decode_eating, data.split(_CUT)))
        return seen.translate(_FOLD) if self.folds else seen

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the text that the program turns into ``seen``, with every alternative of what it destroyed."""
        from repair.mirror.undoing import undo  # noqa: PLC0415 - undoing runs the program, and so needs this module

        yield from undo(self, seen)

    def describe(self) -> str:
        """Count what the site does."""
        return f"mirror site: {len(self.simplified)} characters made traditional, {len(self.notes)} annotated in pinyin"


def decode_eating(data: bytes) -> str:
    """Decode GBK as such sites do: a lead byte that has no trail byte becomes ``?`` and eats an ASCII byte.

    >>> decode_eating("日報".encode("gbk")[:-1] + b"(x)")
    '日?x)'
    """
    try:
        return data.decode("gbk")
    except UnicodeDecodeError as error:
        first, at = data[: error.start].decode("gbk"), error.start
    parts = [first]
    while at < len(data):
        pair = data[at : at + 2]
        wide = pair[0] in _LEADS
        parts.append((pair_character(pair) or "?") if wide else chr(pair[0]) if pair[0] < ASCII_END else "?")
        at += 2 if wide else 1
    return "".join(parts)


@cache
def pair_character(pair: bytes) -> str:
    """Return the character of two bytes, empty where there is none."""
    return pair.decode("gbk", "ignore") if len(pair) == 2 and pair[1] >= 0x40 else ""  # noqa: PLR2004 - trail bytes
