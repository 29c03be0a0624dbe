"""Misreadings whose characters were altered afterwards: some taken out, some shown as others."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from repair.channel import Candidate, Cuts, UndamageableError
from repair.decoders import decode
from repair.misreading import encoding_name
from repair.tables import rows


@dataclass(frozen=True, slots=True)
class Rule:
    """An alteration of ``data/alterations.tsv``: what stands for each character, "" where it was taken out.

    ``ends``: only at the ends of a text; ``wrongs``: the wrong encodings whose characters it is about; ``prior``: log2.
    """

    table: dict[str, str]
    ends: bool
    wrongs: tuple[str, ...]
    prior: float
    words: str

    @property
    def signs(self) -> dict[int, str]:
        """Return the table as `str.translate` takes it."""
        return {ord(character): instead for character, instead in self.table.items()}


@cache
def rules() -> dict[str, Rule]:
    """Load ``data/alterations.tsv``."""
    found: dict[str, Rule] = {}
    for name, points, instead, where, wrongs, prior, words in rows("alterations.tsv"):
        rule = found.setdefault(name, Rule({}, where == "ends", tuple(wrongs.split(",")), float(prior), words))
        text = "".join(chr(int(point, 16)) for point in instead.split()) if instead != "-" else ""
        rule.table.update(dict.fromkeys(_characters(points), text))
    return found


def _characters(ranges: str) -> Iterator[str]:
    for part in ranges.split(","):
        low, _, high = part.partition("-")
        yield from map(chr, range(int(low, 16), int(high or low, 16) + 1))


STRICT = "strict"


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
        return (
            seen.strip("".join(rule.table))
            if rule.ends
            else seen.translate({ord(one): instead for one, instead in rule.table.items()})
        )

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the likeliest text, each place with everything that could have stood there."""
        from repair.layers.altering import unaltered  # noqa: PLC0415 - imports what imports the catalogue

        candidate = unaltered(seen, self)
        if candidate and candidate.text != seen:
            yield candidate

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the lines that may have been damaged so."""
        from repair.layers.altering import lines_altered  # noqa: PLC0415 - imports what imports the catalogue

        yield from lines_altered(seen, self)

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
        for original, wrong, own, prior in rows("misreadings.tsv"):
            if original == "utf-8" and wrong in rule.wrongs and own == habit:
                yield Altered(original, wrong, habit, name), float(prior) + rule.prior
