"""The table of misreadings: what is read as what, by which decoders, and how often."""

from functools import cache
from typing import NamedTuple

from repair.tables import rows

STRICT = "strict"
"""The habit of decoders that read every byte, or nothing."""


class Row(NamedTuple):
    """Text in ``original`` read as ``wrong`` with a ``habit`` at bad bytes; ``prior`` is log2."""

    original: str
    wrong: str
    habit: str
    prior: float


@cache
def misreadings() -> tuple[Row, ...]:
    """Load ``data/misreadings.tsv``."""
    return tuple(Row(original, wrong, habit, float(prior)) for original, wrong, habit, prior in rows("misreadings.tsv"))
