"""Places left as found: the text keeps what was seen there, because no original is likely enough."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from repair.channel import Candidate, Cuts


@dataclass(frozen=True, slots=True)
class Filled:
    """Slices of the text that stand for an original nobody knows; ``damage`` puts the best guess there.

    So the chain still replays: the guess, damaged by the rest of the chain, gives what was seen. ``places`` are
    (start, end, guess) with offsets in the text, rising and apart.
    """

    kind: ClassVar[str] = "filled"
    places: tuple[tuple[int, int, str], ...]

    def damage(self, text: str) -> str:
        """Put the guesses in."""
        parts: list[str] = []
        at = 0
        for start, end, guess in self.places:
            parts += text[at:start], guess
            at = end
        return "".join((*parts, text[at:]))

    def undo(self, seen: str) -> Iterator[Candidate]:  # noqa: ARG002 - the protocol's signature
        """Yield nothing: only a search knows which places are uncertain."""
        return iter(())

    def align(self, text: str, seen: str) -> Cuts:
        """Cut before and after each place."""
        cuts = [(0, 0)]
        shift = 0
        for start, end, guess in self.places:
            cuts += [(at, at + shift) for at in range(cuts[-1][0] + 1, start + 1)]
            shift += len(guess) - (end - start)
            cuts.append((end, end + shift))
        cuts += [(at, at + shift) for at in range(cuts[-1][0] + 1, len(text) + 1)]
        assert cuts[-1][1] == len(seen)
        return tuple(cuts)

    def describe(self) -> str:
        """Count the places."""
        return f"{len(self.places)} places unknown"
