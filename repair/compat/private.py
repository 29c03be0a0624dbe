"""The user-defined areas of Windows-950 and Windows-936, which fill Unicode's private use area by a formula."""

import unicodedata
from functools import cache

_SINCE_2004 = "HKSCS-2004"
_SINCE_2001 = "HKSCS-2001"
# Windows-950: first lead byte, last lead byte, first code point. Trail bytes 40-7E and A1-FE, 157 a lead byte; in the
# last area the first lead byte begins at its trail byte A1 (63 later). Source: the code page as Microsoft documents it.
_AREAS_950 = ((0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8), (0xC6, 0xC8, 0xF6B1 - 63))
_TRAILS_950 = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
_ASSIGNED = frozenset((0xC6, trail) for trail in range(0x40, 0x7F))  # Big5's own, before its last area
# Windows-936: lead bytes A1-A7 with trail bytes 40-A0 without 7F, 96 a lead byte, from U+E4C6.
_FIRST_936, _LEAD_936, _LAST_936 = 0xE4C6, 0xA1, 0xA7
_TRAILS_936 = (*range(0x40, 0x7F), *range(0x80, 0xA1))


@cache
def hong_kong() -> dict[str, tuple[str, str]]:
    r"""Return what HKSCS put in private use, as Windows-950 shows it: character to (meaning, edition).

    HKSCS-2001 gave a code to what Unicode had by then (`unicodedata.ucd_3_2_0`), HKSCS-2004 to the rest of the
    4,900 characters of Python's ``big5hkscs``.

    """
    found: dict[str, tuple[str, str]] = {}
    for first, last, base in _AREAS_950:
        for lead in range(first, last + 1):
            for index, trail in enumerate(_TRAILS_950):
                meant = _read(bytes([lead, trail])) if (lead, trail) not in _ASSIGNED else ""
                if meant:
                    found[chr(base + (lead - first) * len(_TRAILS_950) + index)] = (meant, _edition(meant))
    return found


def _read(code: bytes) -> str:
    """Return the character that HKSCS has for a code; empty where there is none, or it is for private use too."""
    try:
        meant = code.decode("big5hkscs")
    except UnicodeDecodeError:
        return ""
    return "" if any("\ue000" <= character <= "\uf8ff" for character in meant) else meant


def _edition(text: str) -> str:
    known = all(unicodedata.ucd_3_2_0.category(character) != "Cn" for character in text)
    return _SINCE_2001 if known else _SINCE_2004


def halves_936(character: str) -> tuple[int, int] | None:
    r"""Return the two bytes for which Windows-936 has this character of private use; None outside its area A1-A7.

    >>> [hex(byte) for byte in halves_936("\ue71f") or ()]
    ['0xa7', '0x59']
    """
    lead, index = divmod(ord(character) - _FIRST_936, len(_TRAILS_936))
    lead += _LEAD_936
    return (lead, _TRAILS_936[index]) if _LEAD_936 <= lead <= _LAST_936 else None
