"""Mirror sites: pages made traditional, annotated in pinyin and broken byte by byte, and the way back."""

import re
from collections.abc import Iterator

from repair.channel import Proposal
from repair.mirror.inference import NOTE, infer
from repair.mirror.program import Mirror

__all__ = ["Mirror", "infer", "propose"]
_RULE_BITS = 14.0
"""What it costs to name a character of the script table or of the notes: 1 of some 7,000, and its reading."""
_PROGRAM_BITS = 20.0
_NOTE_START = re.compile(r"\([a-zêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")


def propose(seen: str) -> Iterator[Proposal]:
    """Propose the page before a mirror site's program, where the page shows one.

    The prior falls with the length of the program: a rule that is used once explains nothing.
    """
    if not _NOTE_START.search(seen) or not NOTE.search(seen):
        return
    program = infer(seen)
    if program is not None:
        rules = len(program.notes) + len(program.simplified) / 4
        for candidate in program.undo(seen):
            yield Proposal((program,), candidate, -_PROGRAM_BITS - _RULE_BITS * rules)
