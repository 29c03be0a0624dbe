"""What a character from a wrong block means, and which standard says so."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from repair.compat.private import hong_kong
from repair.tables import rows

KANGXI = "Kangxi radicals: Unicode, NFKC"
DRAWN = "Kangxi radicals: the form that simplified print draws"
RADICALS = "CJK radicals supplement: Unicode, Equivalent_Unified_Ideograph"
COMPATIBILITY = "compatibility ideographs: Unicode, canonical decomposition"
HONG_KONG = "HKSCS"
_PRIVATE = 0.0
"""Private use says nothing by itself; the hanzi that it means are as rare to the model as private use as a whole."""
_FIRST_KANGXI = "\u2f00"
_COMPATIBILITY = ((0xF900, 0xFADA), (0x2F800, 0x2FA1E))


@dataclass(frozen=True, slots=True)
class Meaning:
    """The text that a character means by a standard.

    ``least`` are the bits that it must gain on what was found; ``sure`` where nothing else can be meant, whatever
    surrounds it.
    """

    text: str
    standard: str
    least: float = 8.0
    sure: bool = False


@cache
def meanings() -> dict[str, tuple[Meaning, ...]]:
    """Return for each character that belongs elsewhere what it may mean."""
    found: dict[str, list[Meaning]] = {}
    for code, meant in rows("radicals.tsv"):
        radical, ideograph = _character(code), _character(meant)
        found.setdefault(radical, []).append(Meaning(ideograph, _standard_of(radical, ideograph)))
    for code, meant, standard in rows("private_use.tsv"):
        found.setdefault(_character(code), []).append(Meaning(_character(meant), f"private use: {standard}", _PRIVATE))
    for character, (meant, standard) in hong_kong().items():
        found.setdefault(character, []).append(Meaning(meant, f"private use: {standard}", _PRIVATE))
    for first, end in _COMPATIBILITY:
        for character in map(chr, range(first, end)):
            if unicodedata.decomposition(character):
                meant = unicodedata.normalize("NFC", character)
                found.setdefault(character, []).append(Meaning(meant, COMPATIBILITY))
    return {character: tuple(possible) for character, possible in found.items()}


def _standard_of(radical: str, ideograph: str) -> str:
    if radical < _FIRST_KANGXI:
        return RADICALS
    return KANGXI if unicodedata.normalize("NFKC", radical) == ideograph else DRAWN


def _character(code: str) -> str:
    return chr(int(code, 16))
