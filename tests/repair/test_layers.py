"""Layers of damage of which some lost bytes: what lies between them is mojibake that no model knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair import Grade, repair_text, replay
from repair.channel import damage
from repair.decoders import decode
from repair.language import load
from repair.layers.guessing import stacks
from repair.layers.layer import Layer
from repair.layers.slots import below, bytes_of, characters_of
from repair.layers.solving import chain_of, solved
from repair.misreadings import misreadings

_TEXT = "数据统计表明，中国人民的生活水平持续提高。会议强调，要坚持安全第一、预防为主的方针，切实做好防汛抗旱各项工作。"
_SAYINGS = ("增值", "开放", "中立", "会议强调，要坚持安全第一", "水平持续提高", "id=7", "；")
_HABITS = ("replace", "question", "windows-mark")


def _misread(text: str, times: int, habit: str, wrong: str = "gbk") -> str:
    for _ in range(times):
        text = decode(text.encode(), wrong, habit)
    return text


@pytest.mark.parametrize("times", [2, 3, 4])
def test_a_text_misread_several_times_with_losses_each_time_comes_back(times: int) -> None:
    seen = _misread(_TEXT, times, "replace")
    repair = repair_text(seen)
    assert repair.text == _TEXT
    assert repair.grade is Grade.LIKELY
    assert len(repair.chain) == times
    assert replay(repair) == seen


@pytest.mark.parametrize("times", [2, 3])
def test_question_marks_of_two_layers_are_kept_apart(times: int) -> None:
    assert repair_text(_misread(_TEXT, times, "question")).text == _TEXT


def test_what_one_line_shows_holds_for_the_others() -> None:
    text = f"{_TEXT}\nint count = 0;\n会议强调，要坚持安全"
    seen = _misread(text, 2, "replace")
    repair = repair_text(seen)
    first, code, last = repair.text.split("\n")
    assert (first, code) == (_TEXT, "int count = 0;")
    assert last.startswith("会议强调，要坚持")
    assert replay(repair) == seen


@given(st.lists(st.sampled_from(_SAYINGS), min_size=1, max_size=4).map("，".join), st.sampled_from(_HABITS))
def test_what_was_there_is_among_what_is_carried_through_a_layer(text: str, habit: str) -> None:
    """Every character below a layer fits one of the pieces of its place: nothing that was there is left out."""
    layer = Layer("utf-8", "gbk", habit)
    middle = _misread(text, 1, habit)
    seen = _misread(middle, 1, habit)
    places = below(characters_of(seen), layer)
    if places is None:
        return  # too much fits
    ends = {0}
    for place in places:
        ends = {at + len(piece) for at in ends for piece in place.pieces if middle.startswith(piece, at)}
    assert len(middle) in ends


@given(st.lists(st.sampled_from(_SAYINGS), min_size=1, max_size=4).map("，".join), st.sampled_from(_HABITS))
def test_the_bytes_that_were_read_are_among_those_that_are_tried(text: str, habit: str) -> None:
    data = text.encode()
    slots = bytes_of(characters_of(decode(data, "gbk", habit)), Layer("utf-8", "gbk", habit))
    if slots is None:
        return  # pairs with every sign of ASCII: too many
    ends = {0}
    for slot in slots:
        ends = {at + len(piece) for at in ends for piece in slot.pieces if data.startswith(piece, at)}
    assert len(data) in ends


@given(st.lists(st.sampled_from(_SAYINGS), min_size=1, max_size=3).map("，".join), st.integers(2, 3))
def test_what_is_solved_replays(text: str, times: int) -> None:
    layers = (Layer("utf-8", "gbk", "replace"),) * times
    seen = damage(chain_of(layers), text)
    candidate = solved(seen, layers)
    assert candidate is not None
    assert damage(chain_of(layers), candidate.text) == seen
    assert candidate.cuts[0] == (0, 0)
    assert candidate.cuts[-1] == (len(candidate.text), len(seen))


@pytest.mark.parametrize("seen", ["�" * 8, "??????", "囗囗�囗囗", "Ж�Ж�Ж", ""])
def test_no_layers_are_guessed_where_nothing_can_be_read(seen: str) -> None:
    assert list(stacks(seen, 4, load())) == []


def test_what_may_be_longer_than_a_slot_holds_is_left() -> None:
    """Between two marks of the fourth layer texts of different lengths fit, whose bytes are more than eight."""
    seen = _misread("提交证据材料的", 4, "replace")
    repair = repair_text(seen)
    assert repair.text in {"提交证据材料的", seen}
    assert replay(repair) == seen


@pytest.mark.parametrize("original", sorted({row.original for row in misreadings()}))
def test_every_original_is_read_through_a_layer(original: str) -> None:
    layer = Layer(original, "latin-1", "question")
    if not original.startswith("utf-16"):  # loses no bytes
        seen = "".join(map(chr, "会议".encode(original, "replace") + b"!"))
        places = below(characters_of(seen), layer)
        assert places is not None
        assert "".join(place.pieces[0] for place in places) == "会议".encode(original, "replace").decode(original) + "!"


@pytest.mark.parametrize("seen", ["鈥樷亜掳鈭傁?每鈥濃亜鈭徠捨┞?", "?????脙藛脙鈥�?脙聛脗潞?芒鈧�艙?艩?"])
def test_code_pages_of_windows_below_a_layer(seen: str) -> None:
    assert replay(repair_text(seen)) == seen
