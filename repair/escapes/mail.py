"""Transfer encodings of mail that nobody undid: RFC 2047 words, quoted-printable, base64.

Programs differ in where they break lines and which signs they escape, so each channel notes what it met and gives
back exactly that.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from repair.channel import Candidate, Cuts, UndamageableError
from repair.misreading import encoding_name
from repair.tables import rows

_HEX = "0123456789ABCDEFabcdef"
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


@dataclass(frozen=True, slots=True)
class EncodedWords:
    """A text written as encoded words (RFC 2047): ``=?gb2312?B?yv2+3Q==?=``.

    ``codec`` is the Python codec that reads the bytes, ``label`` the charset as written, ``scheme`` B or Q as written.
    ``cuts`` are (bytes, what stands between the words) where one word ends and the next begins; ``kept`` the signs
    that Q leaves as they are.
    """

    kind: ClassVar[str] = "encoded-words"
    codec: str
    label: str
    scheme: Literal["B", "b", "Q", "q"]
    cuts: tuple[tuple[int, str], ...] = ()
    kept: str = ""

    def damage(self, text: str) -> str:
        """Write the words; raise `UndamageableError` where the charset refuses the text."""
        data = _encoded(text, self.codec)
        bounds = [0, *(at for at, _ in self.cuts), len(data)]
        words = [self._word(data[a:b]) for a, b in pairwise(bounds)]
        between = [*(gap for _, gap in self.cuts), ""]
        return "".join(part for pair in zip(words, between, strict=True) for part in pair)

    def _word(self, data: bytes) -> str:
        if self.scheme in "Bb":
            payload = base64.b64encode(data).decode()
        else:
            payload = _escaped(data, "=", self.kept).replace("=20", "_") if "_" not in self.kept else ""
        return f"=?{self.label}?{self.scheme}?{payload}?="

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read the words where this very channel wrote them."""
        read = read_words(seen)
        if read is not None and read[1] == self:
            yield Candidate(read[0], ())

    def describe(self) -> str:
        """Name the charset."""
        return f"encoded words (RFC 2047) in {encoding_name(self.codec)}"


@dataclass(frozen=True, slots=True)
class QuotedPrintable:
    """A text in quoted-printable (RFC 2045, section 6.7): ``=CA=FD=BE=DD``.

    ``breaks`` are the offsets, in what was seen without soft line breaks, where such a break stands; ``newline`` is the
    line end behind its ``=``. ``kept`` are the signs beside letters, digits and line ends that are not escaped.
    """

    kind: ClassVar[str] = "quoted-printable"
    codec: str
    breaks: tuple[int, ...] = ()
    kept: str = ""
    newline: str = "\n"

    def damage(self, text: str) -> str:
        """Escape the bytes and break the lines; raise `UndamageableError` where the charset refuses the text."""
        plain = _escaped(_encoded(text, self.codec), "=", self.kept + "\r\n")
        plain = _TRAILING.sub(lambda match: f"={ord(match.group()):02X}", plain)
        bounds = [0, *self.breaks, len(plain)]
        return f"={self.newline}".join(plain[a:b] for a, b in pairwise(bounds))

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read the escapes where this very channel wrote them."""
        for text, channel in read_quoted(seen, (self.codec,)):
            if channel == self:
                yield Candidate(text, ())

    def describe(self) -> str:
        """Name the charset."""
        return f"quoted-printable {encoding_name(self.codec)}"


@dataclass(frozen=True, slots=True)
class Base64:
    """A text in base64 (RFC 4648), in lines: ``breaks`` are the offsets where a line ends, ``newline`` its end."""

    kind: ClassVar[str] = "base64"
    codec: str
    breaks: tuple[int, ...] = ()
    newline: str = "\n"

    def damage(self, text: str) -> str:
        """Write the bytes in base64; raise `UndamageableError` where the charset refuses the text."""
        plain = base64.b64encode(_encoded(text, self.codec)).decode()
        return self.newline.join(plain[a:b] for a, b in pairwise([0, *self.breaks, len(plain)]))

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read the block where this very channel wrote it."""
        for text, channel in read_base64(seen, (self.codec,)):
            if channel == self:
                yield Candidate(text, ())

    def align(self, text: str, seen: str) -> Cuts:
        """Cut at the ends: characters share digits."""
        return ((0, 0), (len(text), len(seen)))

    def describe(self) -> str:
        """Name the charset."""
        return f"base64 of {encoding_name(self.codec)}"


