"""What programs do to the characters of a misread text: take some out, show some as others."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

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
