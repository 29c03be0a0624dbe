"""Mirror sites: pages made traditional, annotated in pinyin and broken byte by byte, and the way back."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from repair.channel import Channel, Proposal
from repair.mirror import strewn
from repair.mirror.program import Mirror
from repair.mirror.strewn import Strewn

if TYPE_CHECKING:
    from repair.mirror.undoing import Undone

__all__ = ["Mirror", "Strewn", "channel_classes", "infer", "propose", "undone_by"]
channel_classes: tuple[type[Channel], ...] = (Mirror, Strewn)
_RULE_BITS = 8.0
"""What it costs to name a character of the notes: 1 of some hundreds that sites annotate, and its reading."""
_PROGRAM_BITS = 20.0
_PIECE_BITS = 8.0
"""What it costs to name a place where something was strewn in: 1 of some hundred characters is one."""
_NOTE_START = re.compile(r"\(?[a-zêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")


def propose(seen: str) -> Iterator[Proposal]:
    """Propose the page before a mirror site's program, where the page shows one.

    The prior falls with the length of the program: a rule that is used once explains nothing.
    """
    if not _NOTE_START.search(seen):
        return
    program = infer(seen)
    undone = undone_by(program, seen) if program else None
    if program and undone:
        rules = len(program.notes) + len(program.simplified) / 4
        yield Proposal(undone.chain, undone.candidate, -_PROGRAM_BITS - _RULE_BITS * rules)
    elif swept := strewn.undone(seen):
        yield Proposal(swept.chain, swept.candidate, -_PROGRAM_BITS - _PIECE_BITS * swept.pieces)


def infer(pages: str | Sequence[str]) -> Mirror | None:
    """Return the program that a page, or the pages of a site, show; None where their notes do not come from one."""
    from repair.mirror import inference  # noqa: PLC0415 - it compiles, and clean text never gets there

    return inference.infer(pages)


def undone_by(program: Mirror, seen: str) -> "Undone | None":
    """Return a page before a site's program, with its chain; None where the program explains nothing of it."""
    from repair.mirror import undoing  # noqa: PLC0415 - as above

    return undoing.undone_by(program, seen)