_TRAILING = re.compile(r"[ \t](?=\r?\n|\Z)")
"""A blank that ends a line is escaped, because programs strip such."""
Mail = EncodedWords | QuotedPrintable | Base64
_CODECS = {label: codec for label, codec in rows("charsets.tsv") if codec != "cp1252"}
_WORD = re.compile(r"=\?([A-Za-z0-9_.-]{2,20})\?([BbQq])\?([!->@-~]*)\?=")


def read_words(seen: str) -> tuple[str, EncodedWords] | None:
    """Return the text of encoded words with nothing but white space between them, and the channel that wrote them.

    All must have one charset and scheme; the bytes of a character may be divided between two words.
    """
    words = list(_WORD.finditer(seen))
    if not words or len({(word[1], word[2]) for word in words}) > 1:
        return None
    label, scheme = words[0][1], words[0][2]
    codec = _CODECS.get(label.lower(), label.lower())
    parts = [_payload(scheme, word[3]) for word in words]
    ends = [sum(map(len, parts[: index + 1])) for index in range(len(parts) - 1)]
    gaps = [seen[a.end() : b.start()] for a, b in pairwise(words)]
    kept = _signs_kept("".join(word[3] for word in words)).replace("_", "") if scheme in "Qq" else ""
    channel = EncodedWords(codec, label, scheme, tuple(zip(ends, gaps, strict=True)), kept)  # type: ignore[arg-type]
    try:
        text = b"".join(parts).decode(codec)
        return (text, channel) if channel.damage(text) == seen else None
    except (UnicodeError, LookupError):
        return None


def _payload(scheme: str, payload: str) -> bytes:
    """Return the bytes of a word; none where it is not strict."""
    if scheme in "Qq":
        return _unescaped(payload.replace("_", "=20")) or b""
    try:
        return base64.b64decode(payload, validate=True)
    except binascii.Error:
        return b""


def read_quoted(seen: str, codecs: tuple[str, ...]) -> Iterator[tuple[str, QuotedPrintable]]:
    """Yield the text of quoted-printable by each codec that reads all of it."""
    newline = "\r\n" if "=\r\n" in seen else "\n"
    pieces = seen.split(f"={newline}")
    plain = "".join(pieces)
    ends = [sum(map(len, pieces[: index + 1])) for index in range(len(pieces) - 1)]
    data = _unescaped(plain)
    for codec in codecs if data else ():
        channel = QuotedPrintable(codec, tuple(ends), _signs_kept(plain), newline)
        try:
            text = (data or b"").decode(codec)
            if channel.damage(text) == seen:
                yield text, channel
        except UnicodeError:
            continue


def read_base64(seen: str, codecs: tuple[str, ...]) -> Iterator[tuple[str, Base64]]:
    """Yield the text of a block of base64 by each codec that reads all of it."""
    newline = "\r\n" if "\r\n" in seen else "\n"
    lines = seen.split(newline)
    ends = [sum(map(len, lines[: index + 1])) for index in range(len(lines) - 1)]
    try:
        data = base64.b64decode("".join(lines), validate=True)
    except binascii.Error:
        return
    for codec in codecs if data else ():
        channel = Base64(codec, tuple(ends), newline)
        try:
            text = data.decode(codec)
            if channel.damage(text) == seen:
                yield text, channel
        except UnicodeError:
            continue


def _encoded(text: str, codec: str) -> bytes:
    try:
        return text.encode(codec)
    except UnicodeError as error:
        raise UndamageableError(f"{text[:20]!r} does not exist in {codec}") from error


def _escaped(data: bytes, sign: str, kept: str) -> str:
    """Write every byte but letters, digits and ``kept`` as ``sign`` and two upper-case digits."""
    plain = _LETTERS | frozenset(kept.encode())
    return "".join(chr(byte) if byte in plain else f"{sign}{byte:02X}" for byte in data)


def _unescaped(plain: str) -> bytes | None:
    """Read ``=XX``; None where a ``=`` begins no escape or a character is not ASCII."""
    if not plain.isascii() or re.search(rf"=(?![{_HEX}]{{2}})", plain):
        return None
    return re.sub(r"=([0-9A-Fa-f]{2})", lambda match: chr(int(match[1], 16)), plain).encode("latin-1")


def _signs_kept(plain: str) -> str:
    """Return the signs that stand unescaped in quoted text."""
    bare = re.sub(r"=[0-9A-Fa-f]{2}", "", plain)
    return "".join(sorted({sign for sign in bare if not sign.isalnum() and sign not in "\r\n="}))
