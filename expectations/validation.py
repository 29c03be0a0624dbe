"""Records against the rules: which record breaks which, and how often each is broken."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.engine import new_context
from expectations.results import RuleResult
from expectations.rules import Rules

if TYPE_CHECKING:
    import pandas as pd

_SAMPLES = 20
_LONGEST_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class Validation:
    """The outcome: for each row of the frame, in order, the names of broken rules that forbid it; the counts."""

    broken: tuple[tuple[str, ...], ...]
    rules: tuple[RuleResult, ...]


class RuleError(RuntimeError):
    """A rule that could not be checked: a mistake in the rule, not in the data."""


def validate_articles(frame: "pd.DataFrame", rules: Rules) -> Validation:
    """Check a frame of articles (columns as in the output, and source_uri, grade, record_id).

    Raises `RuleError` where an expectation raised: Great Expectations reports that as a failure of the data.
    """
    context = new_context()
    from expectations.suite import article_suite  # noqa: PLC0415 - imports Great Expectations, which takes seconds

    return _validate(context, _with_sources(frame, rules), "articles", article_suite(rules), "record_id")


def validate_rows(frame: "pd.DataFrame", rules: Rules, columns: Sequence[str]) -> Validation:
    """Check the rows of a table with these columns of its own; else as `validate_articles`."""
    context = new_context()
    from expectations.suite import row_suite  # noqa: PLC0415 - as above

    return _validate(context, _with_sources(frame, rules), "rows", row_suite(rules, columns), "record_id")


def validate_conservation(frame: "pd.DataFrame") -> Validation:
    """Check a run: ``source_uri``, ``records`` read, ``written``, different ``record_ids``; a row for each source."""
    context = new_context()
    from expectations.suite import conservation_suite  # noqa: PLC0415 - as above

    return _validate(context, frame, "conservation", conservation_suite(), "source_uri")


def _with_sources(frame: "pd.DataFrame", rules: Rules) -> "pd.DataFrame":
    """Add for each requirement of some sources alone the column that says which records are theirs."""
    sources = frame["source_uri"].unique()
    covered = {rule.covered: {uri: rule.covers(str(uri)) for uri in sources} for rule in rules.required if rule.covered}
    return frame.assign(**{name: frame["source_uri"].map(uris).astype(bool) for name, uris in covered.items() if name})


def _validate(context: Any, frame: "pd.DataFrame", suite: str, expectations: list[Any], key: str) -> Validation:  # noqa: ANN401
    frame = frame.reset_index(drop=True)
    broken: list[tuple[str, ...]] = [()] * len(frame)
    results = []
    for item in _run(context, frame, suite, expectations):
        result, indices = _result(item, suite, frame, key)
        results.append(result)
        if item["expectation_config"]["meta"].get("quarantine", True):
            for index in indices:
                broken[index] += (result.name,)
    return Validation(tuple(broken), tuple(results))


def _run(context: Any, frame: "pd.DataFrame", suite: str, expectations: list[Any]) -> list[dict[str, Any]]:  # noqa: ANN401
    import great_expectations as gx  # noqa: PLC0415 - takes seconds

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations within Great Expectations
        asset = context.data_sources.add_pandas(suite).add_dataframe_asset(suite)
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
        asked = gx.ExpectationSuite(suite, expectations=expectations)
        outcome = batch.validate(asked, result_format={"result_format": "COMPLETE"})
        items: list[dict[str, Any]] = outcome.to_json_dict()["results"]
    return items


def _result(item: dict[str, Any], suite: str, frame: "pd.DataFrame", key: str) -> tuple[RuleResult, list[int]]:
    asked = item["expectation_config"]
    rule, kwargs = asked["meta"]["rule"], {k: v for k, v in asked["kwargs"].items() if k != "batch_id"}
    if item["exception_info"].get("raised_exception"):
        raise RuleError(f"rule {rule}: {item['exception_info'].get('exception_message')}")
    indices = [int(index) for index in item["result"].get("unexpected_index_list") or []]
    columns = [kwargs[name] for name in ("column", "column_A", "column_B") if name in kwargs]
    result = RuleResult(
        rule,
        " = ".join(columns),
        int(item["result"].get("element_count", 0)),
        len(indices),
        float(kwargs.get("mostly", 1.0)),
        suite,
        {**{name: asked[name] for name in ("type", "meta", "description")}, "kwargs": kwargs},
        tuple(_sample(frame, index, [key, *columns]) for index in indices[:_SAMPLES]),
    )
    return result, indices


def _sample(frame: "pd.DataFrame", index: int, columns: list[str]) -> str:
    key, *values = (str(frame[column].iloc[index]) for column in dict.fromkeys(columns))
    return ": ".join((key, *(value[:_LONGEST_SAMPLE] for value in values)))
