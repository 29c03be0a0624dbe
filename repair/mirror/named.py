"""A program that is kept elsewhere, once for all repairs that it explains."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from repair.channel import Candidate, UndamageableError


@dataclass(frozen=True, slots=True)
class NamedProgram:
    """The name of a program in a stored chain; `repair.programs` puts the program in its place again."""

    kind: ClassVar[str] = "site"
    program: str
    """The key of the program: `repair.programs.key_of`."""

    def damage(self, text: str) -> str:  # noqa: ARG002 - the protocol's signature
        """Raise `UndamageableError`: a name does not run."""
        raise UndamageableError(f"the program {self.program} of a mirror site is not at hand")

    def undo(self, seen: str) -> Iterator[Candidate]:  # noqa: ARG002 - as above
        """Yield nothing."""
        return iter(())

    def describe(self) -> str:
        """Say what kind of damage it is; what it did in particular, the program tells."""
        return "mirror site"
