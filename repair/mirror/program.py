"""What a mirror site does to a page, as a program that runs: script, notes, decoding, folding."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import compress

import numpy as np
import numpy.typing as npt

from repair.channel import UndamageableError
from repair.mirror.tables import private_character

_APART = b"\x00"
_FULL_WIDTH = "".join(map(chr, range(0xFF01, 0xFF5F)))
_TO_ASCII = 0xFEE0
"""From a full-width sign down to the ASCII one."""
_FIRST_BEYOND_ASCII = 0x80
_GBK_PIECE = 1 << 16
UNDEFINED = ("mark", "marks", "drop", "private")
"""What decoders put for two bytes that GBK does not define: one mark, one for the first byte alone, nothing, private
use."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A program as it runs, prepared once: sites have hundreds of rules and their pages are many."""

    replacements: list[tuple[bytes, bytes]]
    codes: npt.NDArray[np.intp]
    """The pair of bytes that each replacement is for: notes hold none of these, so a page without it is left alone."""
    handler: str


@dataclass(frozen=True, slots=True)
class Program:
    """A site's program, as far as its pages show it.

    ``traditional[i]`` replaces ``simplified[i]``; then, in GBK bytes and blind to where characters begin, after each
    occurrence of a character of ``notes`` (character, reading; in the site's order) its reading is put in brackets,
    ``repeat`` times, and each sign of ``cut`` is set apart, before the notes if ``cuts_first``. The bytes are decoded piece by piece, a lead byte without
    a trail byte becoming ``mark`` and taking an ASCII byte after it along if the decoder ``eats``; ``undefined`` is
    one of `UNDEFINED`. At last full-width signs but those of ``unfolded`` are folded to ASCII if ``folds``. Characters
    that GBK does not hold pass through, and nothing reaches across them.
    """  # noqa: E501

    simplified: str
    traditional: str
    notes: tuple[tuple[str, str], ...]
    cut: str = "？"
    folds: bool = True
    unfolded: str = ""
    repeat: int = 1
    mark: str = "?"
    eats: bool = True
    undefined: str = "mark"
    cuts_first: bool = False
    _prepared: list["_Prepared"] = field(default_factory=list, init=False, repr=False, compare=False)

    def damage(self, text: str) -> str:
        """Run the program on a text in simplified script."""
        return self.annotate(_translated(text, _substitution(self.simplified, self.traditional)))

    def annotate(self, text: str) -> str:
        """Run the program on text that is in the site's script already."""
        if "\0" in text:
            raise UndamageableError("a text that holds U+0000 does not pass through such sites")
        try:
            seen = self._annotate_piece(text)
        except UnicodeEncodeError:
            parts = _beyond_gbk().split(text)
            seen = "".join(part if odd % 2 else self._annotate_piece(part) for odd, part in enumerate(parts))
        return _translated(seen, _folding(self.unfolded)) if self.folds else seen

    def _annotate_piece(self, text: str) -> str:
        data = text.encode("gbk")
        ready = self._ready()
        for code, replacement in compress(ready.replacements, _pairs(data)[ready.codes].tolist()):
            data = data.replace(code, replacement)
        return "".join([piece.decode("gbk", ready.handler) for piece in data.split(_APART)])

    def _ready(self) -> "_Prepared":
        if not self._prepared:
            cuts = [(sign.encode("gbk"), _APART + sign.encode("gbk") + _APART) for sign in self.cut]
            notes = [
                (character.encode("gbk"), (character + f"({reading})" * self.repeat).encode("gbk"))
                for character, reading in self.notes
            ]
            rules = [*cuts, *notes] if self.cuts_first else [*notes, *cuts]
            self._prepared.append(
                _Prepared(
                    rules,
                    np.array([code[0] << 8 | code[1] for code, _ in rules], np.intp),
                    decoding(self.mark, self.eats, self.undefined),
                )
            )
        return self._prepared[0]


@lru_cache(maxsize=16)
def _substitution(old: str, new: str) -> npt.NDArray[np.uint32]:
    """Return the character that is put for each: uint32 by code point, up to the last that is not put for itself."""
    table = np.arange(max(map(ord, ("\uffff", *old))) + 1, dtype=np.uint32)
    for one, other in str.maketrans(old, new).items():
        table[one] = other
    return table


@lru_cache(maxsize=16)
def _folding(unfolded: str) -> npt.NDArray[np.uint32]:
    folded = [wide for wide in _FULL_WIDTH if wide not in unfolded]
    return _substitution("".join(folded), "".join(chr(ord(wide) - _TO_ASCII) for wide in folded))


def _translated(text: str, table: npt.NDArray[np.uint32]) -> str:
    """Do what `str.translate` does, ten times as fast on long texts of which little is replaced."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    within = points < len(table)
    found = table[points] if within.all() else np.where(within, table[np.where(within, points, 0)], points)
    return found.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _pairs(data: bytes) -> npt.NDArray[np.bool]:
    """Say of every pair of bytes whether it occurs, at any distance from the start: bool[0x10000]."""
    found = np.zeros(0x10000, np.bool)
    units = np.frombuffer(data, np.uint8).astype(np.uint16)
    found[units[:-1] << 8 | units[1:]] = True
    return found


@cache
def _beyond_gbk() -> re.Pattern[str]:
    """Return what matches runs of characters that GBK does not hold, as a group so that `split` keeps them."""
    held = {character for code in range(0x8140, 0xFEFF) if (character := _pair(code))}
    runs: list[tuple[int, int]] = []
    for code in sorted(map(ord, held)):
        if runs and runs[-1][1] == code - 1:
            runs[-1] = (runs[-1][0], code)
        else:
            runs.append((code, code))
    return re.compile("([^\\x00-\\x7f" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in runs) + "]+)")


def _pair(code: int) -> str:
    text = code.to_bytes(2, "big").decode("gbk", "ignore")
    return text if len(text) == 1 and not text.isascii() else ""


@cache
def decoding(mark: str, eats: bool, undefined: str) -> str:  # noqa: FBT001 - a site's habit, as `Program` holds it
    r"""Return the name of the error handler that treats bad bytes of GBK in a site's way.

    >>> b"\xc8\xd5\x88(x)".decode("gbk", decoding("?", True, "mark"))
    '日?x)'
    """
    name = f"mojimend-mirror-{ord(mark) if mark else 0:x}-{eats:d}-{undefined}"
    codecs.register_error(name, _handler(mark, eats=eats, undefined=undefined))
    return name


def _handler(mark: str, *, eats: bool, undefined: str) -> Callable[[UnicodeError], tuple[str, int]]:
    def handle(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        pair, start = error.object[error.start : error.start + 2], error.start
        if len(pair) == 1 or pair[0] in (0x80, 0xFF):
            return mark, start + 1
        if pair[1] < _FIRST_BEYOND_ASCII:
            return mark, start + 1 + eats
        if undefined == "private" and (character := private_character(pair)):
            return character, start + 2
        put = "" if undefined == "drop" else mark
        return put, start + (1 if undefined == "marks" else 2)

    return handle
