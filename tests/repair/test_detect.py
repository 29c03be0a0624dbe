"""Encodings from bytes, by origin: marks, declarations, bare text of several lengths, escapes, mixtures, no text."""

import random
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair import detect_encoding, detect_encodings, detect_segments
from repair.compiled import borrowing
from repair.detect.decoders import BAD, Decoders, detectable, load_decoders
from repair.detect.decoding import CUT, Data, decoder_of, next_character
from repair.detect.segments import majority

WORDS = ["安全", "会议", "安全生产", "工作总结", "防汛抗旱会议", "切实做好防汛工作的通知"]
PAGE = "县委召开会议，总结分析当前全县防汛形势。\n各乡镇要认清形势，落实责任。\n" * 30
LINES = [
    "县委召开会议，总结分析当前全县防汛形势。",
    "各乡镇要认清形势，落实责任，切实做好防汛工作。",
    "会议要求，各部门加强值班，及时报告情况。",
]
TRADITIONAL = "縣委召開會議，總結分析當前全縣防汛形勢，各鄉鎮要認清形勢。"
quick = settings(max_examples=100, deadline=None)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("word", WORDS)
def test_short_text(word: str, encoding: str) -> None:
    found = detect_encoding(word.encode(encoding))
    assert word.encode(encoding).decode(found.encoding or "ascii") == word
    assert 0 <= found.confidence <= 1


@pytest.mark.parametrize("word", ["安全", "會議", "安全生產會議", "國民小學開學典禮"])
def test_short_big5(word: str) -> None:
    assert detect_encoding(word.encode("big5")).encoding == "big5hkscs"


@pytest.mark.parametrize(
    "word",
    [
        "水母",
        pytest.param("专注", marks=pytest.mark.xfail(reason="two letters of Hebrew cost as much", strict=True)),
        "猫头鹰",
        "纽约",
        "图片",
    ],
)
def test_words_that_are_valid_utf8_by_chance(word: str) -> None:
    data = word.encode("gb18030")
    assert data.decode() != word
    assert detect_encoding(data).encoding == "gb18030"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("東京都は本日、感染者を確認したと発表した。", "cp932"),
        ("東京都は本日、感染者を確認したと発表した。", "euc_jp"),
        ("東京都は本日、感染者を確認したと発表した。", "iso2022_jp"),
        ("대한민국의 수도는 서울이다. 국민의 권리와 의무.", "cp949"),
        ("대한민국의 수도는 서울이다. 국민의 권리와 의무.", "iso2022_kr"),
        ("Все люди рождаются свободными и равными.", "cp1251"),
        ("Все люди рождаются свободными и равными.", "koi8-r"),
        ("Le président a été élu à la majorité.", "cp1252"),
        ("Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.", "cp1250"),
        (PAGE, "hz"),
        (PAGE, "utf-7"),
        (PAGE * 20, "gb18030"),
        ("朱镕基同志到䶮山视察，𠮷野家开业了，会议很成功。", "gb18030"),
        ("我哋喺度食嘢，佢哋話好好味，咁就得啦。", "big5hkscs"),
    ],
)
def test_other_encodings(text: str, encoding: str) -> None:
    assert detect_encoding(text.encode(encoding)).encoding == encoding


