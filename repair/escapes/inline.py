"""A few escapes inside a Chinese sentence: each place weighed by itself, with the text that runs on around it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from repair.channel import Candidate, Channel, Cuts, Proposal, align, join_pieces
from repair.escapes.percents import Percent
from repair.escapes.running import Reading, beside_hanzi, hanzi_in, read_as_chinese, stands_elsewhere

_AROUND = 8
"""Characters on each side that are scored with a place."""
_GAIN = 8.0
_PRIOR = -6.0
_ANNOUNCED = ("punycode",)
"""Escapes with a mark that nothing else has: they need not touch Chinese text."""


class Spanning(Channel, Protocol):
    """A channel that names the spans where it may have been at work."""

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the spans."""
        ...

    def align(self, text: str, seen: str) -> Cuts:
        """Return the cuts between a text and what the channel makes of it."""
        ...


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    text: str
    channel: Spanning


def propose(seen: str, escapes: Sequence[Spanning]) -> Iterator[Proposal]:
    """Yield one proposal with the escapes that belong to Chinese text and read well in it; none where none do."""
    found = sorted(
        {place for escape in escapes for place in _places(seen, escape)}, key=lambda place: (place.start, -place.end)
    )
    readings = [
        Reading(before + place.text + after, before + seen[place.start : place.end] + after, _encoding(place.channel))
        for place in found
        for before, after in (_around(seen, place),)
    ]
    kept = [place for place, well in zip(found, read_as_chinese(readings, _GAIN), strict=True) if well] if found else []
    if not kept:
        return
    parts: list[tuple[str, tuple[Channel, ...]]] = []
    at = 0
    for place in kept:
        if place.start >= at:
            parts += (seen[at : place.start], ()), (place.text, (place.channel,))
            at = place.end
    text, chain = join_pieces([*parts, (seen[at:], ())])
    yield Proposal(chain, Candidate(text, align(chain, text)), _PRIOR, settled=True)


def _places(seen: str, escape: Spanning) -> Iterator[_Place]:
    for start, end in escape.spans(seen):
        if escape.kind in _ANNOUNCED or beside_hanzi(seen, start, end):
            for candidate in escape.undo(seen[start:end]):
                if hanzi_in(candidate.text) and not stands_elsewhere(candidate.text, seen, start, end):
                    yield _Place(start, end, candidate.text, escape)


def _encoding(channel: Spanning) -> str:
    return channel.encoding if isinstance(channel, Percent) else ""


def _around(seen: str, place: _Place) -> tuple[str, str]:
    """Return what stands on the same line before and behind a place."""
    before = seen[max(place.start - _AROUND, 0) : place.start].rpartition("\n")[2]
    return before, seen[place.end : place.end + _AROUND].partition("\n")[0]
