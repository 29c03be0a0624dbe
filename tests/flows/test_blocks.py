"""Blocks say what the readers of one row at a time say, wherever blocks and pieces of the file happen to end."""

import io
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.blocks import Block, joined
from flows.readers.content import Content
from flows.readers.json_blocks import read_json_blocks
from flows.readers.json_lines import read_json_lines
from flows.readers.row_blocks import read_row_blocks
from flows.readers.rows import read_rows
from flows.records import Layout, Record

Reader = Callable[[Content, Layout, int], Iterator[Record | Block]]
BLOCKS = "flows.readers.row_blocks.BLOCK_BYTES"
WORDS = [b",", b'"', b"\n", b"\r\n", b"\r", b"\0", b"a", b"1", b"\n1,2\n", b'\n"3\n,","4"\n', b"\n\n", b" ", b"\\"]
HANZI = ["全县防汛工作会议".encode(), "，".encode(), "全县各级".encode("gb18030"), b"\xff"]
LINES = [b'{"a": "x"}', b'{"b": 1.50, "a": null}', b'{"a": "\\ud842"}', b"{}", b"[1]", b"not json", b"", b" ", b"\0"]
STRINGS = [b'{"a": "x", "b": "y"}', b'{"b": "", "a": null}', b'{"a": "{}"}\r', b'{"a": "1\\n\\u0000\\ud83d\\ude00"}']
TRAPS = [
    b'{"a": "x"}{"a": "y"}',  # two objects in a line, and below one object in two: as many as lines
    b'{"a": {"b": "x"}',
    b'{"a": "x"',
    b'"b": "y"}',
    b'{"a": "x", "a": "y"}',
    b'{"a": "x"} }',
    b'{"a": "\x01"}',
    b'{"a": true}',
    b'{"a": "2020-01-01"}',
    b'{"\\u0061": "x\xe2\x80\xa8y"}',
    b"{'a': 'x'}",
    b'{"": "x"}',
]
HEADERS = [b"a,b\n", b"\xef\xbb\xbfa;b\r\n", b"a\n", '编号,"标\n题"\n'.encode("gb18030"), b"a", b""]
JSON = [
    *LINES,
    '{"题": "全县防汛工作会议"}'.encode(),
    '{"题": "全县各级"}'.encode("gb18030"),
    b'{"a": "' + b"x" * 70 + b'"}',
]


def told(reader: Reader, layout: Layout, data: bytes, limit: int) -> list[Record]:
    found = reader(Content(io.BytesIO(data), "a", "b"), layout, limit)
    records = (record for item in found for record in (item.records() if isinstance(item, Block) else (item,)))
    return sorted(records, key=lambda record: record.place.byte_offset)


def content(record: Record) -> tuple[object, ...]:
    """Return what a record says; a key that a line has not is null in the columns of its block."""
    cells = {name: value for name, value in record.cells if value is not None}
    place, problem = record.place, record.problem
    return (place, record.record_id, record.original, record.encoding, record.encoding_confidence, cells, problem)


def alike(readers: tuple[Reader, Reader], layout: Layout, data: bytes, sizes: dict[str, int]) -> bool:
    piece, block = sizes["piece"], sizes["block"]
    with (
        patch("flows.readers.content.PIECE", piece),
        patch("flows.readers.row_blocks.BLOCK_BYTES", block),
        patch("flows.readers.json_blocks.BLOCK_BYTES", block),
    ):
        one, other = (told(reader, layout, data, sizes["limit"]) for reader in readers)
    return list(map(content, one)) == list(map(content, other))


sizes = {"limit": st.sampled_from([40, 1 << 20]), "piece": st.integers(60, 300), "block": st.integers(1, 200)}
tables = st.tuples(st.sampled_from(HEADERS), st.lists(st.sampled_from([*WORDS, *HANZI]), max_size=60))


@settings(deadline=None, max_examples=300)
@given(tables, st.sampled_from([",", ";", ""]), st.fixed_dictionaries(sizes))
@example((b"a,b\n", [b'"', b"\n1,2\n", b'"', b"\r", b"1"]), ",", {"limit": 40, "piece": 60, "block": 1})
def test_tables(table: tuple[bytes, list[bytes]], delimiter: str, sizes: dict[str, int]) -> None:
    header, words = table
    assert alike((read_row_blocks, read_rows), Layout("csv", delimiter), header + b"".join(words), sizes)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(JSON), max_size=20), st.booleans(), st.fixed_dictionaries(sizes))
def test_json_lines(lines: list[bytes], ends: bool, sizes: dict[str, int]) -> None:  # noqa: FBT001 - drawn
    data = b"\n".join(lines) + b"\n" * ends
    assert alike((read_json_blocks, read_json_lines), Layout("jsonl"), data, sizes)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from([*STRINGS * 4, *TRAPS]), max_size=6), st.integers(0, 1), st.fixed_dictionaries(sizes))
@example([b'{"a": "x"}{"a": "y"}', b'{"a": "x"', b'"b": "y"}'], 1, {"limit": 1 << 20, "piece": 60, "block": 200})
def test_json_lines_of_strings(lines: list[bytes], ends: int, sizes: dict[str, int]) -> None:
    data = b"\n".join(lines) + b"\n" * ends
    assert alike((read_json_blocks, read_json_lines), Layout("jsonl"), data, sizes)


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_lines_of_strings_are_not_parsed_one_by_one(codec: str) -> None:
    data = '{"题": "全县防汛工作会议", "文": "各级"}\n'.encode(codec) * 50
    with patch("flows.readers.json_blocks.decode_json", side_effect=AssertionError):
        records = told(read_json_blocks, Layout("jsonl"), data, 1 << 20)
    assert [record.cells for record in records] == [(("题", "全县防汛工作会议"), ("文", "各级"))] * 50


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_clean_table_is_one_block_of_the_bytes_that_were_read(newline: bytes) -> None:
    data = newline.join([b"a,b", *(b"%d,x" % number for number in range(1000)), b""])
    (block,) = read_row_blocks(Content(io.BytesIO(data), "a"), Layout("csv", ","), 1 << 20)
    assert isinstance(block, Block)
    assert len(block) == 1000
    assert b"".join(block.provenance["original"].to_pylist()) == data[len(b"a,b" + newline) :]


def test_blocks_of_one_table_are_joined() -> None:
    data = b"a,b\n" + b"1,2\n" * 100
    with patch(BLOCKS, 50), patch("flows.readers.content.PIECE", 60):
        blocks = list(read_row_blocks(Content(io.BytesIO(data), "a"), Layout("csv", ","), 1 << 20))
    assert len(blocks) > 1
    (block,) = joined(block for block in blocks if isinstance(block, Block))
    assert len(block) == 100


@pytest.mark.timeout(60)
def test_unmatched_quotation_marks_cost_no_more_than_their_rows() -> None:
    good, bad = (b"1," + b"x" * 2000 + b"\n") * 8, b'1,2,"3\n'
    data = b"a,b\n" + (good + bad) * 999 + good  # 16 MB: read anew from each mark to the end, it takes minutes
    records = told(read_row_blocks, Layout("csv", ","), data, 1 << 20)
    assert b"".join(record.original or b"" for record in records) == data[4:]
    assert [record.problem.reason for record in records if record.problem] == ["wrong-column-count"] * 999
