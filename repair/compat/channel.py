"""Characters in a wrong form: what was found in each place, and by which standard it was read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from repair.channel import Candidate, Cuts
from repair.filled import Filled


@dataclass(frozen=True, slots=True)
class WrongBlock:
    """Characters written as look-alikes, in private use, as surrogates, or with invisible ones among them.

    ``places`` are (start, end, found, standard): the slice of the text, what was found for it, and the table or
    standard by which it was read; offsets in the text, rising and apart. ``damage`` puts what was found back.
    """

    kind: ClassVar[str] = "wrong-block"
    places: tuple[tuple[int, int, str, str], ...]

    def damage(self, text: str) -> str:
        """Put what was found back."""
        return self._filled().damage(text)

    def undo(self, seen: str) -> Iterator[Candidate]:  # noqa: ARG002 - the protocol's signature
        """Yield nothing: `repair.compat.propose` alone knows which places are meant."""
        return iter(())

    def align(self, text: str, seen: str) -> Cuts:
        """Cut before and after each place."""
        return self._filled().align(text, seen)

    def reason(self, start: int, end: int) -> str | None:
        """Return the standard by which a slice of the text was read; None where it holds no place."""
        names = [standard for a, b, _, standard in self.places if start <= a and b <= end]
        return "; ".join(dict.fromkeys(names)) or None

    def describe(self) -> str:
        """Name each standard once."""
        names = dict.fromkeys(standard for _, _, _, standard in self.places)
        return "characters from a wrong block: " + "; ".join(names)

    def _filled(self) -> Filled:
        return Filled(tuple((start, end, found) for start, end, found, _ in self.places))
