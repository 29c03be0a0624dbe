"""Articles against the rules: which record breaks which, and how often each is broken."""

import logging
import os
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from expectations.rules import Rules

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How often a rule was checked and broken; ``threshold`` is the share that must keep it."""

    name: str
    column: str
    checked: int
    failed: int
    threshold: float

    @property
    def passed(self) -> bool:
        """Say whether enough records keep the rule."""
        return self.checked - self.failed >= self.threshold * self.checked


@dataclass(frozen=True, slots=True)
class Validation:
    """The outcome: for each row of the frame, in order, the names of broken rules; the counts; the raw result."""

    broken: tuple[tuple[str, ...], ...]
    rules: tuple[RuleResult, ...]
    raw: dict[str, Any] = field(default_factory=dict, compare=False)


class RuleError(RuntimeError):
    """A rule that could not be checked: a mistake in the rule, not in the data."""


def validate_articles(frame: "pd.DataFrame", rules: Rules) -> Validation:
    """Check a frame of articles (columns as in the output, and source_uri, grade, record_id).

    Raises `RuleError` where an expectation raised: Great Expectations reports that as a failure of the data.
    """
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # it tells of its temporary folders
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations within Great Expectations
        result = _run(frame.reset_index(drop=True), rules)
    broken: list[list[str]] = [[] for _ in range(len(frame))]
    counts = []
    for item in result["results"]:
        name = item["expectation_config"]["meta"]["rule"]
        if item["exception_info"].get("raised_exception"):
            raise RuleError(f"rule {name}: {item['exception_info'].get('exception_message')}")
        indices = item["result"].get("unexpected_index_list") or []
        for index in indices:
            broken[_row(index)].append(name)
        counts.append(_counted(name, item, len(indices)))
    return Validation(tuple(map(tuple, broken)), tuple(counts), result)


def _row(index: Any) -> int:  # noqa: ANN401 - an index, or a dict of index columns
    return int(index["row"]) if isinstance(index, dict) else int(index)


def _counted(name: str, item: dict[str, Any], failed: int) -> RuleResult:
    settings = item["expectation_config"]["kwargs"]
    return RuleResult(
        name,
        settings["column"],
        int(item["result"].get("element_count", 0)),
        failed,
        float(settings.get("mostly", 1.0)),
    )


def _run(frame: "pd.DataFrame", rules: Rules) -> dict[str, Any]:
    import great_expectations as gx  # noqa: PLC0415 - takes seconds
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    from expectations.suite import article_suite  # noqa: PLC0415 - imports Great Expectations

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    suite = gx.ExpectationSuite("articles", expectations=article_suite(rules, sorted(set(frame["source_uri"]))))
    asset = context.data_sources.add_pandas("articles").add_dataframe_asset("articles")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    outcome = batch.validate(suite, result_format={"result_format": "COMPLETE"})
    raw: dict[str, Any] = outcome.to_json_dict()  # type: ignore[no-untyped-call]
    return raw
