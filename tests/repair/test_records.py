"""Bytes with places that their encoding does not have: read as they were meant, and given back to the byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair import Grade, repair_bytes, replay

EUROS = [
    "价格：€50，约合人民币400元",
    "欧元€区今年经济增长百分之二",
    "门票€8，学生€5，儿童免费。",
]
BEYOND = [
    "𠮷野家的牛肉饭",
    "今天天气😀很好，我们去公园玩吧。",
    "他叫张𠮷，住在𠮷林省。他弟弟叫张𠮷𠮷。",
    "Unicode 扩展区的汉字𠮷与字体",
]


def cesu_8(text: str) -> bytes:
    """Encode as CESU-8 (Unicode Technical Report 26): each UTF-16 code unit as UTF-8 would write it."""
    units = text.encode("utf-16-be")
    return b"".join(
        chr(int.from_bytes(units[at : at + 2])).encode("utf-8", "surrogatepass") for at in range(0, len(units), 2)
    )


@pytest.mark.parametrize("text", EUROS)
def test_80_is_the_euro_sign_of_windows_936(text: str) -> None:
    data = text.encode("gb18030").replace("€".encode("gb18030"), b"\x80")
    repair = repair_bytes(data)
    assert (repair.text, repair.encoding) == (text, "gb18030")
    assert replay(repair) == data


@pytest.mark.parametrize("text", BEYOND)
def test_pairs_of_surrogates_in_utf_8_are_joined(text: str) -> None:
    data = cesu_8(text)
    repair = repair_bytes(data)
    assert (repair.text, repair.encoding, repair.grade) == (text, "utf-8", Grade.EXACT)
    assert {edit.reason for edit in repair.edits} == {"surrogate pairs: UTF-16, CESU-8"}
    assert replay(repair) == data


@given(st.text(st.sampled_from("数据，。\n a𠮷😀"), min_size=1, max_size=20))
def test_what_is_written_in_cesu_8_has_no_surrogates_left(text: str) -> None:
    data = cesu_8(text)
    repair = repair_bytes(data)
    assert repair.text.encode() is not None
    assert replay(repair) == data


@pytest.mark.parametrize("half", ["\ud842", "\udfb7"])  # noqa: PT014 - surrogates, which ruff takes for one
def test_half_a_pair_is_lost(half: str) -> None:
    data = "东京的".encode() + half.encode("utf-8", "surrogatepass") + "野家".encode()
    repair = repair_bytes(data)
    assert repair.grade is Grade.LOST
    assert replay(repair) == data
