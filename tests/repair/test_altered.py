"""Misreadings whose characters were altered afterwards."""

import pytest

from repair import Grade, repair_text, replay
from repair.alterations import rules
from repair.altered import Altered, alterations

NEWS = "统计数据表明，中国人民的生活水平持续提高。"
ALL = [channel for channel, _ in alterations()]
MENDED = [
    Altered("utf-8", "sloppy-windows-1252", "strict", "undefined-dropped"),
    Altered("utf-8", "sloppy-windows-1252", "strict", "quotes-straightened"),
    Altered("utf-8", "sloppy-windows-1252", "strict", "controls-underscored"),
    Altered("utf-8", "gbk", "replace", "marks-dropped"),
    Altered("utf-8", "gb18030", "replace", "marks-dropped"),
]
PUZZLES = [
    # A0 and 85 are in 删 and 元, and 素 ends with A0.
    ("删除列表中的元素", Altered("utf-8", "sloppy-windows-1252", "strict", "blanks-and-dots-typed")),
    # A0 is in 删 and at the end of 素, 85 in 充, as the ellipsis that it is.
    ("删除列表中充电的元素", Altered("utf-8", "sloppy-windows-1252", "strict", "blanks-typed")),
    ("电池充电只需半小时", Altered("utf-8", "sloppy-windows-1252", "strict", "dots-typed")),
    ("删除列表中的元素", Altered("utf-8", "sloppy-windows-1252", "strict", "ends-trimmed")),
]


@pytest.mark.parametrize("channel", MENDED, ids=str)
def test_altered_text_comes_back(channel: Altered) -> None:
    seen = channel.damage(NEWS)
    repair = repair_text(seen)
    assert repair.text == NEWS
    assert repair.grade in (Grade.LIKELY, Grade.UNIQUE)
    assert replay(repair) == seen


@pytest.mark.parametrize(("text", "channel"), PUZZLES)
def test_what_stood_there_is_the_only_text_that_fits(text: str, channel: Altered) -> None:
    seen = channel.damage(text)
    repair = repair_text(seen)
    assert (repair.text, repair.grade) == (text, Grade.UNIQUE)
    assert replay(repair) == seen


@pytest.mark.parametrize("channel", ALL, ids=str)
def test_a_line_that_was_not_misread_has_nothing_to_undo(channel: Altered) -> None:
    for clean in (NEWS, "Ça va? «Très bien» – merci...", "the end...", ""):
        assert list(channel.undo(clean)) == []


@pytest.mark.parametrize("name", rules())
def test_a_rule_is_about_what_its_encodings_can_show(name: str) -> None:
    shown = {chr(byte) for byte in range(256)} | {"\ufffd"}
    for wrong in rules()[name].wrongs:
        if not wrong.startswith(("gb", "big5", "cp", "euc")):
            shown |= set(bytes(range(256)).decode(wrong, "ignore"))
    assert set(rules()[name].table) <= shown
