"""What came of checking rules: counts that add up over batches, shards and runs."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

_MOST_SAMPLES = 20


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How often a rule was checked and broken; ``threshold`` is the share that must keep it.

    ``suite`` and ``expectation`` (type, kwargs, meta, description) say what was asked; ``samples`` are some of the
    values that break it, each with the record that it stands in.
    """

    name: str
    column: str
    checked: int
    failed: int
    threshold: float
    suite: str = "articles"
    expectation: dict[str, Any] = field(default_factory=dict, compare=False)
    samples: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Say whether enough records keep the rule."""
        return self.checked - self.failed >= self.threshold * self.checked

    def stored(self) -> dict[str, Any]:
        """Return everything as JSON can hold it."""
        return asdict(self)

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> "RuleResult":
        """Return what `stored` wrote."""
        return cls(**{**stored, "samples": tuple(stored["samples"])})

    def told(self) -> dict[str, Any]:
        """Return the counts as the manifest has them."""
        counts = {name: getattr(self, name) for name in ("suite", "name", "column", "checked", "failed", "threshold")}
        return {**counts, "passed": self.passed}

    def plus(self, other: "RuleResult") -> "RuleResult":
        """Return the counts of both; they are of the same rule."""
        checked, failed = self.checked + other.checked, self.failed + other.failed
        samples = (*self.samples, *other.samples)[:_MOST_SAMPLES]
        return RuleResult(
            self.name, self.column, checked, failed, self.threshold, self.suite, self.expectation, samples
        )


def merge_results(results: Iterable[RuleResult]) -> tuple[RuleResult, ...]:
    """Add up the counts of each rule, in order of first appearance."""
    merged: dict[tuple[str, str, str], RuleResult] = {}
    for result in results:
        key = (result.suite, result.name, result.column)
        merged[key] = merged[key].plus(result) if key in merged else result
    return tuple(merged.values())
