"""The double-byte code pages of Windows, which read more than Python's codecs of the same name.

Each is a codec of Python with what it lacks: byte 80 of page 936 is the euro sign, and the areas that a code page
leaves to its users are private use, in order. Importing this module registers them as ``windows-936``, ``windows-949``
and ``windows-950``; page 932 is ``cp932``, which has all of it.

Source: Microsoft's tables of best fit (bestfit936.txt, bestfit949.txt, bestfit950.txt at unicode.org), as facts.
"""

import codecs
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from repair.tables import rows

_Handler = Callable[[UnicodeError], tuple[str | bytes, int]]


class Page(NamedTuple):
    """A codec of Python, and what the code page has beyond it."""

    base: str
    characters: dict[bytes, str]
    codes: dict[str, bytes]


@cache
def pages() -> dict[str, Page]:
    """Load ``data/code_pages.tsv``: the code pages by the names of their codecs."""
    found: dict[str, Page] = {}
    for name, base, leads, trails, point in rows("code_pages.tsv"):
        page = found.setdefault(name, Page(base, {}, {}))
        for number, code in enumerate(_codes(leads, trails)):
            character = chr(int(point, 16) + number)
            page.characters[code] = character
            page.codes[character] = code
    return found


def _codes(leads: str, trails: str) -> Iterator[bytes]:
    """Yield the codes of an area, row by row; a single byte where there are no trails."""
    columns = [bytes([byte]) for byte in _bytes(trails)] or [b""]
    return (bytes([lead]) + trail for lead in _bytes(leads) for trail in columns)


def _bytes(ranges: str) -> list[int]:
    """Return the bytes of ranges such as ``40-7E,80-A0``; none for ``-``."""
    bounds = [part.partition("-") for part in ranges.split(",")] if ranges != "-" else []
    return [byte for low, _, high in bounds for byte in range(int(low, 16), int(high or low, 16) + 1)]


def _find(name: str) -> codecs.CodecInfo | None:
    known = {page.replace("-", "_"): page for page in pages()}.get(name.replace("-", "_"))
    if known is None:
        return None

    def encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
        return text.encode(pages()[known].base, _handled(known, errors)), len(text)

    def decode(data: bytes, errors: str = "strict") -> tuple[str, int]:
        return bytes(data).decode(pages()[known].base, _handled(known, errors)), len(data)

    def decoder(errors: str = "strict") -> codecs.IncrementalDecoder:
        return codecs.getincrementaldecoder(pages()[known].base)(_handled(known, errors))

    return codecs.CodecInfo(encode, decode, name=known, incrementaldecoder=decoder)  # type: ignore[arg-type] # any buffer


@cache
def _handled(name: str, errors: str) -> str:
    """Register an error handler for what the code page has beyond its base; the rest is left to ``errors``."""
    handler = f"{name}:{errors}"
    codecs.register_error(handler, _handler(pages()[name], errors))
    return handler


def _handler(page: Page, errors: str) -> _Handler:
    def handle(error: UnicodeError) -> tuple[str | bytes, int]:
        if isinstance(error, UnicodeEncodeError):
            code = page.codes.get(error.object[error.start])
            if code is not None:
                return code, error.start + 1
        elif isinstance(error, UnicodeDecodeError):
            for length in (2, 1):
                code = bytes(error.object[error.start : error.start + length])
                if code in page.characters:
                    return page.characters[code], error.start + len(code)
        return codecs.lookup_error(errors)(error)

    return handle


codecs.register(_find)
