"""Building the language model: counting, estimating, pruning, and the tables that result."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.build_model.counts import SHIFT, Keys, Weighted, counted
from flows.build_model.estimates import estimated, pruned, unigram_probabilities
from flows.build_model.lexicon import filtered
from flows.build_model.packing import Kept, backoff_steps, packed, steps
from repair.language.lexicon import LEAST, NO_WORD, STEP, Lexicon, word_bits
from repair.language.slots import MARK_2, MARK_3, UNITS, WIDTH_2, WIDTH_3, Slots, found, pair, triple
from repair.language.vocabulary import BOUNDARY, Vocabulary

RANDOM = np.random.default_rng(20261125)
VOCABULARY = Vocabulary("。一三上下不中二人大天子")


def text(*lines: str, weight: float = 1.0) -> Weighted:
    return Weighted(list(lines), np.full(len(lines), weight), whole=True)


def words(*listed: str) -> Weighted:
    return Weighted(list(listed), np.ones(len(listed)), whole=False)


def ngrams(order: int, number: int) -> Keys:
    """Return different n-grams of random units."""
    units = RANDOM.integers(0, UNITS - 2, (order, number * 2)).astype(np.uint64)
    keys = np.zeros(number * 2, np.uint64)
    for column in units:
        keys = keys << SHIFT | column
    return np.sort(RANDOM.permutation(np.unique(keys))[:number])


def kept(order: int, number: int) -> Kept:
    bits = RANDOM.integers(1, 255, number) / 10
    return Kept(order, ngrams(order, number), bits, np.where(RANDOM.random(number) < 0.5, np.nan, 1.0))


def test_words_say_nothing_of_what_stands_around_them() -> None:
    _, (bigrams, trigrams) = counted([words("天下", "上")], VOCABULARY)
    boundary = [key for key in bigrams[0].tolist() if BOUNDARY in (key >> 16, key & 0xFFFF)]
    assert boundary == []
    assert len(trigrams[0]) == 1  # what follows 天下 is counted as unknown


def test_an_ngram_weighs_what_its_texts_weigh() -> None:
    one = counted([text("天下大"), text("天下人", weight=0.5)], VOCABULARY)[1][0]
    heaven = VOCABULARY.units("天下").astype(np.uint64)
    assert one[1][np.searchsorted(one[0], heaven[0] << SHIFT | heaven[1])] == 1.5


@settings(deadline=None)
@given(
    st.lists(st.text("一三上下不中二人大天子。", min_size=1, max_size=9), min_size=3, max_size=20), st.integers(8, 60)
)
def test_with_a_trigram_both_its_bigrams_are_kept(lines: list[str], most: int) -> None:
    unigrams, counts = counted([text(*lines)], VOCABULARY)
    p1 = unigram_probabilities(unigrams)
    (two, three), _ = pruned(estimated(counts, p1), p1, most)
    assert np.isin(three.ngrams >> SHIFT, two.ngrams).all()
    assert np.isin(three.ngrams & np.uint64(0xFFFFFFFF), two.ngrams).all()
    assert not np.isnan(two.backoff[np.isin(two.ngrams, three.ngrams >> SHIFT)]).any()


@pytest.mark.parametrize(("order", "mistaken"), [(2, 0), (3, 3)])
def test_what_was_packed_is_found_and_nothing_else(order: int, mistaken: int) -> None:
    """Bigrams are exact; a trigram that is not kept meets another's 21 bits less than once in 100,000 times."""
    packing = kept(order, 540_000)
    table = packed(packing)
    for at in RANDOM.integers(0, 540_000, 5_000):
        assert look_up(table, order, int(packing.ngrams[at])) & 255 == round(packing.bits[at] * 10)
    others = np.setdiff1d(ngrams(order, 100_000), packing.ngrams)
    assert sum(look_up(table, order, int(key)) != 0 for key in others) <= mistaken


def look_up(table: Slots, order: int, key: int) -> int:
    first, second, third = (np.uint64(key >> shift & 0xFFFF) for shift in (32, 16, 0))
    if order == 2:
        return int(found(table, pair(second, third), WIDTH_2, MARK_2))
    return int(found(table, triple(first, second, third), WIDTH_3, MARK_3))


@pytest.mark.parametrize(("order", "number", "last"), [(2, 1_000, 5), (3, 1_000, UNITS - 1)])
def test_what_a_table_cannot_tell_apart_is_refused(order: int, number: int, last: int) -> None:
    keys = np.arange(number, dtype=np.uint64) << SHIFT | np.uint64(last)
    with pytest.raises(ValueError, match=r"keep more|fewer than"):
        packed(Kept(order, keys, np.ones(number), np.ones(number)))


def test_costs_come_back_in_steps() -> None:
    assert steps(np.array([0.0, 0.14, 99.0])).tolist() == [1, 1, 255]
    assert backoff_steps(np.array([np.nan, 0.0, -9.0, 1.0])).tolist() == [0, 32, 1, 42]


def test_words_are_found_with_what_they_cost_and_hardly_anything_else() -> None:
    numbers = np.unique(RANDOM.integers(1 << 14, 1 << 56, 400_000).astype(np.uint64))
    words, others = numbers[::2], numbers[1::2]
    costs = RANDOM.integers(0, 32, len(words)).astype(np.uint64)
    slots, layout = filtered(words, costs)
    nothing = np.zeros(0, np.uint16)
    lexicon = Lexicon(nothing, nothing, nothing.astype(np.uint8), nothing.astype(np.float32), slots, layout)
    assert [asked(lexicon, word) for word in words[:5000]] == pytest.approx(LEAST + STEP * costs[:5000])
    assert sum(asked(lexicon, word) < NO_WORD for word in others[:5000]) < 5000 / 500


def test_the_same_word_twice_makes_no_filter() -> None:
    twice = np.full(2, 1 << 20, np.uint64)
    with pytest.raises(ValueError, match="twice"):
        filtered(twice, np.zeros(2, np.uint64))


def asked(lexicon: Lexicon, word: np.uint64) -> float:
    return float(word_bits(lexicon, word))
