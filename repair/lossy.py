"""Misreadings that lost bytes: a decoder met bytes that were none of its encoding, and put a mark for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from repair.channel import Candidate, Cuts, UndamageableError
from repair.decoders import decode, habits
from repair.misreading import encoding_name

_MOST_MARKS = 0.5
"""Share of what was seen that may be marks: beyond it, what is left does not tell what was there."""


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
        from repair.lattice import solve  # noqa: PLC0415 - compiled code, which import repair does not wait for

        if seen.count(self.mark) > _MOST_MARKS * len(seen):
            return
        candidate = solve(seen, self.original, self.wrong, self.habit)
        if candidate and candidate.text != seen and self._replays(candidate.text, seen):
            yield candidate

    def _replays(self, text: str, seen: str) -> bool:
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
        from repair.lattice import several_codes  # noqa: PLC0415 - compiled code, which importing does not wait for

        return self.mark in seen or any(chr(point) in seen for point in several_codes(self.wrong))

    def align(self, text: str, seen: str) -> Cuts:
        """Line up at the characters that begin at the same byte on both sides, where this is what the search finds."""
        for candidate in self.undo(seen):
            if candidate.text == text:
                return candidate.cuts
        return ((0, 0), (len(text), len(seen))) if text else ((0, 0),)

    def describe(self) -> str:
        """Name both encodings and the habit."""
        return f"{encoding_name(self.original)} read as {encoding_name(self.wrong)}, bytes lost ({self.habit})"
