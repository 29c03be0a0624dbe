"""The catalogue: every channel that the search tries, with the prior of its damage."""

from functools import cache

from repair import bytewise, compat, escapes, mirror
from repair.altered import Altered, alterations
from repair.channel import Channel, Pieces
from repair.escapes import Escape
from repair.filled import Filled
from repair.incomplete import Incomplete
from repair.lossy import Lossy
from repair.mappings import Substitution
from repair.misreading import Misreading
from repair.misreadings import STRICT, misreadings
from repair.passed import Passed
from repair.written import Written, WrittenPieces

Local = Misreading | Lossy | Altered | Escape
"""A channel that can be undone in a part of a text: it names the spans where it may have been at work."""


def channel_classes() -> tuple[type[Channel], ...]:
    """Return the class of every channel that a stored chain may hold."""
    own = (Altered, Filled, Incomplete, Lossy, Misreading, Passed, Pieces, Substitution, Written, WrittenPieces)
    return (*own, *bytewise.channel_classes, *mirror.channel_classes, *compat.channel_classes, *escapes.channel_classes)


@cache
def catalogue() -> tuple[tuple[Local, float], ...]:
    """Return the channels that need nothing but what was seen, each with its log2 prior."""
    return (*_misreadings(), *alterations(), *escapes.channels())


def _misreadings() -> tuple[tuple[Misreading | Lossy, float], ...]:
    return tuple(
        (Misreading(original, wrong) if habit == STRICT else Lossy(original, wrong, habit), prior)
        for original, wrong, habit, prior in misreadings()
    )
