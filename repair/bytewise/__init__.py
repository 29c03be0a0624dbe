"""Damage to the bytes of a text that was read rightly afterwards: each place is searched and weighed by itself."""

from collections.abc import Iterator

from repair.bytewise.cased import misread, turned
from repair.bytewise.channels import Cased, Chunked, Missing, Slashed
from repair.bytewise.chunked import chunked
from repair.bytewise.mended import joined
from repair.bytewise.missing import realigned, stripped
from repair.bytewise.slashed import slashed
from repair.channel import Proposal

__all__ = ["Cased", "Chunked", "Missing", "Slashed", "channel_classes", "propose"]

channel_classes = (Cased, Chunked, Missing, Slashed)
_SEARCHES = (slashed, chunked, misread, realigned, stripped, turned)
_PRIOR = -14.0


def propose(seen: str) -> Iterator[Proposal]:
    r"""Yield a proposal for each kind of damage that explains places of ``seen`` better; its places are settled.

    >>> [proposal.candidate.text for proposal in propose("他這次的成功\\來得很不容易")]
    ['他這次的成功來得很不容易']
    """
    for search in _SEARCHES:
        yield from joined(seen, search(seen), _PRIOR)
