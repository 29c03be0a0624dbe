"""The channel: text written in one encoding, read in another by a decoder that put marks for what it did not know."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from repair.channel import Candidate, Cuts, Loss, UndamageableError
from repair.decoders import decode, habits
from repair.language import load
from repair.lossy.lattice import Choice, Reading, best_path
from repair.lossy.parsing import parse
from repair.lossy.stream import Stream, several_codes, stream_of
from repair.misreading import encoding_name, stretches

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

    def damage(self, text: str) -> str:
        """Read the bytes of ``text`` as the wrong encoding; raise `UndamageableError` where it cannot be written."""
        try:
            return decode(text.encode(self.original), self.wrong, self.habit)
        except UnicodeEncodeError as error:
            raise UndamageableError(f"{text[:20]!r} cannot be written in {self.original}") from error

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the likeliest text, each lost place with everything that could stand there."""
        habit = habits()[self.habit]
        stream = stream_of(seen, self.wrong, habit)
        if stream is None or seen.count(habit.mark) > _MOST_MARKS * len(seen):
            return
        if stream.holes:
            found = best_path(stream, Reading(self.original, self.wrong, habit), load())
            candidate = _candidate(*found, stream, seen) if found else None
        else:
            parsed = parse(stream.runs[0], self.original)
            candidate = Candidate(parsed.text, ()) if parsed and not parsed.pending else None
        if candidate and candidate.text != seen and self._replays(candidate.text, seen):
            yield candidate

    def _replays(self, text: str, seen: str) -> bool:
        try:
            return self.damage(text) == seen
        except UndamageableError:
            return False

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the stretches that hold a mark and may have been damaged by themselves."""
        mark = habits()[self.habit].mark
        for start, end in stretches(self.original, self.wrong, mark, seen):
            if mark in seen[start:end]:
                yield start, end

    def leaves_a_sign(self, seen: str) -> bool:
        """Say whether there is a mark, or a character that the wrong encoding reads from several codes."""
        doubles = several_codes(self.wrong)
        return habits()[self.habit].mark in seen or (bool(doubles) and not doubles.keys().isdisjoint(seen))

    def align(self, text: str, seen: str) -> Cuts:
        """Line up at the lost places."""
        for candidate in self.undo(seen):
            if candidate.text == text:
                return candidate.cuts
        return ((0, 0), (len(text), len(seen)))

    def describe(self) -> str:
        """Name both encodings and the habit."""
        return f"{encoding_name(self.original)} read as {encoding_name(self.wrong)}, bytes lost ({self.habit})"


def _candidate(first: str, choices: list[Choice], stream: Stream, seen: str) -> Candidate:
    """Put the text together; neighbouring holes that share a character are one loss."""
    parts, at = [first], len(first)
    losses: list[Loss] = []
    cuts: list[tuple[int, int]] = [(0, 0)]
    opened: int | None = None
    for choice, mark, codes in zip(choices, stream.holes, stream.codes, strict=True):
        opened = mark if opened is None else opened
        known = choice.head == seen[mark] or (codes is not None and len(choice.alternatives) == 1)
        if choice.head and not known:
            losses.append(Loss(at, at + len(choice.head), choice.alternatives))
            cuts += [(at, opened), (at + len(choice.head), mark + 1)]
        if choice.head or choice.rest:
            opened = None
        parts += choice.head, choice.rest
        at += len(choice.head) + len(choice.rest)
    cuts.append((at, len(seen)))
    return Candidate("".join(parts), tuple(dict.fromkeys(cuts)), tuple(losses))
