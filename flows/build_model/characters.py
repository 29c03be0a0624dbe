"""Which characters the model counts by themselves."""

import re
import unicodedata
from collections.abc import Iterable

import numpy as np

from flows.build_model.counts import Weighted
from repair.language.vocabulary import CODE_POINTS

_MOST = 13_500
_LEAST_COUNT = 2
_WIDE = ("０", "ｚ")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def characters(sources: Iterable[Weighted]) -> str:
    """Return all of GB2312 and Big5's first level, and the most frequent other characters, in code point order."""
    counts = np.zeros(CODE_POINTS)
    for source in sources:
        codes = np.frombuffer("".join(source.texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        weights = np.repeat(source.weights, [len(text) for text in source.texts])
        counts += np.bincount(codes, weights, CODE_POINTS)
    chosen = {*_square("gb2312", 0xA1, 0xF7, 0xA1), *_square("big5", 0xA4, 0xC6, 0x40), *map(chr, range(0x20, 0x7F))}
    for code in np.argsort(-counts, kind="stable"):
        if len(chosen) >= _MOST or counts[code] < _LEAST_COUNT:
            break
        if _stands_alone(chr(code)):
            chosen.add(chr(code))
    return "".join(sorted(filter(_stands_alone, chosen)))


def _stands_alone(character: str) -> bool:
    """Leave folded letters and digits, controls, private use and loss marks to their classes."""
    folded = character.isascii() and character.isalnum()
    wide = _WIDE[0] <= character <= _WIDE[1] and unicodedata.normalize("NFKC", character).isalnum()
    return (
        character.isprintable() and not folded and not wide and character != "\ufffd" and not _PRIVATE.match(character)
    )


def _square(codec: str, first: int, last: int, trail: int) -> set[str]:
    """Return the characters of a two-byte code from one lead byte to another."""
    codes = (bytes([lead, low]) for lead in range(first, last + 1) for low in range(trail, 0xFF))
    return {character for code in codes if len(character := code.decode(codec, "ignore")) == 1}
