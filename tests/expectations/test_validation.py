"""Rules on small frames: which rows break which rule, and when a rule as a whole fails."""

import json
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from expectations import Requirement, RuleResult, Rules, merge_results, validate_articles, validate_rows
from expectations.documents import render_documents

BEIJING = ZoneInfo("Asia/Shanghai")
GOOD: dict[str, object] = {
    "record_id": "a",
    "source_uri": "news/1.txt",
    "title": "通知",
    "body": "会议总结了工作。",
    "published_at": datetime(2021, 8, 13, tzinfo=BEIJING),
    "grade": "clean",
}
BAD: list[tuple[dict[str, object], str]] = [
    ({"body": "会议锟斤拷"}, "body-without-residue"),
    ({"title": "会议\ufffd"}, "title-without-residue"),
    ({"published_at": datetime(2121, 8, 13, tzinfo=BEIJING)}, "published_at-plausible"),
    ({"published_at": datetime(1900, 8, 13, tzinfo=BEIJING)}, "published_at-plausible"),
    ({"body": None}, "body-present"),
    ({"grade": "splendid"}, "grade-known"),
]


@pytest.fixture(scope="module")
def checked() -> tuple[tuple[str, ...], ...]:
    rows = [GOOD, *({**GOOD, "record_id": str(n), **change} for n, (change, _) in enumerate(BAD))]
    return validate_articles(pa.Table.from_pylist(rows), Rules()).broken


def test_a_good_article_breaks_nothing(checked: tuple[tuple[str, ...], ...]) -> None:
    assert checked[0] == ()


@pytest.mark.parametrize(("row", "rule"), [(n, rule) for n, (_, rule) in enumerate(BAD, 1)])
def test_each_mistake_breaks_its_rule_alone(checked: tuple[tuple[str, ...], ...], row: int, rule: str) -> None:
    assert checked[row] == (rule,)


def test_a_requirement_holds_for_its_sources_alone() -> None:
    rows = [{**GOOD, "title": None}, {**GOOD, "record_id": "b", "title": None, "source_uri": "other/2.txt"}]
    rules = Rules(required=(Requirement(field="title", source="other/*", mostly=0.9),))
    validation = validate_articles(pa.Table.from_pylist(rows), rules)
    assert validation.broken == ((), ("title-present[other/*]",))
    assert [rule.passed for rule in validation.rules if rule.name.startswith("title-present")] == [False]


def test_a_requirement_may_only_count() -> None:
    rules = Rules(required=(Requirement(field="title", mostly=0.5, quarantine=False),))
    validation = validate_articles(pa.Table.from_pylist([{**GOOD, "title": None}]), rules)
    assert validation.broken == ((),)
    assert [rule.passed for rule in validation.rules if rule.name == "title-present"] == [False]


def test_rows_have_the_requirements_of_their_columns() -> None:
    rows = [{"record_id": "a", "source_uri": "t.csv", "grade": "clean", "姓名": "王小明", "注": "ï¿½"}]
    rows.append({**rows[0], "record_id": "b", "姓名": None, "注": "好"})  # type: ignore[dict-item]
    rules = Rules(required=(Requirement(field="姓名"), Requirement(field="body")))
    validation = validate_rows(pa.Table.from_pylist(rows), rules, ["姓名", "注"])
    assert validation.broken == (("注-without-residue",), ("姓名-present",))


def test_results_add_up() -> None:
    one = RuleResult("a", "x", 3, 1, 0.5, samples=("p",))
    merged = merge_results([one, RuleResult("b", "x", 1, 0, 1.0), RuleResult("a", "x", 2, 2, 0.5, samples=("q",))])
    assert [(r.name, r.checked, r.failed, r.passed, r.samples) for r in merged] == [
        ("a", 5, 3, False, ("p", "q")),
        ("b", 1, 0, True, ()),
    ]
    assert RuleResult.restored(json.loads(json.dumps(one.stored()))) == one


def test_data_docs_ask_nothing_of_the_network() -> None:
    rows = [{**GOOD, "title": "<script>alert(1)</script>\ufffd"}]
    results = validate_articles(pa.Table.from_pylist(rows), Rules()).rules
    pages = render_documents(results, "run", "2026-01-01T00:00:00+00:00")
    assert set(pages) == {"index.html", "validations/articles.html", "expectations/articles.html"}
    for page in pages.values():
        assert not re.search(r"<(script|img|link rel=.stylesheet)|(src|href)=.https?:", page)
    assert "title shows no sign of damage" in pages["validations/articles.html"]
    assert "fa-times" in pages["validations/articles.html"]


def test_the_latest_date_can_be_given() -> None:
    rules = Rules(latest=datetime(2020, 1, 1, tzinfo=UTC))
    assert validate_articles(pa.Table.from_pylist([GOOD]), rules).broken == (("published_at-plausible",),)
