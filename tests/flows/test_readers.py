import gzip
from collections.abc import Iterable
from pathlib import Path

import pytest

from flows.blocks import Block
from flows.fields import extract
from flows.readers import cells_of, decode_pages, read_records
from flows.readers.content import Content
from flows.readers.decoding import is_bytewise
from flows.readers.pages import html_text
from flows.records import Record
from flows.sources import Source
from tests.flows.archives import CSV, JSONL, PAGE


def read(path: Path, data: bytes, limit: int = 1 << 20) -> list[Record]:
    path.write_bytes(data)
    return one_by_one(read_records(Source(str(path), path.name), limit))


def one_by_one(found: Iterable[Record | Block]) -> list[Record]:
    records = (record for item in found for record in (item.records() if isinstance(item, Block) else (item,)))
    decoded = (decode_pages([record])[0] if is_whole_page(record) else record for record in records)
    return sorted(decoded, key=lambda record: record.place.byte_offset)


def is_whole_page(record: Record) -> bool:
    return record.layout.is_page and record.problem is None


def reasons(records: list[Record]) -> list[str | None]:
    return [record.problem.reason if record.problem else None for record in records]


def test_csv_rows_lie_where_they_say_and_nothing_is_lost(tmp_path: Path) -> None:
    records = read(tmp_path / "a.csv", CSV)
    assert reasons(records) == [None, None, *["wrong-column-count"] * 3, None]
    header = CSV.index(b"\n") + 1
    assert b"".join(record.original or b"" for record in records) == CSV[header:]
    for record in records:
        place = record.place
        assert CSV[place.byte_offset : place.byte_offset + place.byte_length] == record.original


def test_csv_cells_in_the_encoding_of_the_file(tmp_path: Path) -> None:
    first, second, *_, last = read(tmp_path / "a.csv", CSV)
    assert first.cells == (("编号", "1"), ("标题", "关于做好,防汛工作"), ("sha256", "甲"))
    assert dict(second.cells)["标题"] == "分两行的\r\n标题"
    assert dict(last.cells)["标题"] == "关于做好防汛工作的通知"
    assert last.encoding == "gb18030"


def test_a_row_in_another_encoding_is_decoded_in_its_own(tmp_path: Path) -> None:
    rows = "编号,标题\n" + "1,全县防汛工作会议召开\n" * 20
    odd = "2,全县各级各部门要认清形势,\n".replace(",\n", "\n").encode("gb18030")
    records = read(tmp_path / "a.csv", rows.encode() + odd)
    assert records[-1].encoding == "gb18030"
    assert dict(records[-1].cells)["标题"] == "全县各级各部门要认清形势"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030", "utf-8"])
def test_csv_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    data = '编号,标题\r\n1,"全县防汛,工作会议"\r\n2,县委召开工作会议\r\n'.encode(encoding)
    records = read(tmp_path / "a.csv", data)
    assert [tuple(dict(record.cells).values()) for record in records] == [
        ("1", "全县防汛,工作会议"),
        ("2", "县委召开工作会议"),
    ]
    assert list(dict(records[0].cells)) == ["编号", "标题"]
    assert data.endswith(b"".join(record.original or b"" for record in records))
    for record in records:
        assert cells_of(record.layout, record.original or b"", record.encoding or "") == record.cells


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_headers(tmp_path: Path, delimiter: str) -> None:
    (record,) = read(tmp_path / "a.csv", f"a{delimiter}b\n1{delimiter}2\n".encode())
    assert record.cells == (("a", "1"), ("b", "2"))


def test_json_lines(tmp_path: Path) -> None:
    records = read(tmp_path / "a.jsonl", JSONL)
    assert reasons(records) == [None, "invalid-json", "lone-surrogate", "invalid-json", None]
    assert records[0].cells == (("题", "关于做好防汛工作的通知"), ("n", "1.5"), ("空", None))
    assert "line 2, byte" in (records[1].problem.detail if records[1].problem else "")
    for record in records:
        assert JSONL[record.place.byte_offset :].startswith(record.original or b"-")


def test_json_lines_whose_trail_bytes_look_like_backslashes(tmp_path: Path) -> None:
    (record,) = read(tmp_path / "a.jsonl", ('{"题": "' + "全县誠意工作会议" * 4 + '"}').encode("gb18030"))
    assert record.problem is None


