"""Misreadings that lost bytes: a decoder met bytes that were none of its encoding, and put a mark for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from repair.channel import Candidate, Cuts, UndamageableError
from repair.decoders import decode, habits, several_codes
from repair.misreading import encoding_name

MOST_MARKS = 1.0
"""Marks for each other character beyond ASCII, beyond which what is left does not tell what was there.

Measured on 900 held-out texts a channel: GBK read as UTF-8, of which hardly a byte is left, has 4 at the median and 1.0
or more in 99 %. All others have fewer in 99 % but for Big5 read as GBK (in 90 %) and UTF-8 read as Big5 or EUC-JP (2 at
the median), of which as little is left.
"""


@dataclass(frozen=True, slots=True)
class Lossy:
    """Text encoded in ``original`` and decoded as ``wrong`` with a ``habit`` (`repair.decoders`) at bad bytes.

    >>> Lossy("utf-8", "gbk", "replace").damage("持续统计")
    '鎸佺画缁熻��'
    """

    kind: ClassVar[str] = "lossy"
    keeps_lines: ClassVar[bool] = True
    original: str
    wrong: str
    habit: str

    @property
    def mark(self) -> str:
        """Return what stands where bytes were lost."""
        return habits()[self.habit].mark

    def damage(self, text: str) -> str:
        """Read the bytes of ``text`` as the wrong encoding; raise `UndamageableError` where it cannot be written."""
        try:
            return decode(text.encode(self.original), self.wrong, self.habit)
        except UnicodeEncodeError as error:
            raise UndamageableError(f"{text[:20]!r} cannot be written in {self.original}") from error

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the likeliest text, each lost place with everything that could stand there."""
        yield from filter(None, self.undo_lines([seen]))

    def undo_lines(self, lines: Sequence[str]) -> list[Candidate | None]:
        """Return what `undo` yields for each of some lines, None where it yields nothing."""
        from repair.lattice import solve_all  # noqa: PLC0415 - compiled code, which import repair does not wait for

        asked = [number for number, line in enumerate(lines) if self._leaves_enough(line)]
        solved = solve_all([lines[number] for number in asked], self.original, self.wrong, self.habit)
        found = {number: candidate for number, candidate in zip(asked, solved, strict=True) if candidate}
        good = self.replaying([candidate.text for candidate in found.values()], [lines[number] for number in found])
        kept = dict(zip(found, good, strict=True))
        return [found[number] if kept.get(number) else None for number in range(len(lines))]

    def replaying(self, texts: Sequence[str], seen: Sequence[str]) -> list[bool]:
        """Say which of some texts this damage changes at all, and into what was seen."""
        together = "\n".join(texts)
        if texts and together.count("\n") == len(texts) - 1 and self.replays(together, "\n".join(seen)):
            return [text != own for text, own in zip(texts, seen, strict=True)]  # a line break stays one
        return [text != own and self.replays(text, own) for text, own in zip(texts, seen, strict=True)]

    def replays(self, text: str, seen: str) -> bool:
        """Say whether this damage turns ``text`` into ``seen``."""
        try:
            return self.damage(text) == seen
        except UndamageableError:
            return False

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the stretches of ``seen``, a part of a line, that may have been damaged by themselves."""
        from repair.lattice import damaged_stretches  # noqa: PLC0415 - compiled code, which importing does not wait for

        yield from damaged_stretches(seen, self.original, self.wrong, self.habit)

    def leaves_a_sign(self, seen: str) -> bool:
        """Say whether there is a mark, or a character that the wrong encoding reads from several codes."""
        return self.mark in seen or not several_codes(self.wrong).keys().isdisjoint(seen)

    def _leaves_enough(self, seen: str) -> bool:
        marks = seen.count(self.mark)
        beyond = len(seen) - len(seen.encode("ascii", "ignore"))
        return marks <= MOST_MARKS * (beyond if self.mark.isascii() else beyond - marks)

    def align(self, text: str, seen: str) -> Cuts:
        """Line up at the characters that begin at the same byte on both sides, where this is what the search finds."""
        for candidate in self.undo(seen):
            if candidate.text == text:
                return candidate.cuts
        return ((0, 0), (len(text), len(seen))) if text else ((0, 0),)

    def describe(self) -> str:
        """Name both encodings and the habit."""
        return f"{encoding_name(self.original)} read as {encoding_name(self.wrong)}, bytes lost ({self.habit})"
