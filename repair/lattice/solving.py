"""From a text and a channel's encodings to the candidate that the search finds."""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from repair.channel import Candidate, Cuts, Loss
from repair.language import load
from repair.lattice.kernel import Beam, best_way
from repair.lattice.settling import LEFT, Way
from repair.lattice.slots import slots_of, slots_with
from repair.lattice.tables import parser

TEMPER = 0.75
"""What a bit of the model counts for in probabilities, because it takes its evidence for more than it is; argued."""
_WHOLE = Beam(width=36.0, states=192, temper=TEMPER, switch=np.inf)
_PARTS = Beam(width=60.0, states=16, temper=TEMPER, switch=12.0)
_BITS = 21
_POINT = (1 << _BITS) - 1


def solve(seen: str, original: str, wrong: str, habit: str | None) -> Candidate | None:
    """Return the likeliest text that was damaged into ``seen`` as a whole, None where nothing parses."""
    way = _way(seen, original, wrong, habit, _WHOLE)
    if way.failed >= 0:
        return None
    return Candidate(_text(way), _cuts(way, len(seen)), tuple(_losses(way)))


def solve_options(
    options: Sequence[Sequence[bytes]], original: str, wrong: str | None = None, habit: str | None = None
) -> Candidate | None:
    """Return the likeliest text given the bytes that may stand at each place; its cuts count places.

    ``wrong`` and ``habit`` say what read the bytes: two that it would have read together are no two losses.
    """
    way = best_way(slots_with(options, wrong, habit), parser(original), load().tables, _WHOLE)
    if way.failed >= 0:
        return None
    return Candidate(_text(way), _cuts(way, len(options)), tuple(_losses(way)))


def damaged_stretches(seen: str, original: str, wrong: str, habit: str | None) -> list[tuple[int, int]]:
    """Return the stretches of ``seen`` in which the damage explains it better than leaving it alone."""
    way = _way(seen, original, wrong, habit, _PARTS)
    if way.failed >= 0:
        return []
    characters = way.characters
    damaged = characters["group"] != LEFT
    edges = np.flatnonzero(np.diff(damaged.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    return [(int(characters["start"][a]), int(characters["end"][b - 1])) for a, b in edges]


def _way(seen: str, original: str, wrong: str, habit: str | None, beam: Beam) -> Way:
    return best_way(slots_of(seen, wrong, habit), parser(original), load().tables, beam)


def _text(way: Way) -> str:
    return way.characters["point"].astype("<u4").tobytes().decode("utf-32-le")


def _cuts(way: Way, length: int) -> Cuts:
    """Cut wherever a character of the text begins where one of what was seen does."""
    starts, ends = way.characters["start"], way.characters["end"]
    begins = np.flatnonzero(starts[1:] >= ends[:-1]) + 1
    inner = zip(begins.tolist(), starts[begins].tolist(), strict=True)
    return tuple(dict.fromkeys(((0, 0), *inner, (len(starts), length))))


def _losses(way: Way) -> Iterator[Loss]:
    """Yield each loss with its alternatives by falling probability, the chosen one first."""
    groups = way.characters["group"]
    numbers = np.arange(len(way.sole))
    listed = np.searchsorted(way.alternatives["group"], [*numbers, len(numbers)])
    places = np.flatnonzero(groups >= 0)
    first = places[np.searchsorted(groups[places], numbers)]
    last = places[np.searchsorted(groups[places], numbers, side="right") - 1]
    for number in numbers.tolist():
        start, end = int(first[number]), int(last[number]) + 1
        alternatives = _alternatives(way, int(listed[number]), int(listed[number + 1]))
        if not alternatives:  # more losses than the search lists: what was chosen is not known to be likely
            alternatives = ((_text(way)[start:end], 0.0),)
        yield Loss(start, end, alternatives, sole=bool(way.sole[number]))


def _alternatives(way: Way, low: int, high: int) -> tuple[tuple[str, float], ...]:
    own = way.alternatives[low:high]
    if not len(own):
        return ()
    order = np.argsort(-own["share"][1:], kind="stable")[:_MOST] + 1
    ranked = own[[0, *order.tolist()]]
    return tuple(
        (_string(text), share)
        for text, share in zip(*map(np.ndarray.tolist, (ranked["text"], ranked["share"])), strict=True)
    )


_MOST = 31
"""Alternatives that are listed beside the chosen one."""


@cache
def _string(packed: int) -> str:
    points = (packed >> 2 * _BITS, packed >> _BITS & _POINT, packed & _POINT)
    return "".join(chr(point) for point in points if point)
