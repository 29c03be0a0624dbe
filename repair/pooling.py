"""Values of one column decided together: what is too short to be sure of alone leans on its neighbours."""

from collections import Counter
from collections.abc import Sequence

from repair.language import load
from repair.misreading import Misreading
from repair.policy import Policy
from repair.result import Repair
from repair.search import Found, finished, repair_text

_AGREEMENT = 0.9
"""Share of the values beyond ASCII that must come from the same misreading before it is taken for the column's."""
_SURE = 2
"""Values that must be sure of it by themselves."""


def repair_values(values: Sequence[str], policy: Policy) -> list[Repair]:
    """Repair the distinct values of a column.

    Where the sure repairs share one misreading and it would explain nearly every other value beyond ASCII too, the
    short values follow: their evidence need only speak for it, not convince by itself.
    """
    repairs = [repair_text(value, policy) for value in values]
    misreading = _common(repairs)
    if misreading is None:
        return repairs
    open_values = [r.text for r in repairs if not r.chain and not r.text.isascii()]
    followers = _followers(misreading, open_values)
    sure = sum(misreading in repair.chain for repair in repairs)
    if sure + len(followers) < _AGREEMENT * sum(not value.isascii() for value in values):
        return repairs
    return [_follow(repair, followers.get(repair.text), misreading, policy) for repair in repairs]


def _common(repairs: Sequence[Repair]) -> Misreading | None:
    """Return the misreading that is the whole chain of enough repairs, the most frequent one."""
    alone = [r.chain[0] for r in repairs if len(r.chain) == 1 and isinstance(r.chain[0], Misreading)]
    common = [misreading for misreading, count in Counter(alone).most_common(1) if count >= _SURE]
    return common[0] if common else None


def _followers(misreading: Misreading, values: Sequence[str]) -> dict[str, tuple[str, float]]:
    """Return value -> (text, evidence in bits) where the misreading explains the value better than chance."""
    texts = {value: text for value in values if (text := misreading.reread(value))}
    bits = load().log_probabilities([*texts, *texts.values()]).tolist()
    gains = [after - before for before, after in zip(bits[: len(texts)], bits[len(texts) :], strict=True)]
    return {value: (texts[value], gain) for value, gain in zip(texts, gains, strict=True) if gain > 0}


def _follow(repair: Repair, follower: tuple[str, float] | None, misreading: Misreading, policy: Policy) -> Repair:
    if follower is None or repair.chain:
        return repair
    text, evidence = follower
    return finished(Found(text, (misreading,), evidence), repair.text, policy)
