"""Values of one column decided together: what is too short to be sure of alone leans on its neighbours.

A column is a text whose lines are its values, so the same search decides both: a misreading that explains most lines
is believed of the short ones too, and a short value that stands alone stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from repair.channel import Chain, Channel, Pieces, UndamageableError
from repair.found import Found
from repair.language import load
from repair.places import explicable
from repair.policy import Policy
from repair.result import Repair
from repair.search import finished, repair_text, search
from repair.soundness import DEARNESS, distinct, proves_itself
from repair.triage import suspicious

LEAST_DISTINCT = 2
"""Distinct hanzi that a value must hold to follow its column: a row of signs becomes a row of one hanzi by chance."""
SHORT = 20
"""Characters up to which a value may need its neighbours to be decided."""
_POOL = 2000
"""Values that are looked at as one text."""
_CONTEXT = 4
"""Values already decided that stand beside each that is not: where four in five agree, the fifth needs less."""


def repair_values(values: Sequence[str], policy: Policy) -> list[Repair]:
    """Repair the distinct values of a column, each alone and then those that stay open together with the rest."""
    repairs = [repair_text(value, policy) for value in values]
    still_open = leaners({number: one for number, one in enumerate(repairs) if suspicious(values[number])})
    for number, repair in leaning(values, (), still_open, policy).items() if still_open else ():
        if not repairs[number].chain:
            repairs[number] = repair
    return repairs


def leaners(repairs: Mapping[int, Repair]) -> list[int]:
    """Return the numbers of the values that stay as they are alone because they are too short to be sure of."""
    return [number for number, repair in repairs.items() if _may_lean(repair) and explicable(str(repair.seen))]


def _may_lean(repair: Repair) -> bool:
    seen = repair.seen
    return not repair.chain and isinstance(seen, str) and len(seen) <= SHORT and _poolable(seen)


def leaning(values: Sequence[str], near: Sequence[str], still_open: Sequence[int], policy: Policy) -> dict[int, Repair]:
    """Decide some of the ``values`` of a column, and clean ones ``near`` them, together with the others.

    Returns what was found, by number; the numbers of ``near`` count on. Of the others as many are asked as it needs.
    """
    every = [*values, *near]
    asked = set(still_open) | set(range(len(values), len(every)))
    others = [number for number, value in enumerate(values) if number not in asked and _poolable(value)]
    step = max(1, len(others) // max(1, _CONTEXT * len(asked)))
    pooled = sorted((*asked, *others[::step]))
    pools = -(-len(pooled) // _POOL)
    found: dict[int, Repair] = {}
    for first in range(pools):  # each an even sample, so that all pools see the same damage
        pool = pooled[first::pools]
        for number, own in zip(pool, together([every[number] for number in pool], policy), strict=True):
            if own and number in asked:
                found[number] = finished(own, every[number], policy)
    return found


def _poolable(value: str) -> bool:
    """Say whether a value can be a line among others."""
    return not value.isascii() and "\n" not in value


def together(lines: Sequence[str], policy: Policy) -> list[Found | None]:
    """Repair some lines as one text; return what was found for each, None where it stays as it is."""
    pooled = "\n".join(lines)
    found = search(Found(pooled), pooled, policy)
    stages = _stages(found)
    if not found.chain or any(len(stage) != len(lines) for stage in stages):
        return [None] * len(lines)
    texts = stages[0]
    bits = load().log_probabilities([*texts, *lines]).tolist()
    gains = [after - before for after, before in zip(bits[: len(texts)], bits[len(texts) :], strict=True)]
    chains = [_chain_of(number, found.chain, stages) for number in range(len(lines))]
    led = _led(lines, texts).tolist()
    return [
        replace(found, text=text, chain=chain, evidence=gain, cuts=(), losses=())
        if chain and gain > 0 and distinct(text) >= LEAST_DISTINCT and _stands(chain, gain, other, policy)
        else None
        for text, chain, gain, other in zip(texts, chains, gains, led, strict=True)
    ]


def _stands(chain: Chain, gain: float, other: float, policy: Policy) -> bool:
    """Say whether an answer stands beside what befell most of the column: that explains the line not nearly as well."""
    return other <= 0 or proves_itself(chain[0]) or gain > other + policy.min_evidence


def _led(lines: Sequence[str], texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return what each line gains by the strict misreading that explains most lines that look damaged.

    Whether they read well then or not; minus infinity where the misreading makes the same of a line as ``texts``.
    """
    from repair.columns.agreeing import leading  # noqa: PLC0415 - loads the compiler
    from repair.rereading.prospects import points_of, readings_of, strict  # noqa: PLC0415 - as above

    ends = np.cumsum([len(line) + 1 for line in lines])
    spans = np.stack((ends - [len(line) + 1 for line in lines], ends - 1), 1)
    gains = readings_of(points_of("\n".join(lines)), spans, DEARNESS).gains
    best = leading(gains[[suspicious(line) for line in lines]])
    channel, _ = strict().entries[best]
    made = ((candidate.text for candidate in channel.undo(line)) for line in lines)
    other = [text not in own for own, text in zip(made, texts, strict=True)]
    return np.where(other, gains[:, best], -np.inf)


def _stages(found: Found) -> list[list[str]]:
    """Return the lines of the text and of what each channel made of it."""
    stages = [found.text]
    for channel in found.chain:
        stages.append(channel.damage(stages[-1]))
    return [stage.split("\n") for stage in stages]


def _chain_of(number: int, chain: Chain, stages: list[list[str]]) -> Chain | None:
    """Return what of a chain befell one line; None where it cannot be told apart or nothing did."""
    own: list[Channel] = []
    for channel, (before, after) in zip(chain, pairwise(stages), strict=True):
        if before[number] == after[number]:
            continue
        cut = _of_line(channel, before, number)
        if not _leads(cut, before[number], after[number]):
            return None
        own.append(cut)
    return tuple(own) or None


def _of_line(channel: Channel, lines: list[str], number: int) -> Channel:
    """Return the part of a channel that lies in one line."""
    if not isinstance(channel, Pieces):
        return channel
    start = sum(len(line) + 1 for line in lines[:number])
    end = start + len(lines[number])
    inside = tuple((a - start, b - start, chain) for a, b, chain in channel.pieces if start <= a and b <= end)
    whole = inside[0][2] if len(inside) == 1 and inside[0][:2] == (0, end - start) else ()
    return whole[0] if len(whole) == 1 else Pieces(inside)


def _leads(channel: Channel, text: str, seen: str) -> bool:
    try:
        return channel.damage(text) == seen
    except UndamageableError:
        return False
