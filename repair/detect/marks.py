"""What the first bytes say: byte-order marks (Unicode Standard, section 23.8) and well-known binary formats."""

import codecs
import re

from repair.result import Detection

# The mark of UTF-32-LE begins with that of UTF-16-LE, so the longer ones come first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_BINARY = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"%PDF",
    b"\x7fELF",
    b"\x1f\x8b",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
)
_NOT_TEXT = re.compile(rb"[\x00-\x08\x80-\xff]")
_HEAD = 64
"""Bytes in which a binary format shows itself by more than its name: GIF89a alone is a word."""


def marked_verdict(data: bytes) -> Detection | None:
    """Return what the first bytes say: an encoding by its byte-order mark, a binary format; None where nothing."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Detection(encoding, 1.0, "byte-order mark")
    binary = data.startswith(_BINARY) and _NOT_TEXT.search(data, 0, _HEAD)
    return Detection(None, 0.99, "binary") if binary else None
