"""What the user wants beyond proof: thresholds, priors of their own, and choices that no evidence can make."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repair.mappings import Mapping

if TYPE_CHECKING:
    from repair.mirror import Mirror


@dataclass(frozen=True, slots=True)
class Policy:
    """The user's choices. The defaults change nothing that evidence does not show to be damaged.

    Evidence is in bits: at 40 the repaired text is 2^40 times likelier than the text as found. One clean string in a
    million reaches 25-38 bits against some misreading (``benchmarks/``), so 40 leaves room.
    """

    min_evidence: float = 40.0
    min_margin: float = 10.0
    """Bits by which a repair must beat every rival with another text."""
    min_characters: int = 4
    """Shorter damaged pieces are left alone unless more text agrees."""
    min_probability: float = 0.9
    """Below it, a lost place stays as found, with its alternatives listed."""
    max_depth: int = 4
    """Layers of damage that the search goes through."""
    mappings: tuple[Mapping, ...] = ()
    programs: tuple["Mirror", ...] = ()
    """Programs of mirror sites that other pages have shown."""
