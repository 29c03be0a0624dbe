"""Columns: every Arrow layout of text, the same answers as value by value, clean buffers handed back uncopied."""

from contextlib import suppress

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair import Grade, Mapping, Policy, repair_column, repair_text
from repair.channel import UndamageableError, damage
from repair.columns import SCHEMA, edit_row
from repair.lossy import Lossy
from repair.misreading import Misreading
from repair.pooling import repair_values
from repair.rereading.prospects import lossy, strict
from repair.stored import chain_from_json, chain_to_json

TITLE = "关于做好春季森林防火工作的通知"
GARBLED = TITLE.encode().decode("latin-1")
CLEAN = ["会议强调，要坚持安全第一。", "王小明", "plain", "東京は晴れです"]
DAMAGED = [
    GARBLED,
    TITLE.encode("gb18030").decode("koi8-r"),
    "切实做好防汛工作".encode().decode("gbk"),
    "关于锟斤拷的通知",
    "".join(f"&#{ord(character)};" for character in TITLE),
]
TYPES = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int8(), pa.string()),
    pa.dictionary(pa.int32(), pa.large_string()),
]
values = st.lists(st.none() | st.sampled_from([*CLEAN, *DAMAGED]) | st.text(max_size=8), max_size=12)


def array(column: list[str | None], kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(column, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(column, kind)


def addresses(column: pa.Array) -> list[int | None]:
    return [buffer and buffer.address for buffer in column.buffers()]


@settings(deadline=None, max_examples=60)
@given(values, st.sampled_from(TYPES), st.integers(0, 3), st.integers(0, 3))
def test_every_layout_gives_what_the_values_give(
    column: list[str | None], kind: pa.DataType, before: int, after: int
) -> None:
    kept = column[before : len(column) - after]
    given_ = array(column, kind).slice(before, len(kept))
    batch = repair_column(given_)
    batch.validate(full=True)
    distinct = list(dict.fromkeys(value for value in kept if value is not None))
    expected = dict(zip(distinct, repair_values(distinct, Policy()), strict=True))
    rows = batch.to_pylist()
    assert [row["text"] for row in rows] == [value if value is None else expected[value].text for value in kept]
    grades = [None if value is None else str(expected[value].grade) for value in kept]
    assert [row["grade"] for row in rows] == grades
    assert batch.column("text").type == kind
    for row, value in zip(rows, kept, strict=True):
        if value is None:
            assert set(row.values()) == {None}
        else:
            assert row["evidence"] == pytest.approx(expected[value].evidence)
            assert [edit["text"] for edit in row["edits"]] == [edit.text for edit in expected[value].edits]
            assert damage(chain_from_json(row["chain"]), row["text"]) == value


MISREADINGS = [channel for channel, _ in (*strict().entries, *lossy().entries)]
SENTENCES = st.lists(st.sampled_from("各级人民政府应当加强防汛抗旱工作2021，（a）"), min_size=24, max_size=60).map(
    "".join
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(SENTENCES, st.sampled_from(MISREADINGS)), min_size=1, max_size=6))
def test_a_row_says_all_that_the_repair_of_its_value_says(damage_of: list[tuple[str, Misreading | Lossy]]) -> None:
    column: list[str] = []
    for text, channel in damage_of:
        with suppress(UndamageableError):
            column.append(channel.damage(f"关于做好春季森林防火工作的通知{text}"))
    for row, seen in zip(repair_column(pa.array(column, pa.string())).to_pylist(), column, strict=True):
        repair = repair_text(seen)
        assert row == {
            "text": repair.text,
            "grade": str(repair.grade),
            "evidence": repair.evidence,
            "edits": [edit_row(edit) for edit in repair.edits],
            "chain": chain_to_json(repair.chain),
        }


def test_many_values_are_decided_as_few_are() -> None:
    column = [f"{number}、{TITLE}".encode().decode("latin-1") for number in range(5000)]
    texts = repair_column(pa.array(column)).column("text").to_pylist()
    assert texts == [f"{number}、{TITLE}" for number in range(5000)]


@settings(deadline=None, max_examples=30)
@given(st.lists(values, max_size=4), st.sampled_from(TYPES))
def test_chunks_stay_as_they_are_cut(chunks: list[list[str | None]], kind: pa.DataType) -> None:
    table = repair_column(pa.chunked_array([array(chunk, kind) for chunk in chunks], kind))
    table.validate(full=True)
    assert [len(chunk) for chunk in table.column("text").chunks] == [len(chunk) for chunk in chunks]
    whole = repair_column(pa.array([value for chunk in chunks for value in chunk], pa.string()))
    assert table.column("text").to_pylist() == whole.column("text").to_pylist()


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_clean_text_comes_back_in_the_same_buffers(kind: pa.DataType) -> None:
    column = array(["", None, "", *CLEAN, *CLEAN], kind)[1:]
    text = repair_column(column).column("text")
    assert text.equals(column)
    assert addresses(text) == addresses(column)


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_only_damaged_values_change(kind: pa.DataType) -> None:
    column: list[str | None] = [None, *CLEAN, GARBLED, None, *CLEAN, GARBLED]
    batch = repair_column(array(column, kind))
    assert batch.column("text").to_pylist() == [TITLE if value == GARBLED else value for value in column]
    assert batch.column("grade").to_pylist() == [
        value and str(Grade.EXACT if value == GARBLED else Grade.CLEAN) for value in column
    ]


def test_repeated_values_are_one_decision() -> None:
    rows = repair_column(pa.array([GARBLED, "王小明", GARBLED])).to_pylist()
    assert rows[0] == rows[2] != rows[1]


def test_a_value_of_a_column_is_a_text() -> None:
    for value in DAMAGED:
        repair = repair_text(value)
        (row,) = repair_column(pa.array([value])).to_pylist()
        assert (row["text"], row["grade"], row["evidence"]) == (repair.text, str(repair.grade), repair.evidence)


@pytest.mark.parametrize("seen", ["甲某(1)", "a.b|c", "线\\路"])
def test_mappings_reach_clean_values(seen: str) -> None:
    policy = Policy(mappings=(Mapping("x" * 10, "y"), Mapping(seen, "乙某", always=True)))
    column = pa.array([f"由{seen}负责", "王小明", None])
    assert repair_column(column, policy).column("text").to_pylist() == ["由乙某负责", "王小明", None]


def test_an_empty_column_has_the_columns() -> None:
    assert repair_column(pa.array([], pa.string())).schema == SCHEMA
    assert repair_column(pa.chunked_array([], pa.string())).schema == SCHEMA


@pytest.mark.parametrize("kind", [pa.int64(), pa.binary(), pa.list_(pa.string())])
def test_what_is_no_text_is_refused(kind: pa.DataType) -> None:
    with pytest.raises(TypeError, match="text"):
        repair_column(pa.array([], kind))
