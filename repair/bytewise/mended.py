"""Places that were searched by themselves, put together to one proposal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from repair.channel import Candidate, Channel, Loss, Proposal, join_pieces


@dataclass(frozen=True, slots=True)
class Mended:
    """A slice of what was seen, the text before the damage, its losses (offsets in that text), and the channel."""

    start: int
    end: int
    text: str
    channel: Channel
    losses: tuple[Loss, ...] = ()


def joined(seen: str, places: Iterable[Mended], log_prior: float) -> Iterator[Proposal]:
    """Yield the proposal that mends all places, the first of those that overlap; none where there are none."""
    parts: list[tuple[str, tuple[Channel, ...]]] = []
    cuts: list[tuple[int, int]] = [(0, 0)]
    losses: list[Loss] = []
    at = length = 0
    for place in sorted(places, key=lambda place: (place.start, place.end)):
        if place.start < at:
            continue
        parts += (seen[at : place.start], ()), (place.text, (place.channel,))
        start = length + place.start - at
        length = start + len(place.text)
        cuts += (start, place.start), (length, place.end)
        losses += [replace(loss, start=start + loss.start, end=start + loss.end) for loss in place.losses]
        at = place.end
    if not parts:
        return
    text, chain = join_pieces([*parts, (seen[at:], ())])
    candidate = Candidate(text, tuple(dict.fromkeys((*cuts, (len(text), len(seen))))), tuple(losses))
    yield Proposal(chain, candidate, log_prior, settled=True)
