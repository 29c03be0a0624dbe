"""One line that was misread as a whole and lost nothing: the commonest damage, decided without a search.

What the strict misreadings of the catalogue make of the line is compared in compiled code. Where one convinces beside
leaving the line alone and beside the others, and what it makes of the line needs no look any more, other kinds of
damage are not asked: they would have to explain the line better than a text that reads like any other.
"""

import math

import numpy as np

from repair.found import Found
from repair.places import DEARNESS, LINE_BITS, distinct, lines_beyond_ascii
from repair.policy import Policy
from repair.rereading import Thresholds
from repair.triage import suspicious


def read_at_once(seen: str, policy: Policy) -> Found | None:
    """Return the text of one line that a strict misreading explains; None where another kind of damage may be there."""
    from repair.rereading.prospects import points_of, strict, verdicts_of  # noqa: PLC0415 - loads the compiler

    if "\n" in seen or not any(lines_beyond_ascii(seen)):
        return None
    verdict = verdicts_of(points_of(seen), np.array([[0, len(seen)]]), DEARNESS, thresholds(policy))[0]
    if verdict["channel"] < 0:
        return None
    channel, _ = strict().entries[verdict["channel"]]
    text = channel.reread(seen)
    if text is None or distinct(text) < policy.min_characters or suspicious(text):
        return None
    rival = (strict().entries[verdict["rival"]][0],) if verdict["rival"] >= 0 else ()
    evidence, margin = float(verdict["evidence"]), float(verdict["margin"])
    return Found(text, (channel,), evidence, margin, rival, changed=distinct(text))


def thresholds(policy: Policy) -> Thresholds:
    """Return what a policy asks of the likeliest reading of a line."""
    likely = policy.min_probability
    margin = math.inf if likely >= 1 else math.log2(likely / (1 - likely)) if likely > 0 else -math.inf
    return Thresholds(LINE_BITS, policy.min_evidence, margin)
