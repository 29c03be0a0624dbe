"""The rules as a Great Expectations suite; each expectation carries the rule's name and says in words what it asks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import great_expectations.expectations as gxe

from expectations.residue import ExpectColumnValuesWithoutResidue
from expectations.rules import Rules

GRADES = ("clean", "exact", "unique", "likely", "policy", "lost")
_AHEAD = timedelta(days=1)
"""Clocks and time zones of sites differ."""


def article_suite(rules: Rules, sources: list[str]) -> list[Any]:
    """Return the expectations for articles; requirements apply where one of ``sources`` is meant."""
    latest = rules.latest or datetime.now(UTC) + _AHEAD
    expectations = [
        gxe.ExpectColumnValuesToNotBeNull(
            column=requirement.field,
            mostly=requirement.mostly,
            condition_parser="pandas",
            row_condition=f"source_uri in {[s for s in sources if requirement.covers(s)]!r}",
            meta={"rule": requirement.name},
            description=f"{requirement.field} is present",
        )
        for requirement in rules.required
        if any(map(requirement.covers, sources))
    ]
    return [
        *expectations,
        gxe.ExpectColumnValuesToBeBetween(
            column="published_at",
            min_value=rules.earliest,
            max_value=latest,
            mostly=rules.residue_mostly,
            meta={"rule": "published_at-plausible"},
            description="the date of publication is neither too early nor in the future",
        ),
        *(
            ExpectColumnValuesWithoutResidue(
                column=column,
                mostly=rules.residue_mostly,
                meta={"rule": f"{column}-without-residue"},
                description=f"{column} shows no sign of damage",
            )
            for column in ("title", "body")
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="grade", value_set=list(GRADES), meta={"rule": "grade-known"}, description="the grade is known"
        ),
        gxe.ExpectColumnValuesToBeUnique(
            column="record_id", meta={"rule": "record_id-unique"}, description="no record stands twice"
        ),
    ]
