"""The language model: its file and its arithmetic."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.language import load
from repair.language.kernel import cost, push, remembered, taken
from repair.language.store import Arrays, read, write

MODEL = load()


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    arrays: Arrays = {"a": np.arange(5, dtype=np.uint16), "b": np.ones((2, 3), np.float32)}
    write(tmp_path / "model", arrays)
    found = read(tmp_path / "model")
    assert {name: array.tolist() for name, array in found.items()} == {
        name: array.tolist() for name, array in arrays.items()
    }
    assert not any(array.flags.writeable for array in found.values())


@pytest.mark.parametrize("head", [b"", b"MOJIMODL\x01\0\0\0\0\0\0\0", b"PK\x03\x04" + bytes(100)])
def test_another_format_is_refused(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "model").write_bytes(head)
    with pytest.raises(ValueError, match="rebuild"):
        read(tmp_path / "model")


def test_the_large_tables_are_mapped_not_copied() -> None:
    assert not MODEL.tables.bigrams.flags.owndata
    assert not MODEL.tables.trigrams.flags.owndata


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.sampled_from(["", "会", "会议", "中华", "今天", "の", "de", "同志"]), st.text(max_size=3)))
def test_the_probabilities_of_all_that_may_follow_make_one(before: str) -> None:
    """Tenths of a bit make up for each other; n-grams taken for others would make a sum of several."""
    context = np.uint64(0)
    for unit in MODEL.vocabulary.units(before):
        context = np.uint64(push(context, unit))
    bits = [cost(MODEL.tables, context, unit) for unit in range(MODEL.vocabulary.size)]
    total = np.exp2(MODEL.tables.member_bits - np.array(bits)).sum()
    assert 0.9 < total < 1.1


@settings(deadline=None)
@given(st.text(max_size=6), st.text(max_size=3))
def test_what_a_context_forgets_does_not_matter(before: str, after: str) -> None:
    context, shortened = np.uint64(0), np.uint64(0)
    for unit in MODEL.vocabulary.units(before + after):
        assert cost(MODEL.tables, context, unit) == cost(MODEL.tables, shortened, unit)
        context_before, context = context, np.uint64(push(context, unit))
        both = taken(MODEL.tables, shortened, unit)
        shortened = np.uint64(remembered(MODEL.tables, np.uint64(push(shortened, unit))))
        assert both == (cost(MODEL.tables, context_before, unit), shortened)


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=12), max_size=6))
def test_texts_do_not_influence_each_other(texts: list[str]) -> None:
    together = MODEL.log_probabilities(texts)
    np.testing.assert_allclose(together, [MODEL.log_probability(text) for text in texts], atol=1e-3)


@settings(deadline=None)
@given(st.text(max_size=8), st.text(max_size=8))
def test_a_text_costs_what_its_parts_cost(before: str, text: str) -> None:
    whole = MODEL.per_character(before + text).sum()
    given_before = MODEL.conditional([(before, text)])[0]
    np.testing.assert_allclose(whole, MODEL.per_character(before).sum() + given_before, atol=1e-2)


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [
        ("全面落实防控责任", "鍏ㄩ潰钀藉疄闃叉"),
        ("會議總結了工作", "會儀總結了共作"),
        ("東京は晴れです", "東京醡晴蘊蘃蘓"),
        ("Ёлка и снег", "袙谢泻邪 懈 褋"),
    ],
)
def test_text_is_likelier_than_its_misreading(likely: str, unlikely: str) -> None:
    bits = MODEL.log_probabilities([likely, unlikely])
    assert bits[0] / len(likely) > bits[1] / len(unlikely) + 2
