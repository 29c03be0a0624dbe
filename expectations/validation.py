"""Records against the rules: which record breaks which, and how often each is broken."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from expectations.engine import load, new_context
from expectations.frames import frame_of
from expectations.results import RuleResult
from expectations.rules import Rules

if TYPE_CHECKING:
    import pandas as pd

_SAMPLES = 20
_LONGEST_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class Validation:
    """The outcome: for each row of the table, in order, the names of broken rules that forbid it; the counts."""

    broken: tuple[tuple[str, ...], ...]
    rules: tuple[RuleResult, ...]


class RuleError(RuntimeError):
    """A rule that could not be checked: a mistake in the rule, not in the data."""


def validate_articles(table: pa.Table, rules: Rules) -> Validation:
    """Check a table of articles (columns as in the output; source_uri, grade and record_id are needed).

    Raises `RuleError` where an expectation raised: Great Expectations reports that as a failure of the data.
    """
    load()
    from expectations.suite import article_suite  # noqa: PLC0415 - imports what was loaded

    return _validate(table, frame_of(table, rules), "articles", article_suite(rules), "record_id")


def validate_rows(table: pa.Table, rules: Rules, columns: Sequence[str]) -> Validation:
    """Check the rows of a table with these columns of its own; else as `validate_articles`."""
    load()
    from expectations.suite import row_suite  # noqa: PLC0415 - as above

    return _validate(table, frame_of(table, rules), "rows", row_suite(rules, columns), "record_id")


def validate_conservation(table: pa.Table) -> Validation:
    """Check a run: ``source_uri``, ``records`` read, ``written``, different ``record_ids``; a row for each source."""
    load()
    from expectations.suite import conservation_suite  # noqa: PLC0415 - as above

    return _validate(table, table.to_pandas(), "conservation", conservation_suite(), "source_uri")


def _validate(table: pa.Table, frame: "pd.DataFrame", suite: str, expectations: list[Any], key: str) -> Validation:
    broken: list[tuple[str, ...]] = [()] * len(frame)
    results = []
    for item in _run(frame, suite, expectations):
        result, indices = _result(item, suite, table, key)
        results.append(result)
        if item["expectation_config"]["meta"].get("quarantine", True):
            for index in indices:
                broken[index] += (result.name,)
    return Validation(tuple(broken), tuple(results))


def _run(frame: "pd.DataFrame", suite: str, expectations: list[Any]) -> list[dict[str, Any]]:
    import great_expectations as gx  # noqa: PLC0415 - takes seconds

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations within Great Expectations
        batch = _batches(suite).get_batch({"dataframe": frame})
        asked = gx.ExpectationSuite(suite, expectations=expectations)
        outcome = batch.validate(asked, result_format={"result_format": "COMPLETE"})
        items: list[dict[str, Any]] = outcome.to_json_dict()["results"]
    return items


@cache
def _batches(suite: str) -> Any:  # noqa: ANN401 - a batch definition
    """Return where a suite's frames are handed over; to set it up takes longer than to check a small frame."""
    asset = new_context().data_sources.add_pandas(suite).add_dataframe_asset(suite)
    return asset.add_batch_definition_whole_dataframe("all")


def _result(item: dict[str, Any], suite: str, table: pa.Table, key: str) -> tuple[RuleResult, list[int]]:
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
        tuple(_sample(table, index, [key, *columns]) for index in indices[:_SAMPLES]),
    )
    return result, indices


def _sample(table: pa.Table, index: int, columns: list[str]) -> str:
    key, *values = (str(table[column][index].as_py()) for column in dict.fromkeys(columns))
    return ": ".join((key, *(value[:_LONGEST_SAMPLE] for value in values)))
