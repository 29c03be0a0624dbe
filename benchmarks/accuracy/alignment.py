"""An answer beside the truth: which characters of one stand in the other."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

_LONG = 600
"""Characters from which texts are compared by lines first: the comparison takes quadratic time."""


class Matching(NamedTuple):
    """For each character of the answer its place in the truth (-1: none), and which of the truth's are there."""

    places: list[int]
    right: list[bool]


def match(truth: str, answer: str) -> Matching:
    """Align by position where at least half of two texts of one length agree so, else by longest common blocks."""
    places = [-1] * len(answer)
    right = [False] * len(truth)
    for start, other, length in _blocks(truth, answer):
        for step in range(length):
            places[other + step] = start + step
            right[start + step] = True
    return Matching(places, right)


def _blocks(truth: str, answer: str) -> Iterator[tuple[int, int, int]]:
    """Yield (offset in truth, offset in answer, length) of what agrees."""
    if len(truth) == len(answer):
        equal = [at for at, (one, other) in enumerate(zip(truth, answer, strict=True)) if one == other]
        if 2 * len(equal) >= len(truth):
            yield from ((at, at, 1) for at in equal)
            return
    if max(len(truth), len(answer)) > _LONG and "\n" in truth:
        yield from _by_lines(truth, answer)
    else:
        yield from SequenceMatcher(None, truth, answer, autojunk=False).get_matching_blocks()


def _by_lines(truth: str, answer: str) -> Iterator[tuple[int, int, int]]:
    one, other = truth.splitlines(keepends=True), answer.splitlines(keepends=True)
    starts, others = _starts(one), _starts(other)
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            yield starts[a], others[c], starts[b] - starts[a]
        elif tag == "replace" and b - a == d - c:
            for left, right in zip(range(a, b), range(c, d), strict=True):
                yield from _shifted(one[left], other[right], starts[left], others[right])
        elif tag == "replace":
            yield from _shifted("".join(one[a:b]), "".join(other[c:d]), starts[a], others[c])


def _shifted(truth: str, answer: str, start: int, other: int) -> Iterator[tuple[int, int, int]]:
    equal_length = len(truth) == len(answer) and sum(map(str.__eq__, truth, answer)) * 2 >= len(truth)
    if equal_length:
        yield from ((start + at, other + at, 1) for at in range(len(truth)) if truth[at] == answer[at])
        return
    for a, b, length in SequenceMatcher(None, truth, answer, autojunk=False).get_matching_blocks():
        yield start + a, other + b, length


def _starts(lines: list[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts


def stands(matching: Matching, start: int, end: int) -> bool:
    """Say whether a slice of the answer stands in the truth as it is; an empty one: whether nothing is missing."""
    places = matching.places
    if start == end:
        before = places[start - 1] if start else -1
        after = places[end] if end < len(places) else len(matching.right)
        return after == before + 1
    return places[start] >= 0 and places[start:end] == list(range(places[start], places[start] + end - start))
