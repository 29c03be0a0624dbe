"""Clean text that looks risky: it comes out as it is, alone, as bytes, in a document, and in a column."""

import json
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from repair import Grade, Repair, repair_bytes, repair_column, repair_text, replay

FILE = Path(__file__).parents[1] / "cases" / "negative.jsonl"
CASES = [json.loads(line) for line in FILE.read_bytes().split(b"\n") if line]
KINDS = {kind: list(cases) for kind, cases in groupby(CASES, key=lambda case: str(case["kind"]))}
NEWS = "县委召开第十九次防汛抗旱工作会议，总结分析当前全县雨情汛情，安排部署下一阶段防汛工作。"
_SURE = 10
"""Different hanzi from which detection of GB18030 is promised."""
Case = dict[str, Any]


def check(repair: Repair, case: Case, text: str) -> None:
    assert repair.text == text
    assert repair.grade in (Grade.CLEAN, case.get("grade", Grade.CLEAN))
    assert replay(repair) == repair.seen


def alone(case: Case) -> None:
    check(repair_text(case["text"]), case, case["text"])


def between_lines_of_news(case: Case) -> None:
    text = f"{NEWS}\n{case['text']}\n{NEWS}"
    check(repair_text(text), case, text)


def as_utf8(case: Case) -> None:
    if "\0" not in case["text"]:  # a file with NUL bytes is no text
        check(repair_bytes(case["text"].encode()), case, case["text"].removeprefix("\ufeff"))


def as_gb18030(case: Case) -> None:
    text = case["text"]
    if (
        writable(text, "gbk")
        and sum(writable(character, "gb2312") for character in set(text) if "\u4e00" <= character <= "\u9fff") >= _SURE
    ):
        check(repair_bytes(text.encode("gb18030")), case, text)


WAYS: dict[str, Callable[[Case], None]] = {
    "text": alone,
    "document": between_lines_of_news,
    "utf-8": as_utf8,
    "gb18030": as_gb18030,
}
KNOWN = [(way, case, case["fails"][way]) for case in CASES for way in case.get("fails", ())]


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 100
    assert len({case["text"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("kind", list(KINDS))
def test_clean_text_is_never_changed(kind: str, way: str) -> None:
    for case in KINDS[kind]:
        if way not in case.get("fails", ()):
            WAYS[way](case)


@pytest.mark.parametrize(
    ("way", "case"),
    [
        pytest.param(way, case, marks=pytest.mark.xfail(reason=why, strict=True))
        for way, case, why in KNOWN
        if way in WAYS
    ],
)
def test_known_failures(way: str, case: Case) -> None:
    WAYS[way](case)


def writable(text: str, encoding: str) -> bool:
    try:
        return bool(text.encode(encoding))
    except UnicodeError:
        return False


def test_all_in_one_document() -> None:
    text = "\n".join(case["text"] for case in CASES if "fails" not in case)
    repair = repair_text(text)
    changed = [(edit.seen, edit.text) for edit in repair.edits if edit.seen != edit.text]
    assert not changed
    assert repair.text == text


@pytest.mark.parametrize("size", [20, 10_000])
def test_as_columns(size: int) -> None:
    texts = [case["text"] for case in CASES if "fails" not in case]
    for start in range(0, len(texts), size):
        column = texts[start : start + size]
        assert repair_column(pa.array(column)).column("text").to_pylist() == column


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_column_of_one_kind(kind: str) -> None:
    texts = [case["text"] for case in KINDS[kind] if "fails" not in case]
    assert repair_column(pa.array(texts, pa.string())).column("text").to_pylist() == texts
