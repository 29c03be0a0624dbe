"""Bytes to text within a file: the file's encoding, and a record's own where that one does not fit."""

import codecs
from dataclasses import dataclass

from repair import detect_encoding
from repair.written import decode

_NOT_BYTEWISE = ("utf-16", "utf-32", "hz", "iso2022", "utf-7")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding that gave it and how sure that is."""

    text: str
    encoding: str
    confidence: float


@dataclass(frozen=True, slots=True)
class FileEncoding:
    """The encoding of a file as a whole; None: it is not text."""

    name: str | None
    confidence: float

    @property
    def codec(self) -> str:
        """Return the codec for a part of the file, which has no byte-order mark."""
        return part_codec(self.name or "utf-8")

    @property
    def newline(self) -> bytes:
        """Return the newline as it is written in this encoding."""
        return "\n".encode(self.codec)


def part_codec(encoding: str) -> str:
    """Return the codec of a part of a file in ``encoding``.

    >>> part_codec("utf-8-sig"), part_codec("utf-16"), part_codec("gb18030")
    ('utf-8', 'utf-16-le', 'gb18030')
    """
    name = codecs.lookup(encoding).name
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(name, name)


def is_bytewise(codec: str) -> bool:
    """Say whether ``,``, ``"`` and newline are always these characters and never part of another.

    True of the trail bytes of GB18030 (0x30-0x39, 0x40-0xFE), Big5 (0x40-0xFE), Shift-JIS and UTF-8.
    """
    return not codecs.lookup(codec).name.replace("_", "-").startswith(tuple(n.replace("_", "-") for n in _NOT_BYTEWISE))


def file_encoding(sample: bytes) -> FileEncoding:
    """Detect the encoding of a file by its beginning."""
    detection = detect_encoding(sample)
    return FileEncoding(detection.encoding, detection.confidence)


def decode_part(data: bytes, file: FileEncoding) -> Decoded:
    """Decode a part of a file: in the file's encoding where that fits, else in the part's own.

    Never fails: what is none of the encoding becomes U+FFFD.
    """
    if fits(data, file.codec):
        return Decoded(data.decode(file.codec), file.codec, file.confidence)
    own = detect_encoding(data)
    if own.encoding and fits(data, part_codec(own.encoding)):
        codec = part_codec(own.encoding)
        return Decoded(data.decode(codec), codec, own.confidence)
    return Decoded(decode_as(data, file.codec), file.codec, file.confidence)


def fits(data: bytes, codec: str) -> bool:
    """Say whether every byte belongs to a character of the encoding."""
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def decode_as(data: bytes, encoding: str) -> str:
    """Decode in this encoding, U+FFFD for what is none of it."""
    return decode(data, encoding)[0]
