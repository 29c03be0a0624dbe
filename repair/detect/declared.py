"""What a page says of its own encoding, and what that means in practice: gb2312 means GB18030."""

import codecs
import re
from functools import cache

from repair.tables import rows

_HEAD = 4096
"""Bytes that are searched for a declaration; the HTML standard asks for it in the first 1,024."""
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)|<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""")


def declared_encoding(data: bytes, header: str | None = None) -> str | None:
    """Return the codec that a Content-Type header or charset name, a <meta> tag or an XML declaration means.

    A header goes before what the page says; an unknown name counts as none.
    """
    names = [_charset(header)] if header else []
    match = _CHARSET.search(data[:_HEAD])
    if match:
        names.append((match.group(1) or match.group(2)).decode())
    return next((codec for name in names if (codec := _codecs().get(name.strip().lower()))), None)


def codec_of(name: str) -> str | None:
    """Return the codec that reads what is called by this name, of a superset where one is in use; None: there is none.

    >>> codec_of("GB2312"), codec_of("ISO-8859-5"), codec_of("EUC-TW")
    ('gb18030', 'iso8859-5', None)
    """
    try:
        return _codecs().get(name.lower()) or codecs.lookup(name).name
    except LookupError:
        return None


def _charset(header: str) -> str:
    match = re.search(r"charset\s*=\s*[\"']?\s*([^\s\"';]+)", header, re.IGNORECASE)
    return match.group(1) if match else header


@cache
def _codecs() -> dict[str, str]:
    return dict(rows("charsets.tsv"))