@pytest.mark.parametrize("marked", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(marked: str) -> None:
    found = detect_encoding(PAGE.encode(marked))
    assert found.encoding == marked
    assert found.confidence == 1


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be"])
def test_utf_32_without_a_mark(encoding: str) -> None:
    assert detect_encoding(PAGE.encode(encoding)).encoding == encoding


@pytest.mark.parametrize("declared", ["gb2312", "text/html; charset=GBK", "cp936", "no such thing", None])
def test_a_declaration_means_its_superset(declared: str | None) -> None:
    assert detect_encoding("朱镕基".encode("gb18030"), declared).encoding == "gb18030"


def test_a_page_that_lies_about_itself() -> None:
    page = f'<html><head><meta charset="utf-8"></head><body>{PAGE}</body></html>'
    assert detect_encoding(page.encode("gb18030")).encoding == "gb18030"


def test_damaged_text_in_valid_utf8_is_utf8() -> None:
    assert detect_encoding(PAGE.encode().decode("latin-1").encode()).encoding == "utf-8"
    assert detect_encoding("ÊýľÝ".encode()).encoding == "utf-8"
    assert detect_encoding("鏁版嵁\ufffd".encode()).encoding == "utf-8"


@pytest.mark.parametrize("stray", [b"\xff", b"\xe5\x85", b"\x92"])
def test_a_stray_byte_turns_no_encoding_away(stray: bytes) -> None:
    for encoding in ("utf-8", "gb18030"):
        data = PAGE.encode(encoding)
        line = data.index(b"\n") + 1
        spliced = data[:line] + stray + data[line:]
        assert detect_encoding(spliced).encoding == encoding
        assert len(detect_segments(spliced)) == 1


@pytest.mark.parametrize("cut", [1, 2])
def test_text_cut_within_a_character(cut: int) -> None:
    assert detect_encoding("防汛抗旱会议".encode()[:-cut]).encoding == "utf-8"
    assert detect_encoding("防汛抗旱会议".encode("gb18030")[:-cut]).encoding == "gb18030"


@pytest.mark.parametrize("data", [bytes(range(256)), b"\x89PNG\r\n\x1a\n" + bytes(50), bytes(100)])
def test_what_is_no_text(data: bytes) -> None:
    assert detect_encoding(data).encoding is None


def test_identifiers_are_ascii() -> None:
    # Four such characters may be two hanzi in UTF-16, but hardly ever are.
    chooser = random.Random(5)
    symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    identifiers = [
        "".join(chooser.choices(symbols, k=length)).encode() for length in (4, 6, 8, 12) for _ in range(2000)
    ]
    words = [b"RIFF", b"GIF89a", b"data+more", b"a+bcd-", b"x~{y", b"C++", b"~", b"+86-10-12345678"]
    assert {found.encoding for found in detect_encodings([*identifiers, *words])} == {"ascii"}


@given(data=st.binary(max_size=80))
@quick
def test_anything_gets_an_answer_that_decodes(data: bytes) -> None:
    found = detect_encoding(data)
    if found.encoding is not None:
        data.decode(found.encoding, "replace")


RECORDS = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.text(max_size=30).map(lambda text: text.encode("utf-8", "replace")),
        st.tuples(
            st.sampled_from([*WORDS, *LINES, PAGE]), st.sampled_from(["utf-8", "gb18030", "utf-16-le", "hz", "utf-16"])
        ).map(lambda pair: pair[0].encode(pair[1])),
    ),
    max_size=6,
)


@given(records=RECORDS)
@quick
def test_a_batch_answers_as_each_alone(records: list[bytes]) -> None:
    alone = [detect_encoding(record) for record in records]
    assert detect_encodings(records) == alone
    assert detect_encodings(pa.array(records, pa.binary())) == alone
    sliced = pa.array([b"\xc4\xe3", *records], pa.large_binary())[1:]
    assert detect_encodings(sliced) == alone


def test_null_counts_as_empty() -> None:
    assert [found.encoding for found in detect_encodings(pa.array([None, b""], pa.binary()))] == ["ascii", "ascii"]


@pytest.mark.parametrize("encoding", [name for name in detectable() if name != "johab"])
@given(data=st.binary(min_size=1, max_size=40), text=st.text(max_size=20))
@quick
def test_tables_read_what_python_reads(encoding: str, data: bytes, text: str) -> None:
    for sample in (data, text.encode(encoding, "ignore")):
        try:
            expected = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        dropped = _COMBINED if encoding == "big5hkscs" else ""
        assert _read(sample, encoding) == [ord(character) for character in expected if character not in dropped]


_COMBINED = "\u0304\u030c"
"""The second halves of four codes of Big5-HKSCS."""


def _read(sample: bytes, encoding: str) -> list[int]:
    codes = np.zeros(len(sample), np.int64)
    count = _walk(load_decoders(), detectable().index(encoding), np.frombuffer(sample, np.uint8), codes)
    return [int(code) for code in codes[:count]]


@borrowing
def _walk(decoders: Decoders, encoding: int, data: Data, codes: npt.NDArray[np.int64]) -> int:
    decoder = decoder_of(decoders, encoding)
    at = count = 0
    while at < len(data):
        codes[count], at = next_character(decoder, data, at, len(data))
        count += 1
    return count


