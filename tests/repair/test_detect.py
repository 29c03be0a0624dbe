"""Encodings from bytes, by origin: marks, declarations, bare text of several lengths, what is no text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair import detect_encoding

WORDS = ["安全", "会议", "安全生产", "工作总结", "防汛抗旱会议", "切实做好防汛工作的通知"]
PAGE = "县委召开会议，总结分析当前全县防汛形势。\n各乡镇要认清形势，落实责任。\n" * 30


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("word", WORDS)
def test_short_text(word: str, encoding: str) -> None:
    found = detect_encoding(word.encode(encoding))
    assert word.encode(encoding).decode(found.encoding or "ascii") == word
    assert 0 <= found.confidence <= 1


@pytest.mark.parametrize("word", ["安全生產會議", "國民小學開學典禮"])
def test_short_big5(word: str) -> None:
    assert detect_encoding(word.encode("big5")).encoding == "big5hkscs"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("東京都は本日、感染者を確認したと発表した。", "cp932"),
        ("東京都は本日、感染者を確認したと発表した。", "euc_jp"),
        ("대한민국의 수도는 서울이다. 국민의 권리와 의무.", "cp949"),
        ("Все люди рождаются свободными и равными.", "cp1251"),
        ("Все люди рождаются свободными и равными.", "koi8-r"),
        (PAGE, "hz"),
        (PAGE * 20, "gb18030"),
    ],
)
def test_other_encodings(text: str, encoding: str) -> None:
    assert detect_encoding(text.encode(encoding)).encoding == encoding


@pytest.mark.parametrize("marked", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(marked: str) -> None:
    found = detect_encoding(PAGE.encode(marked))
    assert found.encoding == marked
    assert found.confidence == 1


@pytest.mark.parametrize("declared", ["gb2312", "text/html; charset=GBK", "cp936", "no such thing", None])
def test_a_declaration_means_its_superset(declared: str | None) -> None:
    assert detect_encoding("朱镕基".encode("gb18030"), declared).encoding == "gb18030"


def test_a_page_that_lies_about_itself() -> None:
    page = f'<html><head><meta charset="utf-8"></head><body>{PAGE}</body></html>'
    assert detect_encoding(page.encode("gb18030")).encoding == "gb18030"


def test_damaged_text_in_valid_utf8_is_utf8() -> None:
    assert detect_encoding(PAGE.encode().decode("latin-1").encode()).encoding == "utf-8"


def test_a_stray_byte_turns_no_encoding_away() -> None:
    data = PAGE.encode()
    assert detect_encoding(data[:300] + b"\xff" + data[300:]).encoding == "utf-8"
    data = PAGE.encode("gb18030")
    assert detect_encoding(data[:300] + b"\xff" + data[300:]).encoding == "gb18030"


@pytest.mark.parametrize("data", [bytes(range(256)), b"\x89PNG\r\n\x1a\n" + bytes(50), bytes(100)])
def test_what_is_no_text(data: bytes) -> None:
    assert detect_encoding(data).encoding is None


@given(data=st.binary(max_size=80))
@settings(max_examples=150, deadline=None)
def test_anything_gets_an_answer_that_decodes(data: bytes) -> None:
    found = detect_encoding(data)
    if found.encoding is not None:
        data.decode(found.encoding, "replace")
