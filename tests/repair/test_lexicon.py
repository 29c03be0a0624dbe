"""The list of words: what is found in it, and the cheapest division of a text into its words."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.language import load, load_lexicon
from repair.language.kernel import holds, push
from repair.language.lexicon import LONGEST, NO_WORD, SIMPLIFIED, TRADITIONAL, longer, word_bits
from repair.lattice import solve_options
from repair.lattice.dividing import AROUND, Wording, divide_left, divide_right, divided, new_room

MODEL, LEXICON = load(), load_lexicon()
_HANZI = st.text(st.sampled_from("中国人民共和图书馆情不自禁多少经济在的了学习，a"), max_size=AROUND)


@pytest.mark.parametrize(
    ("word", "low", "high"),
    [("中国", 8, 12), ("图书馆", 13, 19), ("情不自禁", 16, 24), ("人民", 8, 12), ("經濟", 8, 14), ("圖書館", 13, 19)],
)
def test_words_cost_what_they_are_met(word: str, low: float, high: float) -> None:
    assert low <= _bits(word) <= high


@pytest.mark.parametrize("text", ["图书经", "情不经济", "国人中", "a国", "，中国"])
def test_what_is_no_word_is_none(text: str) -> None:
    assert _bits(text) >= NO_WORD


def test_both_scripts_of_a_word_cost_the_same() -> None:
    assert _bits("經濟") == _bits("经济")


@pytest.mark.parametrize(
    ("character", "script"), [("国", SIMPLIFIED), ("國", TRADITIONAL), ("后", 0), ("中", 0), ("a", 0)]
)
def test_script(character: str, script: int) -> None:
    assert LEXICON.script[MODEL.vocabulary.unit_of[ord(character)]] == script


@settings(deadline=None)
@given(_HANZI, _HANZI.filter(lambda text: 0 < len(text) <= 3), _HANZI)
def test_no_division_is_cheaper(left: str, text: str, right: str) -> None:
    """What the loops find piece by piece is what trying every division finds."""
    wording = Wording(MODEL.tables, LEXICON, new_room(), temper=1.0, weight=1.0)
    units = MODEL.vocabulary.units(left + text + right)
    wording.room.left[AROUND - len(left) :] = units[: len(left)]
    wording.room.right[: len(right)] = units[len(left) + len(text) :]
    divide_left(wording, len(left))
    divide_right(wording, len(right))
    wording.room.whole[len(left) : len(left) + len(text)] = units[len(left) : len(left) + len(text)]
    assert divided(wording, len(text), len(left), len(right)) == pytest.approx(_cheapest(left + text + right), abs=1e-3)


def test_words_decide_between_characters() -> None:
    """By n-grams alone 多 is likelier than 学 between 同 and 情."""
    options = [[character.encode()] for character in "许多同?情不自禁"]
    options[3] = ["学".encode(), "多".encode(), "外".encode()]
    candidate = solve_options(options, "utf-8")
    assert candidate is not None
    assert candidate.text == "许多同学情不自禁"


@pytest.mark.parametrize(("around", "text"), [("我们在?校里见过他", "学"), ("我們在?校裡見過他", "學")])
def test_a_line_keeps_its_script(around: str, text: str) -> None:
    options = [[character.encode()] for character in around]
    options[around.index("?")] = ["学".encode(), "學".encode()]
    candidate = solve_options(options, "utf-8")
    assert candidate is not None
    assert candidate.text == around.replace("?", text)
    assert candidate.losses[0].alternatives[0][1] > 0.8


@cache
def _cheapest(text: str) -> float:
    """Return what the cheapest division costs, found by trying all of them."""
    if not text:
        return 0.0
    first = (_bits(text[:size]) + _cheapest(text[size:]) for size in range(1, min(LONGEST, len(text)) + 1))
    return min(first)


def _bits(word: str) -> float:
    units = MODEL.vocabulary.units(word)
    if len(word) == 1:
        return float(LEXICON.alone[units[0]])
    packed = context = np.uint64(0)
    for at, folded in enumerate(LEXICON.folded[units].astype(np.uint64)):
        if at and not holds(MODEL.tables, context, folded):
            return float(NO_WORD)
        packed, context = np.uint64(longer(packed, folded)), np.uint64(push(context, folded))
    return float(word_bits(LEXICON, packed))
