"""Rules on small frames: which rows break which rule, and when a rule as a whole fails."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from expectations import Requirement, Rules, validate_articles

GOOD: dict[str, object] = {
    "record_id": "a",
    "source_uri": "news/1.txt",
    "title": "通知",
    "body": "会议总结了工作。",
    "published_at": pd.Timestamp("2021-08-13", tz="Asia/Shanghai"),
    "grade": "clean",
}
BAD: list[tuple[dict[str, object], str]] = [
    ({"body": "会议锟斤拷"}, "body-without-residue"),
    ({"title": "会议\ufffd"}, "title-without-residue"),
    ({"published_at": pd.Timestamp("2121-08-13", tz="Asia/Shanghai")}, "published_at-plausible"),
    ({"published_at": pd.Timestamp("1900-08-13", tz="Asia/Shanghai")}, "published_at-plausible"),
    ({"published_at": None}, "published_at-present"),
    ({"body": None}, "body-present"),
    ({"grade": "splendid"}, "grade-known"),
]


@pytest.fixture(scope="module")
def checked() -> tuple[tuple[str, ...], ...]:
    rows = [GOOD, *({**GOOD, "record_id": str(n), **change} for n, (change, _) in enumerate(BAD))]
    return validate_articles(pd.DataFrame(rows), Rules()).broken


def test_a_good_article_breaks_nothing(checked: tuple[tuple[str, ...], ...]) -> None:
    assert checked[0] == ()


@pytest.mark.parametrize(("row", "rule"), [(n, rule) for n, (_, rule) in enumerate(BAD, 1)])
def test_each_mistake_breaks_its_rule_alone(checked: tuple[tuple[str, ...], ...], row: int, rule: str) -> None:
    assert checked[row] == (rule,)


def test_a_requirement_holds_for_its_sources_alone() -> None:
    rows = [{**GOOD, "title": None}, {**GOOD, "record_id": "b", "title": None, "source_uri": "other/2.txt"}]
    rules = Rules(required=(Requirement(field="title", source="other/*", mostly=0.9),))
    validation = validate_articles(pd.DataFrame(rows), rules)
    assert validation.broken == ((), ("title-present[other/*]",))
    assert [rule.passed for rule in validation.rules if rule.name.startswith("title-present")] == [False]


def test_the_latest_date_can_be_given() -> None:
    rules = Rules(latest=datetime(2020, 1, 1, tzinfo=UTC))
    assert validate_articles(pd.DataFrame([GOOD]), rules).broken == (("published_at-plausible",),)
