"""One line that was misread as a whole: the commonest damage, decided without asking for any other.

What the misreadings of the catalogue make of the line is compared in compiled code: those that lost nothing, and where
none of them makes anything of it, those that lost bytes. Where one convinces beside leaving the line alone and beside
the others, and what it makes of the line needs no look any more, other kinds of damage are not asked: they would have
to explain the line better than a text that reads like any other.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from repair.found import Found
from repair.misreading import Misreading
from repair.places import LINE_BITS, lines_beyond_ascii
from repair.policy import Policy
from repair.rereading import Needs, Thresholds
from repair.soundness import DEARNESS, PROVED, distinct
from repair.triage import suspicious

if TYPE_CHECKING:
    from repair.rereading.kernel import Points
    from repair.rereading.prospects import Spans


def read_at_once(seen: str, policy: Policy) -> Found | None:
    """Return the text of one line that a misreading explains; None where another kind of damage may be there."""
    from repair.rereading.prospects import points_of, verdicts_of  # noqa: PLC0415 - loads the compiler

    if "\n" in seen or not any(lines_beyond_ascii(seen)):
        return None
    points, spans = points_of(seen), np.array([[0, len(seen)]])
    verdict = verdicts_of(points, spans, DEARNESS, thresholds(policy))[0]
    if verdict["channel"] >= 0:
        return _read_strictly(seen, verdict, policy)
    return _read_with_losses(seen, points, spans, policy) if verdict["evidence"] == -np.inf else None


def _read_strictly(seen: str, verdict: np.void, policy: Policy) -> Found | None:
    """Return what the misreading that was decided on makes of a line, if it needs no look any more."""
    from repair.rereading.prospects import strict  # noqa: PLC0415 - loads the compiler

    channel, _ = strict().entries[verdict["channel"]]
    text = channel.reread(seen) if isinstance(channel, Misreading) else None
    if text is None or distinct(text) < policy.min_characters or suspicious(text):
        return None
    rival = (strict().entries[verdict["rival"]][0],) if verdict["rival"] >= 0 else ()
    evidence, margin = float(verdict["evidence"]), float(verdict["margin"])
    return Found(text, (channel,), evidence, margin, rival, changed=distinct(text))


def _read_with_losses(seen: str, points: "Points", spans: "Spans", policy: Policy) -> Found | None:
    """Return what the misreading that lost bytes and convinces makes of a line, if it needs no look any more."""
    from repair.lattice.solving import candidate_of  # noqa: PLC0415 - loads the compiler
    from repair.rereading.losing import decide_with_losses, misreading_of  # noqa: PLC0415 - loads the compiler

    decided = decide_with_losses(points, spans, needs(policy))
    channel, ways, row, rival, evidence, margin = decided.lines[0].item()
    candidate = candidate_of(decided.ways[ways], row, len(seen)) if channel >= 0 else None
    if candidate is None or candidate.text == seen or not misreading_of(channel).replays(candidate.text, seen):
        return None
    if suspicious(candidate.text):
        return None
    return Found(
        candidate.text,
        (misreading_of(channel),),
        evidence,
        margin,
        (misreading_of(rival),) if rival >= 0 else (),
        candidate.cuts,
        candidate.losses,
        distinct(candidate.text),
    )


def thresholds(policy: Policy) -> Thresholds:
    """Return what a policy asks of the likeliest reading of a line."""
    likely = policy.min_probability
    margin = math.inf if likely >= 1 else math.log2(likely / (1 - likely)) if likely > 0 else -math.inf
    return Thresholds(LINE_BITS, policy.min_evidence, margin)


def needs(policy: Policy) -> Needs:
    """Return what a text must be to be believed where bytes were lost."""
    return Needs(DEARNESS, PROVED, thresholds(policy), policy.min_characters)
