"""The rules as Great Expectations suites; each expectation carries the rule's name and says in words what it asks."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.residue import ExpectColumnValuesWithoutResidue
from expectations.rules import Requirement, Rules

GRADES = ("clean", "exact", "unique", "likely", "policy", "lost")
_AHEAD = timedelta(days=1)
"""Clocks and time zones of sites differ."""


def article_suite(rules: Rules) -> list[Any]:
    """Return the expectations for articles."""
    return [
        *map(_present, rules.required),
        _plausible_date(rules),
        *(_without_residue(column, rules) for column in ("title", "body")),
        *_of_every_record(),
    ]


def row_suite(rules: Rules, columns: Sequence[str]) -> list[Any]:
    """Return the expectations for the rows of a table, which has columns of its own."""
    return [
        *(_present(requirement) for requirement in rules.required if requirement.field in columns),
        *(_without_residue(column, rules) for column in columns),
        *_of_every_record(),
    ]


def conservation_suite() -> list[Any]:
    """Return the expectations for a run: a row for each source, with records read, records written, and ids."""
    return [
        _equal("records", "written", "conservation", "every record that was read was written"),
        _equal("written", "record_ids", "record_id-unique", "no record stands twice"),
    ]


def _present(requirement: Requirement) -> Any:  # noqa: ANN401 - an expectation
    condition = Column(requirement.covered) == True if requirement.covered else None  # noqa: E712 - a condition
    return gxe.ExpectColumnValuesToNotBeNull(
        column=requirement.field,
        mostly=requirement.mostly,
        meta={"rule": requirement.name, "quarantine": requirement.quarantine},
        description=f"{requirement.field} is present",
        row_condition=condition,
    )


def _plausible_date(rules: Rules) -> Any:  # noqa: ANN401 - an expectation
    return gxe.ExpectColumnValuesToBeBetween(
        column="published_at",
        min_value=rules.earliest,
        max_value=rules.latest or datetime.now(UTC) + _AHEAD,
        mostly=rules.residue_mostly,
        meta={"rule": "published_at-plausible"},
        description="the date of publication is neither too early nor in the future",
    )


def _without_residue(column: str, rules: Rules) -> Any:  # noqa: ANN401 - an expectation
    return ExpectColumnValuesWithoutResidue(
        column=column,
        mostly=rules.residue_mostly,
        meta={"rule": f"{column}-without-residue"},
        description=f"{column} shows no sign of damage",
    )


def _of_every_record() -> Iterable[Any]:
    yield gxe.ExpectColumnValuesToBeInSet(
        column="grade", value_set=list(GRADES), meta={"rule": "grade-known"}, description="the grade is known"
    )
    yield gxe.ExpectColumnValuesToBeUnique(
        column="record_id", meta={"rule": "record_id-unique"}, description="no record stands twice"
    )


def _equal(left: str, right: str, rule: str, description: str) -> Any:  # noqa: ANN401 - an expectation
    return gxe.ExpectColumnPairValuesToBeEqual(
        column_A=left, column_B=right, meta={"rule": rule}, description=description
    )