def test_compressed_members_have_names(tmp_path: Path) -> None:
    records = read(tmp_path / "a.jsonl.gz", gzip.compress(JSONL))
    assert {record.place.member for record in records} == {"a.jsonl"}
    assert len(records) == 5


def test_a_cut_gzip_is_told_with_what_could_be_read(tmp_path: Path) -> None:
    packed = gzip.compress(bytes(range(256)) * 4000, compresslevel=0)
    (record,) = read(tmp_path / "a.txt.gz", packed[:-3000])
    assert reasons([record]) == ["unreadable"]
    assert record.problem
    assert "stopped at byte" in record.problem.detail


@pytest.mark.parametrize("name", ["a.csv.gz", "a.jsonl.gz", "a.txt.gz"])
def test_a_broken_gzip_is_unreadable_in_every_format(tmp_path: Path, name: str) -> None:
    assert "unreadable" in reasons(read(tmp_path / name, b"\x1f\x8b\x08\x00broken"))


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.csv", "a.jsonl", "a"])
def test_an_empty_file_is_a_record(tmp_path: Path, name: str) -> None:
    assert reasons(read(tmp_path / name, b"")) == ["empty"]


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl", "a.dat"])
def test_binary_files(tmp_path: Path, name: str) -> None:
    data = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 16
    (record,) = read(tmp_path / name, data)
    assert reasons([record]) == ["binary"]
    assert record.original == data


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl"])
def test_a_record_over_the_limit_keeps_its_bytes(tmp_path: Path, name: str) -> None:
    long = b"x" * 5000
    records = read(tmp_path / name, b"a\n" * (name == "a.csv") + long, limit=4096)
    assert reasons(records) == ["too-large"]
    assert records[0].original == long


def test_a_file_that_is_gone_or_fails_is_unreadable(tmp_path: Path) -> None:
    assert reasons(one_by_one(read_records(Source(str(tmp_path / "gone"), "gone")))) == ["unreadable"]
    assert reasons(one_by_one(read_records(Source("/proc/self/mem", "mem")))) == ["unreadable"]


def test_html_gives_its_blocks(tmp_path: Path) -> None:
    page = f"<html><head><title>会议</title><style>p{{}}</style></head><body><p>{PAGE[:11]}</p>一<br>二"
    (record,) = read(tmp_path / "a.html", page.encode("gb18030"))
    assert record.text == f"会议\n{PAGE[:11]}\n一\n二"


def test_html_says_of_itself_what_the_fields_need() -> None:
    head = (
        '<title>全县会议</title><meta name="PubDate" content="2021-08-13 09:38"><meta name="Author" content="张三">'
        '<meta name="ContentSource" content="县融媒体中心"><link rel="canonical" href="http://x.cn/a.html">'
    )
    fields = extract(
        html_text(f"<html><head>{head}</head><body><h1>全县会议</h1><p>会议总结了工作。</p></body></html>")
    )
    assert fields.published_at
    assert fields.published_at.isoformat() == "2021-08-13T09:38:00+08:00"
    assert (fields.title, fields.authors, fields.source) == ("全县会议", ("张三",), "县融媒体中心")
    assert fields.url == "http://x.cn/a.html"


def test_a_deep_page_needs_no_recursion() -> None:
    assert html_text("<b>" * 3000 + "字").endswith("字")


def test_lines_of_two_bytes_end_only_where_aligned(tmp_path: Path) -> None:
    text = "ਊ\n਀Ā\n"  # U+0A0A and U+0A00 hold the bytes of a newline
    (tmp_path / "a").write_bytes(text.encode("utf-16-le"))
    with (tmp_path / "a").open("rb") as file:
        lines = [line.data or b"" for line in Content(file, "a").lines("\n".encode("utf-16-le"))]
    assert [line.decode("utf-16-le") for line in lines] == ["ਊ\n", "਀Ā\n"]


def test_no_byte_of_a_bytewise_encoding_collides_with_the_marks_of_csv() -> None:
    marks = {ord(c) for c in ',;\t"\r\n'}
    for encoding in ("gb18030", "gbk", "big5hkscs", "shift_jis", "euc_kr", "utf-8"):
        assert is_bytewise(encoding)
        for point in (*range(0x80, 0xD800), *range(0xE000, 0x11000)):
            assert not marks & set(chr(point).encode(encoding, "ignore"))
    assert not is_bytewise("utf-16-le")
    assert not is_bytewise("hz")
