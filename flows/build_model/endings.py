"""What follows the words of a word list: what follows the same characters in running text.

A list tells how often a word is used, but not what comes next. Left out, the ends of words would make all that goes on
inside longer words too likely: 安全 would be followed by 局 and 性 only.
"""

import numpy as np

from flows.build_model.counts import LAST, SHIFT, UNKNOWN, Counted, found, grouped, merged

_KINDS = 4.0
"""Characters that never followed count as so many for each that did. 4 and 1: news 7.01 and 7.07 bits a character, talk
8.08 and 8.18; to leave all to the shorter n-gram: 7.06 and 8.01, but reports 5.07 instead of 4.74."""


def continued(text: list[Counted], words: list[Counted]) -> list[Counted]:
    """Return the counts of text and words together; what text does not tell of the ends of words stays `UNKNOWN`."""
    return [_continued(*orders) for orders in zip(text, words, strict=True)]


def _continued(text: Counted, words: Counted) -> Counted:
    (keys, number), (word_keys, word_number) = text, words
    ends = (word_keys & LAST) == UNKNOWN
    ended, ended_number = word_keys[ends] >> SHIFT, word_number[ends]
    contexts, group = np.unique(keys >> SHIFT), grouped(keys)
    known = np.bincount(group, number)
    kinds = _KINDS * np.bincount(group, np.minimum(number, 1))
    at, seen = found(ended, contexts)
    factor = 1 + np.where(seen, ended_number[at], 0) / (known + kinds)
    at, seen = found(contexts, ended)
    left = ended_number * np.where(seen, kinds[at] / (known + kinds)[at], 1)
    return merged([(keys, number * factor[group]), (word_keys[~ends], word_number[~ends]), (word_keys[ends], left)])
