"""From bytes to text and back, to the last byte: decoding that keeps what a codec would drop or fold."""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from repair.channel import Candidate, Chain
from repair.misreading import encoding_name

REPLACEMENT = "\ufffd"
_WINDOW = 1 << 16  # bytes decoded at a time, so that many bad bytes in a long file cost no more than their number
_LONGEST = 8  # bytes of a character, escapes of stateful encodings included
_GBK = frozenset({"gbk", "gb18030", "gb2312"})
_CESU_8 = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_STATEFUL = frozenset({"hz", "utf-7", "iso2022_jp", "iso2022_kr"})
_MARKS = (
    ("utf-32", codecs.BOM_UTF32_LE, "utf-32-le"),
    ("utf-32", codecs.BOM_UTF32_BE, "utf-32-be"),
    ("utf-16", codecs.BOM_UTF16_LE, "utf-16-le"),
    ("utf-16", codecs.BOM_UTF16_BE, "utf-16-be"),
    ("utf-8-sig", codecs.BOM_UTF8, "utf-8"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """The text written in an encoding: the last step of a chain that ends in bytes.

    As a channel it shows bytes as the characters U+0000 to U+00FF. ``exceptions`` are (start, end, bytes): slices of
    the text that stand for bytes which the codec would not write itself: a byte-order mark (an empty slice), bytes
    that are none of the encoding (U+FFFD in the text), a second code for the same character.
    """

    kind: ClassVar[str] = "written"
    encoding: str
    exceptions: tuple[tuple[int, int, bytes], ...] = ()

    def encode(self, text: str) -> bytes:
        """Return the bytes as they were found."""
        parts: list[bytes] = []
        at = 0
        for start, end, data in self.exceptions:
            parts += text[at:start].encode(self.encoding), data
            at = end
        return b"".join((*parts, text[at:].encode(self.encoding)))

    def damage(self, text: str) -> str:
        """Return the bytes, shown as characters."""
        return self.encode(text).decode("latin-1")

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the text of bytes shown as characters, where this very step wrote them."""
        try:
            text, written = decode(seen.encode("latin-1"), self.encoding)
        except UnicodeError:
            return
        if written == self:
            yield Candidate(text, ())

    def describe(self) -> str:
        """Name the encoding."""
        bad = sum(1 for _, end, data in self.exceptions if end and data)
        return f"written in {encoding_name(self.encoding)}" + (f" with {bad} irregular places" if bad else "")


@dataclass(frozen=True, slots=True)
class WrittenPieces:
    """The text written piece by piece in several encodings: the last step of a chain that ends in such bytes.

    ``pieces`` are (end in the text, end in the bytes, how it was written), each from where the one before it ends.
    """

    kind: ClassVar[str] = "written-pieces"
    pieces: tuple[tuple[int, int, Written], ...]

    def encode(self, text: str) -> bytes:
        """Return the bytes as they were found."""
        starts = (0, *(end for end, _, _ in self.pieces))
        return b"".join(
            written.encode(text[start:end]) for start, (end, _, written) in zip(starts, self.pieces, strict=False)
        )

    def damage(self, text: str) -> str:
        """Return the bytes, shown as characters."""
        return self.encode(text).decode("latin-1")

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the text of bytes shown as characters, where this very step wrote them."""
        segments = [(stop, written.encoding) for _, stop, written in self.pieces]
        try:
            text, written = decode_pieces(seen.encode("latin-1"), segments)
        except UnicodeError:
            return
        if written == self:
            yield Candidate(text, ())

    def describe(self) -> str:
        """Name each encoding once."""
        names = dict.fromkeys(encoding_name(written.encoding) for _, _, written in self.pieces)
        return f"written in {' and '.join(names)}, in {len(self.pieces)} pieces"


def without_writing(chain: Chain) -> Chain:
    """Return a chain without the step that wrote the text into bytes, which is its last one or not there."""
    return chain[:-1] if chain and isinstance(chain[-1], (Written, WrittenPieces)) else chain


def decode_pieces(data: bytes, segments: Sequence[tuple[int, str]]) -> tuple[str, WrittenPieces]:
    """Decode bytes whose encoding changes: ``segments`` are (where it ends, encoding). See `decode`."""
    texts: list[str] = []
    pieces: list[tuple[int, int, Written]] = []
    start = length = 0
    for end, encoding in segments:
        text, written = decode(data[start:end], encoding)
        texts.append(text)
        length += len(text)
        pieces.append((length, end, written))
        start = end
    return "".join(texts), WrittenPieces(tuple(pieces))


def decode(data: bytes, encoding: str) -> tuple[str, Written]:
    """Decode bytes, never failing on bad ones: U+FFFD stands for them, and the `Written` gives back every byte.

    Raises `LookupError` where there is no such codec.
    """
    mark, codec = _mark(data, encoding)
    texts: list[str] = []
    exceptions: list[tuple[int, int, bytes]] = [(0, 0, mark)] if mark else []
    at = 0
    for text, raw in _pieces(data[len(mark) :], codec):
        if raw is not None:
            exceptions.append((at, at + len(text), raw))
        texts.append(text)
        at += len(text)
    return "".join(texts), Written(codec, tuple(exceptions))


def _mark(data: bytes, encoding: str) -> tuple[bytes, str]:
    """Return the byte-order mark that the encoding's name promises, and the codec for what follows."""
    name = codecs.lookup(encoding).name
    for marked, mark, codec in _MARKS:
        if name in (marked, codec) and data.startswith(mark):
            return mark, codec
    return b"", {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(name, name)


def _pieces(data: bytes, codec: str) -> Iterator[tuple[str, bytes | None]]:
    """Yield (text, None) for stretches that the codec writes back itself, (text, bytes) for the others."""
    at = 0
    while at < len(data):
        window = data[at:] if codec in _STATEFUL else data[at : at + _WINDOW]
        try:
            text, end, bad = window.decode(codec), len(window), len(window)
        except UnicodeDecodeError as error:
            end, bad = error.start, max(error.end, error.start + 1)
            if end > len(window) - _LONGEST and end and at + len(window) < len(data):
                bad = end  # the window's end cut a character: the next window begins with it
            text = window[:end].decode(codec)
        if end:  # shifts between sets of characters are bytes that show no text
            yield from _written_back(text, window[:end], codec)
        if end < bad:
            text, bad = _irregular(data[at : at + bad + _LONGEST], end, bad, codec)
            yield text, data[at + end : at + bad]
        at += bad


def _irregular(data: bytes, start: int, end: int, codec: str) -> tuple[str, int]:
    """Return what bad bytes ``data[start:end]`` show, and where it ends.

    In GBK 0x80 is the euro sign of Windows-936; two halves of a character in UTF-8, as CESU-8 writes them (Unicode
    Technical Report 26), stay two surrogates, which `repair.compat` joins; else U+FFFD.
    """
    if codec in _GBK and data[start:end] == b"\x80":
        return "€", end
    if codec == "utf-8" and _CESU_8.match(data, start):
        pair = data[start : start + 6]
        return pair.decode("utf-8", "surrogatepass"), start + len(pair)
    return REPLACEMENT, end


def _written_back(text: str, data: bytes, codec: str) -> Iterator[tuple[str, bytes | None]]:
    """Split a decoded stretch where the codec would write other bytes, halving down to the character."""
    try:
        if text.encode(codec) == data:
            yield text, None
            return
    except UnicodeError:
        pass
    half = _half(text, data, codec) if len(text) > 1 else None
    if half is None:
        yield text, data
    else:
        yield from _written_back(text[: half[0]], data[: half[1]], codec)
        yield from _written_back(text[half[0] :], data[half[1] :], codec)


def _half(text: str, data: bytes, codec: str) -> tuple[int, int] | None:
    """Find a place near the middle where text and bytes can both be cut: (characters, bytes)."""
    middle = len(data) // 2
    for end in (*range(middle, min(middle + 8, len(data))), *range(middle - 1, max(middle - 8, 0), -1)):
        try:
            left = data[:end].decode(codec)
            if left and text == left + data[end:].decode(codec) and len(left) < len(text):
                return len(left), end
        except UnicodeDecodeError:
            continue
    return None
