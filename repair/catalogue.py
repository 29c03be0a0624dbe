"""The catalogue: every channel that the search tries, with the prior of its damage."""

from functools import cache
from typing import Literal

from repair import compat
from repair.channel import Channel, Pieces
from repair.escapes import Ampersand, Backslash, Percent, Reference
from repair.filled import Filled
from repair.lossy import Lossy
from repair.mappings import Substitution
from repair.mirror import Mirror
from repair.misreading import Misreading
from repair.tables import rows
from repair.written import Written

Local = Misreading | Lossy | Reference | Ampersand | Backslash | Percent
"""A channel that can be undone in a part of a text: it names the spans where it may have been at work."""

_CASES: tuple[Literal["x"], Literal["X"]] = ("x", "X")
_ESCAPE_PRIOR = -6.0
"""log2: an escape announces itself; what it holds decides."""


def channel_classes() -> tuple[type[Channel], ...]:
    """Return the class of every channel that a stored chain may hold."""
    own = (Ampersand, Backslash, Filled, Lossy, Mirror, Misreading, Percent, Pieces, Reference, Substitution, Written)
    return (*own, *compat.channel_classes)


@cache
def catalogue() -> tuple[tuple[Local, float], ...]:
    """Return the channels that need nothing but what was seen, each with its log2 prior."""
    return (*_misreadings(), *((escape, _ESCAPE_PRIOR) for escape in _escapes()))


def _misreadings() -> tuple[tuple[Misreading | Lossy, float], ...]:
    """Load ``data/misreadings.tsv``."""
    return tuple(
        (Misreading(original, wrong) if habit == "strict" else Lossy(original, wrong, habit), float(prior))
        for original, wrong, habit, prior in rows("misreadings.tsv")
    )


def _escapes() -> tuple[Local, ...]:
    return (
        Reference("decimal"),
        Reference("hex"),
        Reference("HEX"),
        Ampersand(),
        *(Backslash(prefix, case) for prefix in ("\\u", "%u") for case in _CASES),
        *(Percent(encoding, case) for encoding in ("utf-8", "gb18030", "big5") for case in _CASES),
    )
