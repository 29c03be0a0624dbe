"""Mirror sites: pages made traditional, annotated in pinyin and broken byte by byte, and the way back."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from repair.channel import Channel, Proposal
from repair.mirror import strewn
from repair.mirror.evidence import NOTE
from repair.mirror.mirror import Mirror, undone_by
from repair.mirror.named import NamedProgram
from repair.mirror.points import points_of
from repair.mirror.strewn import Strewn

if TYPE_CHECKING:
    from repair.mirror.inference import Inferred

__all__ = [
    "Mirror",
    "NamedProgram",
    "Strewn",
    "channel_classes",
    "infer",
    "infer_site",
    "known_of",
    "propose",
    "undone_by",
]
channel_classes: tuple[type[Channel], ...] = (Mirror, NamedProgram, Strewn)
_RULE_BITS = 8.0
"""What it costs to name a character of the notes: 1 of some hundreds that sites annotate, and its reading."""
_PROGRAM_BITS = 20.0
_LEAST_NOTES, _BORNE_OUT = 2, 0.9
"""Notes from which on a page shows a program that is known already, and how much must be as the program makes it."""
_LEAST_MADE = 8
"""Traditional characters of the program's making from which on a single note will do."""
_PIECE_BITS = 8.0
"""What it costs to name a place where something was strewn in: 1 of some hundred characters is one."""
_NOTE_START = re.compile(r"\(?[a-zêāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")


def propose(seen: str) -> Iterator[Proposal]:
    """Propose the page before a mirror site's program, where the page shows one.

    The prior falls with the length of the program: a rule that is used once explains nothing.
    """
    if not _NOTE_START.search(seen):
        return
    inferred = _inferred([seen])
    undone = undone_by(inferred.program, seen, inferred.page) if inferred else None
    if inferred and undone:
        rules = len(inferred.program.notes) + len(inferred.program.simplified) / 4
        yield Proposal(undone.chain, undone.candidate, -_PROGRAM_BITS - _RULE_BITS * rules)
    elif swept := strewn.undone(seen):
        yield Proposal(swept.chain, swept.candidate, -_PROGRAM_BITS - _PIECE_BITS * swept.pieces)


def known_of(program: Mirror, seen: str) -> Proposal | None:
    """Propose the page before a program that its neighbours have shown, where the page bears it out."""
    if not program.notes:
        swept = strewn.undone(seen, program)
        return Proposal(swept.chain, swept.candidate, 0.0, settled=True) if swept else None
    if not _bears_out(program, seen):
        return None
    undone = undone_by(program, seen)
    return Proposal(undone.chain, undone.candidate, 0.0, settled=True) if undone else None


def _bears_out(program: Mirror, seen: str) -> bool:
    """Say whether a page has the notes of a program, and of its script what the program makes."""
    from repair.mirror.counting import counted  # noqa: PLC0415 - it compiles, and clean text never gets there

    counts = counted([points_of(seen)])
    notes = {character: f"({reading})" * program.repeat for character, reading in program.notes}
    total = int(counts[points_of("".join(notes))].sum())
    found = Counter(NOTE.findall(seen))
    noted = sum(count for (character, note), count in found.items() if note.startswith(notes.get(character, "-")))
    made = int(counts[points_of(program.traditional)].sum())
    simplified = np.setdiff1d(points_of(program.simplified), points_of(program.traditional))
    unmade = int(counts[simplified].sum())
    enough = noted >= _LEAST_NOTES or (noted and made >= _LEAST_MADE)
    return bool(enough) and noted >= _BORNE_OUT * total and made >= _BORNE_OUT * (made + unmade)


def infer_site(pages: Sequence[str]) -> Mirror | None:
    """Return the program of a site; one without notes is the script of a site that strews them, page by page."""
    return infer(pages) or strewn.infer(pages)


def infer(pages: str | Sequence[str]) -> Mirror | None:
    """Return the program that a page, or the pages of a site, show; None where their notes do not come from one."""
    inferred = _inferred([pages] if isinstance(pages, str) else pages)
    return inferred.program if inferred else None


def _inferred(pages: Sequence[str]) -> "Inferred | None":
    from repair.mirror import inference  # noqa: PLC0415 - it compiles, and clean text never gets there

    return inference.infer(pages)
