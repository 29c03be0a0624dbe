"""Byte-order marks (Unicode Standard, section 23.8)."""

import codecs

# The mark of UTF-32-LE begins with that of UTF-16-LE, so the longer ones come first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)


def marked_encoding(data: bytes) -> str | None:
    """Return the encoding that a byte-order mark names, None without one."""
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
