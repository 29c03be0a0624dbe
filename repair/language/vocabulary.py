"""From characters to the units that the model counts: common characters by themselves, all others by class.

A class stands for its members alike: the model's cost of the class, plus log2 of how many members it has.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

CODE_POINTS = 0x110000
BOUNDARY = 0
"""The unit of both ends of a text and of every line break."""

# Classes: name, members as ranges of code points. A later class takes members from an earlier one; characters that the
# vocabulary names by themselves are in no class.
CLASSES: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("unassigned and astral rest", ((0x0, 0x10FFFF),)),
    ("control", ((0x0, 0x1F), (0x7F, 0x7F))),
    ("C1 control", ((0x80, 0x9F),)),
    ("lower case", ((0x61, 0x7A), (0xFF41, 0xFF5A))),
    ("upper case", ((0x41, 0x5A), (0xFF21, 0xFF3A))),
    ("digit", ((0x30, 0x39), (0xFF10, 0xFF19))),
    ("Latin-1 and Latin extended", ((0xA0, 0x24F), (0x1E00, 0x1EFF))),
    ("phonetic and modifiers", ((0x250, 0x36F),)),
    ("Greek", ((0x370, 0x3FF), (0x1F00, 0x1FFF))),
    ("Cyrillic", ((0x400, 0x52F),)),
    ("Armenian to Arabic", ((0x530, 0x8FF),)),
    ("Indic to Georgian", ((0x900, 0x10FF),)),
    ("hangul jamo", ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xD7B0, 0xD7FF))),
    ("Ethiopic to Mongolian and beyond", ((0x1200, 0x1DFF),)),
    ("general punctuation", ((0x2000, 0x20CF),)),
    ("letterlike, arrows, mathematics, technical", ((0x20D0, 0x24FF),)),
    ("box drawing and shapes", ((0x2500, 0x25FF),)),
    ("symbols and dingbats", ((0x2600, 0x2BFF),)),
    ("other scripts", ((0x2C00, 0x2E7F), (0xA000, 0xA95F), (0xA980, 0xABFF))),
    ("radicals", ((0x2E80, 0x2FDF),)),
    ("CJK punctuation", ((0x2FE0, 0x303F),)),
    ("kana", ((0x3040, 0x30FF), (0x31F0, 0x31FF))),
    ("bopomofo", ((0x3100, 0x312F), (0x31A0, 0x31BF))),
    ("enclosed CJK", ((0x3190, 0x319F), (0x31C0, 0x31EF), (0x3200, 0x33FF))),
    ("hanzi of extension A", ((0x3400, 0x4DBF),)),
    ("rare hanzi", ((0x4DC0, 0x9FFF),)),
    ("rare hangul", ((0xAC00, 0xD7AF),)),
    ("surrogate", ((0xD800, 0xDFFF),)),
    ("private use", ((0xE000, 0xF8FF), (0xF0000, 0x10FFFD))),
    ("compatibility ideograph", ((0xF900, 0xFAFF), (0x2F800, 0x2FA1F))),
    ("presentation forms", ((0xFB00, 0xFEFF),)),
    ("half-width kana", ((0xFF61, 0xFF9F),)),
    ("full-width signs", ((0xFF00, 0xFF20), (0xFF3B, 0xFF40), (0xFF5B, 0xFF60), (0xFFA0, 0xFFEF))),
    ("replacement and specials", ((0xFFF0, 0xFFFF),)),
    ("emoji", ((0x1F000, 0x1FAFF),)),
    ("hanzi beyond the BMP", ((0x20000, 0x3FFFF),)),
)
FIRST_CHARACTER = 1 + len(CLASSES)


class Vocabulary:
    """Units: the boundary, the classes, then the characters that stand for themselves.

    ``unit_of`` is uint16[0x110000]; ``member_bits`` float32[units], log2 of the number of members of a unit.
    """

    def __init__(self, characters: str) -> None:
        """Build the tables; ``characters`` must not repeat."""
        self.characters = characters
        self.unit_of = _unit_of(characters)
        counts = np.bincount(self.unit_of, minlength=FIRST_CHARACTER + len(characters))
        self.member_bits = np.log2(np.maximum(counts, 1)).astype(np.float32)
        self.size = len(counts)

    def units(self, text: str) -> npt.NDArray[np.uint16]:
        """Return the unit of each character; lone surrogates are a class of their own."""
        return self.unit_of[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)]


def _unit_of(characters: str) -> npt.NDArray[np.uint16]:
    table = _class_of().copy()
    codes = np.frombuffer(characters.encode("utf-32-le"), np.uint32)
    table[codes] = np.arange(FIRST_CHARACTER, FIRST_CHARACTER + len(codes), dtype=np.uint16)
    table[ord("\n")] = BOUNDARY
    return table


@cache
def _class_of() -> npt.NDArray[np.uint16]:
    table = np.zeros(CODE_POINTS, np.uint16)
    for unit, (_, ranges) in enumerate(CLASSES, 1):
        for first, last in ranges:
            table[first : last + 1] = unit
    return table
