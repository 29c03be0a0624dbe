"""The list of words beside the n-grams: which words, and the filter that holds them without their letters.

How the filter is filled: a slot that one word alone uses can be given whatever makes that word's three slots come out
right, once all other words are settled; so words are taken off in that order and settled in the reverse (Graf and
Lemire, 2022, "Binary fuse filters", ACM J. Exp. Algorithmics 27).
"""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from opencc import OpenCC

from flows.build_model.words import Word
from repair.compiled import compiled
from repair.language.lexicon import COST, LEAST, LONGEST, SIMPLIFIED, STEP, TRADITIONAL, UNITS, marked, mixed, places
from repair.language.slots import MARK_2, MARK_3, WIDTH_2, WIDTH_3, found, pair, triple
from repair.language.slots import Slots as Ngrams
from repair.language.store import Arrays
from repair.language.tables import STEP as STEP_ALONE
from repair.language.vocabulary import FIRST_CHARACTER, Vocabulary

_UNLISTED = 20.0
"""Bits of a hanzi that no list has as a word by itself."""
_SIZE = 1.15
"""Slots a word; with fewer it takes many seeds."""
_SEGMENT = 1 << 12
"""Slots of a segment, as the paper has it for some 300,000 words."""
_SEEDS = 100
_UNIT = np.uint64((1 << int(UNITS)) - 1)
Packed = npt.NDArray[np.uint64]
Slots = npt.NDArray[np.uint16]


def lexicon(lists: Iterable[Iterable[Word]], vocabulary: Vocabulary, ngrams: tuple[Ngrams, Ngrams]) -> Arrays:
    """Return the arrays of `repair.language.lexicon.Lexicon`, made of lists of words that count alike.

    ``ngrams`` are the bigrams and trigrams that the model keeps: what they do not hold together is never looked for.
    """
    folded = _folded(vocabulary)
    shares = _shares(lists, vocabulary.unit_of, folded)
    alone = np.where(folded > 0, _UNLISTED, 0.0)
    for word, share in shares.items():
        if word < 1 << int(UNITS):
            alone[word] = min(-np.log2(share), _UNLISTED)
    words = np.array(sorted(word for word in shares if word >= 1 << int(UNITS)), np.uint64)
    words = words[_held_together(words, *ngrams)]
    bits = -np.log2([shares[word] for word in words.tolist()])
    costs = np.clip(np.round((bits - LEAST) / STEP), 0, (1 << int(COST)) - 1)
    slots, layout = filtered(words, costs.astype(np.uint64))
    return {
        "folded": folded,
        "script": _scripts(vocabulary),
        "alone_steps": np.clip(np.round(alone[folded] / STEP_ALONE), 0, 255).astype(np.uint8),
        "words": slots,
        "layout": layout,
    }


@compiled
def _held_together(words: Packed, bigrams: Ngrams, trigrams: Ngrams) -> npt.NDArray[np.bool_]:
    """Say of each word whether the model keeps all bigrams and trigrams in it."""
    held = np.ones(len(words), np.bool_)
    for at in range(len(words)):
        rest = words[at]
        while rest >> UNITS:
            last, before = rest & _UNIT, (rest >> UNITS) & _UNIT
            held[at] &= found(bigrams, pair(before, last), WIDTH_2, MARK_2) != 0
            rest >>= UNITS
            if rest >> UNITS:
                ngram = triple((rest >> UNITS) & _UNIT, before, last)
                held[at] &= found(trigrams, ngram, WIDTH_3, MARK_3) != 0
    return held


def _folded(vocabulary: Vocabulary) -> npt.NDArray[np.uint16]:
    """Return the unit in simplified script of each unit of a hanzi, 0 for all others."""
    folded = np.zeros(vocabulary.size, np.uint16)
    converter = OpenCC("t2s")
    for unit, character in enumerate(vocabulary.characters, FIRST_CHARACTER):
        if "\u3400" <= character <= "\u9fff":
            simple = int(vocabulary.unit_of[ord(str(converter.convert(character))[0])])
            folded[unit] = simple if simple >= FIRST_CHARACTER else unit
    return folded