def _mixed(*parts: tuple[str, str]) -> tuple[bytes, list[tuple[int, int, str]]]:
    """Write each text in its encoding; return the bytes and where each lies."""
    data = b""
    places = []
    for text, encoding in parts:
        places.append((len(data), len(data) + len(text.encode(encoding)), encoding))
        data += text.encode(encoding)
    return data, places


@given(
    parts=st.lists(
        st.one_of(
            st.tuples(st.sampled_from(LINES), st.sampled_from(["utf-8", "gb18030"])),
            st.just((TRADITIONAL, "big5hkscs")),
        ).map(lambda pair: (pair[0] + "\n", pair[1])),
        min_size=2,
        max_size=8,
    )
)
@quick
def test_lines_in_several_encodings_are_cut_where_they_change(parts: list[tuple[str, str]]) -> None:
    data, places = _mixed(*parts)
    segments = detect_segments(data)
    assert [segment.start for segment in segments] == [0, *(segment.end for segment in segments[:-1])]
    assert segments[-1].end == len(data)
    for start, end, encoding in places:
        (own,) = [segment for segment in segments if segment.start <= start < segment.end]
        assert own.end >= end
        assert own.encoding == encoding
    assert all(one.encoding != other.encoding for one, other in pairwise(segments))


def test_rows_and_cells_in_turns() -> None:
    names = ["张伟民", "王芳", "李娜", "刘洋", "陈静雯", "杨敏"]
    rows = [(f"{i},{name},ok\n", ("gb18030", "utf-8")[i % 2]) for i, name in enumerate(names)]
    data, _ = _mixed(*rows)
    assert [segment.encoding for segment in detect_segments(data)] == ["gb18030", "utf-8"] * 3
    data, _ = _mixed(("标题：安全生产，", "utf-8"), (" 防汛抗旱工作 ", "gb18030"), ("，完毕\n", "utf-8"))
    assert [segment.encoding for segment in detect_segments(data)] == ["utf-8", "gb18030", "utf-8"]


def test_a_marked_file_with_other_rows() -> None:
    data, _ = _mixed((LINES[0] + "\n", "utf-8-sig"), (LINES[1] + "\n", "gb18030"))
    assert [segment.encoding for segment in detect_segments(data)] == ["utf-8-sig", "gb18030"]


@given(
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16-le", "euc_jp", "cp1251"]),
    spots=st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from(b"\xff\x3f\x92\xa0")), max_size=3),
)
@quick
def test_one_encoding_is_never_cut(encoding: str, spots: list[tuple[float, int]]) -> None:
    text = {"euc_jp": "東京都は本日、感染者を確認した。\n" * 20, "cp1251": "Все люди рождаются свободными.\n" * 20}
    data = bytearray(text.get(encoding, PAGE).encode(encoding))
    for place, byte in spots:
        data[int(place * len(data))] = byte
    assert [segment.encoding for segment in detect_segments(bytes(data))] == [encoding]


def test_a_large_file_is_sampled_and_read_whole_where_windows_disagree() -> None:
    text = PAGE * 200
    found = detect_encoding(text.encode("gb18030"))
    assert found.encoding == "gb18030"
    assert "windows agree" in found.reason
    data, _ = _mixed((text, "gb18030"), (text * 2, "utf-8"))
    found = detect_encoding(data)
    assert found.encoding == "utf-8"
    assert 0.6 < found.confidence < 0.8
    assert [(segment.end, segment.encoding) for segment in detect_segments(data)] == [
        (len(text.encode("gb18030")), "gb18030"),
        (len(data), "utf-8"),
    ]
    assert majority(data, detect_segments(data)) == found


def test_other_bytes_in_a_large_file_of_ascii_are_found() -> None:
    filler = b"all quiet on this line\n" * 20000
    assert detect_encoding(filler).encoding == "ascii"
    assert detect_encoding(filler + PAGE.encode("gb18030") + filler).encoding == "gb18030"


def test_no_code_point_stands_for_bad_bytes() -> None:
    assert min(BAD, CUT) > 0x10FFFF
