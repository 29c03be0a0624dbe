"""Damaged text by origin: what is repaired comes back as it was, with a grade no weaker than stated."""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from repair import Grade, repair_text, replay
from repair.result import weakest

FILE = Path(__file__).parents[1] / "cases" / "repaired.jsonl"
CASES = [json.loads(line) for line in FILE.read_bytes().split(b"\n") if line]


def parameters() -> Iterator[Any]:
    """Yield each case, the known failures marked."""
    for kind, cases in groupby(CASES, key=lambda case: str(case["kind"])):
        for number, case in enumerate(cases):
            marks = [pytest.mark.xfail(reason=case["fails"], strict=True)] if "fails" in case else []
            yield pytest.param(case, id=f"{kind} {number}", marks=marks)


@pytest.mark.parametrize("case", list(parameters()))
def test_damage_is_undone(case: dict[str, Any]) -> None:
    repair = repair_text(case["seen"])
    least = Grade(case["grade"])
    assert repair.text == case["text"]
    assert weakest([repair.grade, least]) is least
    assert (repair.grade is Grade.CLEAN) == (repair.text == case["seen"] and least is not Grade.LOST)
    assert replay(repair) == case["seen"]


def test_no_case_stands_twice() -> None:
    assert len({case["seen"] for case in CASES}) == len(CASES)
