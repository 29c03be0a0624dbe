"""Articles against the expectations: broken rules send a record to quarantine, counts go to the manifest."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from expectations import RuleResult, Rules, validate_articles
from flows.mending import Mended
from flows.tables import ARTICLE

_PREFIX = "rule:"
_ARTICLE = tuple(column.name for column in ARTICLE)


class RuleCount(RuleResult):
    """A rule's result as shards keep it and the manifest tells it."""

    __slots__ = ()

    def stored(self) -> dict[str, Any]:
        """Return the counts as JSON can hold them."""
        return asdict(self)

    def told(self) -> dict[str, Any]:
        """Return the counts as the manifest has them."""
        return {**asdict(self), "passed": self.passed}


def validate(mended: Sequence[Mended]) -> tuple[RuleCount, ...]:
    """Check the articles that have passed so far; reject those that break a rule, by its name."""
    articles = [one for one in mended if one.record.layout.is_page and not one.reasons]
    if not articles:
        return ()
    validation = validate_articles(_frame(articles), Rules())
    for one, broken in zip(articles, validation.broken, strict=True):
        for name in broken:
            one.reject(f"{_PREFIX}{name}", f"breaks the rule {name}")
    return tuple(RuleCount(r.name, r.column, r.checked, r.failed, r.threshold) for r in validation.rules)


def _frame(articles: Sequence[Mended]) -> Any:  # noqa: ANN401 - a data frame; pandas is imported late
    import pandas as pd  # noqa: PLC0415 - as above

    rows = [
        {
            **{name: one.values.get(name) for name in _ARTICLE},  # noqa: PD011 - no data frame
            "record_id": one.record.record_id,
            "source_uri": one.record.place.source_uri,
            "encoding": one.record.encoding,
            "encoding_confidence": one.record.encoding_confidence,
            "grade": str(one.grade),
            "evidence": one.evidence,
        }
        for one in articles
    ]
    return pd.DataFrame(rows)


def merge_rules(rules: Iterable[RuleCount]) -> tuple[RuleCount, ...]:
    """Add up the counts of each rule, in order of first appearance."""
    merged: dict[tuple[str, str], RuleCount] = {}
    for rule in rules:
        so_far = merged.get((rule.name, rule.column))
        checked = rule.checked + (so_far.checked if so_far else 0)
        failed = rule.failed + (so_far.failed if so_far else 0)
        merged[rule.name, rule.column] = RuleCount(rule.name, rule.column, checked, failed, rule.threshold)
    return tuple(merged.values())
