"""Misreadings that lost bytes: what comes back, what is told of the rest, and that nothing is made up."""

from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair import Grade, Policy, Repair, repair_text, replay
from repair.channel import UndamageableError, damage
from repair.decoders import decode, habits, several_codes
from repair.language import load
from repair.lattice.pruning import smallest
from repair.lattice.solving import candidate_of, solve_all, solve_lines
from repair.lossy import Lossy
from repair.outright import read_at_once
from repair.places import scored_by_catalogue
from repair.rereading.prospects import MORE, lossy, points_of

TEXTS = (
    "会议强调，要坚持安全第一、预防为主的方针，切实做好防汛抗旱各项工作。",
    "数据统计表明，中国人民的生活水平持续提高。",
    "关于做好春季森林防火工作的通知",
)
SURE = [
    ("utf-8", "gbk", "replace"),
    ("utf-8", "gbk", "question"),
    ("utf-8", "gb18030", "replace"),
    ("utf-8", "cp1252", "replace"),
    ("utf-8", "cp932", "replace"),
    ("gbk", "cp932", "replace"),
    ("gbk", "big5", "replace"),
]
HANZI = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@pytest.mark.parametrize("codec", ["gbk", "gb18030", "big5", "cp949", "cp932", "euc_jp"])
def test_the_habit_of_python_is_pythons(codec: str) -> None:
    for text in TEXTS:
        assert decode(text.encode(), codec, "replace") == text.encode().decode(codec, "replace")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("original", "wrong", "habit"), SURE)
def test_lost_bytes_come_back(original: str, wrong: str, habit: str, text: str) -> None:
    seen = Lossy(original, wrong, habit).damage(text)
    if habits()[habit].mark not in seen and several_codes(wrong).keys().isdisjoint(seen):
        pytest.skip("nothing was lost")
    repair = repair_text(seen)
    if text == TEXTS[2] and original == "gbk" and wrong == "cp932":
        pytest.skip("nothing tells that this was damaged: half-width katakana alone")
    check(repair, text)


def check(repair: Repair, text: str) -> None:
    assert repair.text == text
    assert replay(repair) == repair.seen
    assert damage(repair.chain, text) == repair.seen
    assert repair.grade in {Grade.UNIQUE, Grade.LIKELY, Grade.EXACT}
    for edit in repair.edits:
        assert text[edit.start : edit.end] == edit.text
    assert all(a.end <= b.start for a, b in pairwise(repair.edits))


@pytest.mark.parametrize(
    ("original", "wrong", "habit"), [*SURE, ("utf-8", "gbk", "browser"), ("utf-8", "gbk", "windows")]
)
def test_what_is_not_likely_enough_stays_and_tells_what_fits(original: str, wrong: str, habit: str) -> None:
    text = TEXTS[1]
    repair = repair_text(Lossy(original, wrong, habit).damage(text))
    open_places = [edit for edit in repair.edits if edit.grade is Grade.LOST and edit.alternatives]
    for edit in open_places:
        assert edit.text == edit.seen
        assert edit.alternatives[0][1] < 0.9
    for edit in repair.edits:
        if edit.grade is Grade.LIKELY:
            assert edit.alternatives[0][0] == edit.text
            assert edit.alternatives[0][1] >= 0.9
            assert sum(share for _, share in edit.alternatives) <= 1.0001
    assert replay(repair) == repair.seen


def test_the_edits_give_what_was_seen() -> None:
    repair = repair_text(Lossy("utf-8", "gbk", "replace").damage(TEXTS[0]))
    assert "".join(edit.seen for edit in repair.edits) == repair.seen
    assert "".join(edit.text for edit in repair.edits) == TEXTS[0]


def test_one_way_alone_is_unique() -> None:
    repair = repair_text(Lossy("utf-8", "gb18030", "replace").damage(TEXTS[2]))
    assert [(edit.text, edit.grade) for edit in repair.edits if edit.alternatives] == [("通", Grade.UNIQUE)]


@given(st.text(HANZI, min_size=1, max_size=4), st.sampled_from(["gbk", "gb18030", "cp949", "cp932", "big5"]))
@settings(max_examples=300, deadline=None)
def test_what_is_said_to_be_unique_is_the_truth(text: str, wrong: str) -> None:
    """Whatever the model thinks of rare hanzi: one answer alone means that no other text gives what was seen."""
    truth = f"我们{text}工作"
    for candidate in Lossy("utf-8", wrong, "replace").undo(Lossy("utf-8", wrong, "replace").damage(truth)):
        for loss in candidate.losses:
            if loss.unique and len(candidate.text) == len(truth):
                assert candidate.text[loss.start : loss.end] == truth[loss.start : loss.end]


@pytest.mark.parametrize(
    "text",
    [
        "这是什么?为什么?",
        "要\ufffd好好学习",
        "????",
        "What? 什么? Why?",
        "他说：\ufffd\ufffd\ufffd",
        "鐜?是一个字",
        "日本語のテキスト�です",
        "한국어 텍스트�입니다",
    ],
)
def test_marks_in_good_text_change_nothing(text: str) -> None:
    assert repair_text(text).text == text


LINES = st.lists(st.text(HANZI, min_size=1, max_size=12), min_size=1, max_size=5)


@settings(deadline=None, max_examples=60)
@given(LINES, st.sampled_from(SURE))
def test_many_lines_are_searched_as_each_alone(lines: list[str], channel: tuple[str, str, str]) -> None:
    column: list[str] = []
    for text in lines:
        with suppress(UndamageableError):
            column.append(Lossy(*channel).damage(text))
    ends = np.cumsum([0, *map(len, column)])
    ways = solve_lines(points_of("".join(column)), np.stack((ends[:-1], ends[1:]), 1), *channel)
    for number, seen in enumerate(column):
        assert [candidate_of(ways, number, len(seen))] == list(solve_all([seen], *channel))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=60), st.data())
def test_the_smallest_are_found_without_sorting(costs: list[float], data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(costs)))
    assert smallest(np.array(costs), len(costs), number) == sorted(costs)[number - 1]


@pytest.mark.parametrize(("channel", "prior"), lossy().entries, ids=lambda value: getattr(value, "kind", ""))
def test_what_is_decided_at_once_is_what_the_search_finds(channel: Lossy, prior: float) -> None:
    assert prior < 0
    for text in TEXTS:
        with suppress(UndamageableError):
            seen = channel.damage(text)
            at_once = read_at_once(seen, Policy())
            if at_once and at_once.losses:
                found = {scored.chain: scored for scored in scored_by_catalogue(seen, load())}
                own = found[at_once.chain]
                assert (own.text, own.losses) == (at_once.text, at_once.losses)
                assert own.evidence == pytest.approx(at_once.evidence, abs=0.01)
                assert max(scored.evidence for scored in found.values()) <= at_once.evidence + MORE
