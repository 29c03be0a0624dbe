"""ftfy as one proposer among the others: what it would do, taken only where the chain replays."""

from collections.abc import Iterator

import ftfy

from repair.channel import Candidate, Chain, Proposal, UndamageableError, damage
from repair.misreading import Misreading

_PRIOR = -8.0
"""log2: what ftfy finds is common damage."""
# Only the encoding is ftfy's to mend: its other steps rewrite good Chinese punctuation and compatibility ideographs.
_CONFIG = ftfy.TextFixerConfig(unescape_html=False, replace_lossy_sequences=False, restore_byte_a0=False)


def propose(seen: str) -> Iterator[Proposal]:
    """Yield ftfy's reading of ``seen``, if its plan is a chain of misreadings that gives ``seen`` back."""
    text, plan = ftfy.fix_encoding_and_explain(seen, _CONFIG)
    if text == seen or not plan:
        return
    chain = _chain([(step[0], step[1]) for step in plan])
    try:
        if chain and damage(chain, text) == seen:
            yield Proposal(chain, Candidate(text, ()), _PRIOR * len(chain))
    except UndamageableError:
        return


def _chain(plan: list[tuple[str, str]]) -> Chain:
    """Turn ftfy's plan (encode, decode, encode, decode …) into the chain that it undoes; empty where it is more."""
    pairs = list(zip(plan[::2], plan[1::2], strict=False))
    if len(plan) % 2 or any((first[0], second[0]) != ("encode", "decode") for first, second in pairs):
        return ()
    return tuple(Misreading(second[1], first[1]) for first, second in reversed(pairs))
