"""Misreadings whose characters were altered afterwards: some taken out, some shown as others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from repair.alterations import rules
from repair.channel import Candidate, Cuts, UndamageableError
from repair.decoders import decode
from repair.layers.layer import Layer
from repair.misreading import encoding_name
from repair.misreadings import STRICT, misreadings


@dataclass(frozen=True, slots=True)
class Altered:
    r"""Text encoded in ``original``, decoded as ``wrong``, then altered by a rule of ``data/alterations.tsv``.

    ``habit`` is that of `repair.lossy.Lossy`, or "strict".

    >>> Altered("utf-8", "latin-1", "strict", "blanks-typed").damage("删")
    'å\x88 '
    """

    kind: ClassVar[str] = "altered"
    keeps_lines: ClassVar[bool] = True
    original: str
    wrong: str
    habit: str
    rule: str

    def damage(self, text: str) -> str:
        """Misread and alter; raise `UndamageableError` where the text cannot be written or read so."""
        try:
            data = text.encode(self.original)
            seen = data.decode(self.wrong) if self.habit == STRICT else decode(data, self.wrong, self.habit)
        except UnicodeError as error:
            raise UndamageableError(f"{text[:20]!r} is not {self.original} that {self.wrong} reads") from error
        rule = rules()[self.rule]
        return seen.strip("".join(rule.table)) if rule.ends else seen.translate(rule.signs)

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the likeliest text, each place with everything that could have stood there."""
        from repair.layers.altering import unaltered  # noqa: PLC0415 - the search, which importing does not wait for

        candidate = unaltered(seen, self._layer(), self.rule, self)
        if candidate and candidate.text != seen:
            yield candidate

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the lines that may have been damaged so."""
        from repair.layers.altering import lines_altered  # noqa: PLC0415 - the search, which importing does not wait for

        yield from lines_altered(seen, self._layer(), self.rule)

    def _layer(self) -> Layer:
        return Layer(self.original, self.wrong, None if self.habit == STRICT else self.habit)

    def align(self, text: str, seen: str) -> Cuts:
        """Line up where the search does, else at the ends."""
        for candidate in self.undo(seen):
            if candidate.text == text:
                return candidate.cuts
        return ((0, 0), (len(text), len(seen))) if text else ((0, 0),)

    def describe(self) -> str:
        """Name both encodings and what was altered."""
        names = f"{encoding_name(self.original)} read as {encoding_name(self.wrong)}"
        return f"{names}, {rules()[self.rule].words}"


def alterations() -> Iterator[tuple[Altered, float]]:
    """Yield each misreading of UTF-8 with each rule that goes with it, and their log2 prior.

    Where marks of loss were dropped, those misreadings that left marks, else strict ones.
    """
    for name, rule in rules().items():
        habit = "replace" if "\ufffd" in rule.table else STRICT
        for original, wrong, own, prior in misreadings():
            if original == "utf-8" and wrong in rule.wrongs and own == habit:
                yield Altered(original, wrong, habit, name), prior + rule.prior