def _scripts(vocabulary: Vocabulary) -> npt.NDArray[np.uint8]:
    """Return the script of each unit of a hanzi, 0 where both write it: 后 and 里 are old characters too."""
    scripts = np.zeros(vocabulary.size, np.uint8)
    to_simplified, to_traditional = OpenCC("t2s"), OpenCC("s2t")
    for unit, character in enumerate(vocabulary.characters, FIRST_CHARACTER):
        if "\u3400" <= character <= "\u9fff":
            if to_traditional.convert(character) != character and not character.encode("big5", "ignore"):
                scripts[unit] = SIMPLIFIED
            elif to_simplified.convert(character) != character and not character.encode("gb2312", "ignore"):
                scripts[unit] = TRADITIONAL
    return scripts


def _shares(
    lists: Iterable[Iterable[Word]], unit_of: npt.NDArray[np.uint16], folded: npt.NDArray[np.uint16]
) -> dict[int, float]:
    """Return packed words with their mean share of the lists."""
    shares: dict[int, float] = {}
    several = [list(words) for words in lists]
    for words in several:
        whole = sum(count for _, count in words) * len(several)
        for word, count in _packed(words, unit_of, folded):
            shares[word] = shares.get(word, 0.0) + count / whole
    return shares


def _packed(
    words: Iterable[Word], unit_of: npt.NDArray[np.uint16], folded: npt.NDArray[np.uint16]
) -> Iterator[tuple[int, float]]:
    """Yield the words that are hanzi throughout and not too long, their folded units packed in 14 bits each."""
    for word, count in words:
        units = [int(folded[unit_of[ord(character)]]) for character in word]
        if len(units) <= LONGEST and all(units):
            packed = 0
            for unit in units:
                packed = packed << int(UNITS) | unit
            yield packed, count


def filtered(words: Packed, costs: Packed) -> tuple[Slots, Packed]:
    """Return the slots and the layout of the filter; the same words give the same filter."""
    segments = max(1, int(np.ceil(len(words) * _SIZE / _SEGMENT)) - 2)
    for seed in range(_SEEDS):
        layout = np.array([segments, _SEGMENT, seed], np.uint64)
        slots = np.zeros((segments + 2) * _SEGMENT, np.uint16)
        if _settled(words, costs, layout, slots):
            return slots, layout
    raise ValueError("no seed fits: the same word stands twice, or there are too many words for the slots")


@compiled
def _settled(words: Packed, costs: Packed, layout: Packed, slots: Slots) -> bool:
    """Fill the slots; False where the words cannot all be taken off one after the other."""
    users = np.zeros(len(slots), np.int64)
    either = np.zeros(len(slots), np.int64)  # of the words that use a slot, the numbers xored: one left is known
    for word in range(len(words)):
        for place in places(mixed(words[word], layout[2]), layout[0], layout[1]):
            users[place] += 1
            either[place] ^= word
    order, at = _taken_off(words, layout, users, either)
    if len(order) < len(words):
        return False
    for n in range(len(order) - 1, -1, -1):
        number = mixed(words[order[n]], layout[2])
        first, second, third = places(number, layout[0], layout[1])
        value = (marked(number) << COST) | costs[order[n]]
        slots[at[n]] = 0
        slots[at[n]] = np.uint16(value ^ np.uint64(slots[first] ^ slots[second] ^ slots[third]))
    return True


@compiled
def _taken_off(
    words: Packed, layout: Packed, users: npt.NDArray[np.int64], either: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the words in the order in which each has a slot to itself, and that slot."""
    order, at = np.empty(len(words), np.int64), np.empty(len(words), np.int64)
    waiting = np.flatnonzero(users == 1)
    waiting, more = np.concatenate((waiting, np.empty(len(words) * 3, np.int64))), len(waiting)
    done = taken = 0
    while taken < more:
        slot = waiting[taken]
        taken += 1
        if users[slot] != 1:
            continue
        word = either[slot]
        order[done], at[done] = word, slot
        done += 1
        for place in places(mixed(words[word], layout[2]), layout[0], layout[1]):
            users[place] -= 1
            either[place] ^= word
            if users[place] == 1:
                waiting[more] = place
                more += 1
    return order[:done], at[:done]
