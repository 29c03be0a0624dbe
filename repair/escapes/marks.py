"""Signs at the very start of a text that say how the bytes behind them were read: byte-order marks, swapped bytes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from repair.channel import Candidate, Cuts, Proposal, UndamageableError, align
from repair.escapes.running import speaks_of_encodings
from repair.language import load
from repair.misreading import Misreading, encoding_name

_MARK = "\ufeff".encode()
_WRONG = ("sloppy-windows-1252", "latin-1", "gbk", "mac-roman", "cp437", "sloppy-windows-1251", "koi8-r")
_BEGINS = re.compile("[!-~\u3001-\u9fff]")
"""How text behind a mark begins: letters with accents would have been read like the mark."""
_PRIOR = -4.0
_FEWEST_PAIRS, _SURE = 4, 40.0
_FIRST_PAIR, _LAST_PAIR = 0x2020, 0x7E7E
_LETTERS = 0.75
_DEAREST_LETTER = 7.5
_VARIED = 4
"""Distinct characters that stand first, and second, in the pairs of a text."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A UTF-8 byte-order mark read in another encoding before text that was read well: ``ï»¿``, or ``锘`` in GBK.

    In GBK the third byte of the mark takes the first ASCII character with it: ``锘縤d`` was ``id``.

    >>> Mark("gbk").damage("id"), Mark("latin-1").damage("数据")
    ('锘縤d', 'ï»¿数据')
    """

    kind: ClassVar[str] = "mark"
    wrong: str

    def damage(self, text: str) -> str:
        """Read the mark wrongly, with the first character where an encoding of two bytes needs it.

        Where the two are no character of it, the mark's last byte becomes U+FFFD. Raise `UndamageableError` where the
        first character is not ASCII: then the rest was read wrongly too.
        """
        if alone := _alone(self.wrong):
            return alone + text
        if not text[:1].isascii():
            raise UndamageableError("the rest was read wrongly too")
        return (_MARK + text[:1].encode()).decode(self.wrong, "replace") + text[1:]

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Take the mark away."""
        if alone := _alone(self.wrong):
            if seen.startswith(alone):
                yield Candidate(seen[len(alone) :], ())
            return
        cut = _MARK.decode(self.wrong, "replace")
        if seen.startswith(cut) and len(seen) > len(cut) and self._replays(seen[len(cut) :], seen):
            yield Candidate(seen[len(cut) :], ())
            return
        for length in (4, 3, 2):
            try:
                data = seen[:length].encode(self.wrong)
            except UnicodeError:
                continue
            if data.startswith(_MARK) and len(data) == len(_MARK) + 1 and data[-1:].isascii():
                yield Candidate(data[-1:].decode() + seen[length:], ())
                return

    def _replays(self, text: str, seen: str) -> bool:
        return text[:1].isascii() and self.damage(text) == seen

    def align(self, text: str, seen: str) -> Cuts:
        """Cut behind the mark, or the first character that was read with it."""
        if alone := _alone(self.wrong):
            return tuple(dict.fromkeys(((0, 0), (0, len(alone)), (len(text), len(seen)))))
        return tuple(dict.fromkeys(((0, 0), (min(1, len(text)), len(seen) - len(text) + 1), (len(text), len(seen)))))

    def describe(self) -> str:
        """Name the encoding."""
        return f"a byte-order mark of UTF-8 read as {encoding_name(self.wrong)}"


@cache
def _alone(wrong: str) -> str:
    """Return what the mark is in an encoding that reads it by itself, such as one of a byte a character; else empty."""
    try:
        return _MARK.decode(wrong)
    except UnicodeError:
        return ""


def propose(seen: str) -> Iterator[Proposal]:
    """Yield a text without the mark before it, or ASCII that was read as UTF-16.

    >>> [proposal.candidate.text for proposal in propose("ï»¿id,name")]
    ['id,name']
    """
    yield from _marked(seen)
    yield from _pairs(seen)


def _marked(seen: str) -> Iterator[Proposal]:
    first = seen.partition("\n")[0]
    for wrong in _WRONG:
        for candidate in Mark(wrong).undo(seen):
            if len(candidate.text) > 1 and not speaks_of_encodings(first) and _BEGINS.match(candidate.text):
                chain = (Mark(wrong),)
                yield Proposal(chain, Candidate(candidate.text, align(chain, candidate.text)), _PRIOR, settled=True)
                return


def _pairs(seen: str) -> Iterator[Proposal]:
    """Each character two of ASCII, whichever byte came first: hanzi that make no sense, and English that does."""
    if len(seen) < _FEWEST_PAIRS or not all(_FIRST_PAIR <= ord(character) <= _LAST_PAIR for character in seen):
        return
    readings = [
        (channel, candidate.text)
        for channel in (Misreading("ascii", "utf-16-le"), Misreading("ascii", "utf-16-be"))
        for candidate in channel.undo(seen)
    ]
    bits = load().log_probabilities([seen, *(text for _, text in readings)]).tolist()
    best = max(zip(bits[1:], readings, strict=True), key=lambda pair: pair[0], default=None)
    if best is None:
        return
    gained, (channel, text) = best
    if min(len(set(text[::2])), len(set(text[1::2]))) < _VARIED:  # hanzi in the order of a code share their first byte
        return
    letters = sum(character.islower() or character == " " for character in text)
    if letters >= _LETTERS * len(text) and gained - bits[0] >= _SURE and -gained <= _DEAREST_LETTER * len(text):
        cuts = tuple((2 * at, at) for at in range(len(seen) + 1))
        yield Proposal((channel,), Candidate(text, cuts), _PRIOR, settled=True)
