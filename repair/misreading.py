"""Written in one encoding, read in another: the commonest damage of all."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import ClassVar

# Registers the sloppy-windows-* codecs: code pages as browsers read them, the undefined bytes as C1 controls.
import ftfy.bad_codecs

from repair import code_pages
from repair.channel import Candidate, Cuts, UndamageableError
from repair.decoders import several_codes

assert ftfy.bad_codecs  # imported for what it registers, as is code_pages
assert code_pages


@dataclass(frozen=True, slots=True)
class Misreading:
    """Text encoded in ``original`` and decoded as ``wrong``, both strictly: nothing is lost.

    Both are names of Python codecs.

    >>> Misreading("utf-8", "gbk").damage("数据")
    '鏁版嵁'
    >>> [candidate.text for candidate in Misreading("utf-8", "gbk").undo("鏁版嵁")]
    ['数据']
    """

    kind: ClassVar[str] = "misreading"
    original: str
    wrong: str

    @property
    def keeps_lines(self) -> bool:
        """Say whether a line break stays one: true of all encodings that contain ASCII."""
        return "utf-16" not in self.original + self.wrong

    def damage(self, text: str) -> str:
        """Read the bytes of ``text`` in the wrong encoding; raise `UndamageableError` where either codec refuses."""
        try:
            return text.encode(self.original).decode(self.wrong)
        except UnicodeError as error:
            raise UndamageableError(f"{text[:20]!r} does not pass from {self.original} to {self.wrong}") from error

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the one text, if there is one; where codecs hold two codes for a character, only one that replays."""
        text = self.reread(seen)
        if text is not None:
            yield Candidate(text, ())

    def reread(self, seen: str) -> str | None:
        """Return the text read rightly, None where ``seen`` cannot come from this misreading.

        Nor where it holds a character that the wrong encoding reads from several codes: which one it was, only a search
        tells (`repair.lossy.Lossy`).
        """
        if _holds_any(seen, several_codes(self.wrong)):
            return None
        try:
            data = seen.encode(self.wrong)
            text = data.decode(self.original)
            return text if text != seen and text.encode(self.original).decode(self.wrong) == seen else None
        except UnicodeError:
            return None

    def align(self, text: str, seen: str) -> Cuts:
        """Line up by bytes: a cut wherever both sides begin a character at the same byte."""
        try:
            text_at = _character_at_byte(text, self.original)
            if code_page(self.wrong) and text_at[-1] == len(seen):  # a character is a byte
                return tuple(enumerate(text_at))
            seen_at = _character_at_byte(seen, self.wrong)
        except UnicodeError:  # Big5-HKSCS writes some characters only together with the next
            return ((0, 0), (len(text), len(seen))) if text else ((0, 0),)
        if text_at[-1] != seen_at[-1]:  # a codec that joins characters: only the ends are certain
            return ((0, 0), (len(text), len(seen)))
        index = {byte: character for character, byte in enumerate(seen_at)}
        return tuple((character, index[byte]) for character, byte in enumerate(text_at) if byte in index)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the stretches of ``seen``, a part of a line, that this misreading may have produced by themselves."""
        if code_page(self.wrong):
            yield from (match.span() for match in _stretch(self.original, self.wrong).finditer(seen))
            return
        from repair.lattice import damaged_stretches  # noqa: PLC0415 - compiled code, which importing does not wait for

        yield from damaged_stretches(seen, self.original, self.wrong, None)

    def leaves_a_sign(self, seen: str) -> bool:
        """Say whether it can have made anything of ``seen``: something beyond ASCII, where its encodings keep ASCII."""
        return not (self.keeps_lines and seen.isascii())

    def describe(self) -> str:
        """Name both encodings."""
        return f"{encoding_name(self.original)} read as {encoding_name(self.wrong)}"


_FEW = 16
"""Characters that are looked for one by one, each in 40 ns in 1,000 of a text; to ask those of the text takes 30 µs."""


def _holds_any(text: str, characters: Mapping[str, object]) -> bool:
    if len(characters) > _FEW:
        return not characters.keys().isdisjoint(text)
    return any(character in text for character in characters)


def encoding_name(codec: str) -> str:
    """Return the name that people use: ``sloppy-windows-1252`` is Windows-1252.

    >>> encoding_name("sloppy-windows-1252"), encoding_name("gb18030"), encoding_name("macroman")
    ('Windows-1252', 'GB18030', 'Mac Roman')
    """
    plain = codec.removeprefix("sloppy-")
    upper = plain.upper().replace("_", "-").replace("WINDOWS", "Windows").replace("ISO8859", "ISO 8859")
    return _NAMES.get(plain) or upper


_NAMES = {
    "latin-1": "Latin-1",
    "mac-roman": "Mac Roman",
    "macroman": "Mac Roman",
    "mac-cyrillic": "Mac Cyrillic",
    "mac-latin2": "Mac Central European",
}


def _character_at_byte(text: str, codec: str) -> list[int]:
    """Return the byte at which each character begins, and the length in bytes at the end."""
    width = {character: _width(character, codec) for character in set(text)}
    return list(accumulate((width[character] for character in text), initial=0))


@cache
def _width(character: str, codec: str) -> int:
    return len(character.encode(codec))


@cache
def _stretch(original: str, wrong: str) -> re.Pattern[str]:
    """Match a stretch on one line that a code page of single bytes may have made by itself.

    UTF-8: lead and continuation bytes in order. GBK or Big5: characters of the page's upper half and ASCII between
    them, because trail bytes may be ASCII.
    """
    upper = code_page(wrong)
    if original == "utf-8":
        tail = _one_of(upper[0x80:0xC0])
        leads = (upper[0xC2:0xE0], upper[0xE0:0xF0], upper[0xF0:0xF5])
        units = (_one_of(lead) + tail + f"{{{count}}}" for count, lead in enumerate(leads, 1))
        return re.compile(f"(?:{'|'.join(units)})+")
    high = _one_of(upper[0x80:])
    return re.compile(f"{high}(?:[^\\n\\x80-\\U0010ffff]{{0,3}}{high})*[@-~]?")


def code_page(codec: str) -> str:
    """Return the 256 characters of a single-byte code page; empty for other encodings."""
    try:
        table = bytes(range(256)).decode(codec)
    except UnicodeError:
        return ""
    return table if len(table) == 256 else ""  # noqa: PLR2004 - one character a byte


def _one_of(characters: str) -> str:
    return "[" + "".join(map(re.escape, characters)) + "]"
