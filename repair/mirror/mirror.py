"""A site's program as a channel: run on a page, undone on what was seen, told in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from repair.channel import Candidate, Chain, join_pieces
from repair.mirror.program import Program

if TYPE_CHECKING:
    from repair.mirror.reading import Page

_EXAMPLES = 3
_UNDEFINED = {
    "mark": "",
    "marks": "",
    "drop": "; pairs that are no character vanished",
    "private": "; pairs that are no character show as characters for private use",
}


@dataclass(frozen=True, slots=True)
class Mirror(Program):
    """What a mirror site did to its pages."""

    kind: ClassVar[str] = "mirror"

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the text that the program turns into ``seen``, with every alternative of what it destroyed."""
        undone = undone_by(self, seen)
        if undone and undone.chain == (self,):
            yield undone.candidate

    def describe(self) -> str:
        """Tell step by step what the site did."""
        return f"mirror site: {'; '.join(self._steps()) or 'left the text as it was'}"

    def _steps(self) -> Iterator[str]:
        if self.simplified:
            pairs = (f"{old}→{new}" for old, new in zip(self.simplified, self.traditional, strict=True))
            yield f"made {_counted(self.simplified, pairs)} traditional"
        if self.notes:
            shown = (f"{character}({reading})" for character, reading in self.notes)
            times = "" if self.repeat == 1 else f", {self.repeat} times each"
            yield f"wrote pinyin behind {_counted(self.notes, shown)}{times}, blind to where characters begin"
        if self.cut:
            yield f"took {self.cut} out of the bytes in the same way"
        if self.notes or self.cut:
            mark = f"shows as {_named(self.mark)}" if self.mark else "left no sign"
            eaten = " and took an ASCII character along" if self.eats else ""
            yield f"half a character that this left {mark}{eaten}{_UNDEFINED[self.undefined]}"
        if self.folds:
            yield f"made full-width signs ASCII{f', but not {self.unfolded}' if self.unfolded else ''}"


def _counted(every: Iterable[object], shown: Iterable[str]) -> str:
    """Return how many there are, with some of them as examples."""
    count = len(list(every))
    examples = " ".join(islice(shown, _EXAMPLES)) + (" …" if count > _EXAMPLES else "")
    return f"{count:,} character{'s' if count != 1 else ''} ({examples})"


def _named(mark: str) -> str:
    return "U+FFFD" if mark == "\ufffd" else mark


@dataclass(frozen=True, slots=True)
class Undone:
    """A page before a site's program, with the chain that makes of it what was seen."""

    candidate: Candidate
    chain: Chain


def undone_by(program: Mirror, seen: str, page: "Page | None" = None) -> Undone | None:
    """Return the page before a program; what it does not explain stays as seen, outside its pieces of the chain.

    ``page`` is what was seen as it was read with the program, if it was read already. None where it explains nothing.
    """
    from repair.mirror.undoing import explained  # noqa: PLC0415 - it compiles, and clean text never gets there

    found = explained(program, seen, page)
    if found is None:
        return None
    if len(found.parts) == 1:
        return Undone(found.candidate, (program,))
    _, chain = join_pieces([(part, (program,) if made else ()) for part, made in found.parts])
    return Undone(found.candidate, chain)
