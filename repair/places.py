"""A channel at work in a part of a text: in which lines and stretches it explains what was seen better."""

from collections.abc import Iterator
from dataclasses import dataclass

from repair.catalogue import Local, catalogue
from repair.channel import Chain, UndamageableError, join_pieces
from repair.language import Model
from repair.misreading import Misreading

_LINE_BITS = 2.0
"""What it costs to say that a line is damaged and not its neighbours."""
_STRETCH_BITS = 8.0
"""What it costs to say where in a line the damage begins and ends."""


@dataclass(frozen=True, slots=True)
class Place:
    """A slice of what was seen, the text that a channel makes of it, and the bits that it costs to name the place."""

    start: int
    end: int
    text: str
    bits: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A text for what was seen, its chain, and how many bits likelier it is than leaving all alone."""

    text: str
    chain: Chain
    evidence: float
    changed: int
    """Characters of the text that came out of damaged places."""


def scored_by_catalogue(seen: str, model: Model) -> list[Scored]:
    """Return what each channel of the catalogue makes of ``seen``, each in the places where it explains it better."""
    found = {entry: places for entry in catalogue() if (places := list(_places(entry[0], seen)))}
    texts = list({t for places in found.values() for p in places for t in (p.text, seen[p.start : p.end])})
    bits = dict(zip(texts, model.log_probabilities(texts).tolist(), strict=True)) if texts else {}
    made = (_scored(channel, prior, places, seen, bits) for (channel, prior), places in found.items())
    return [scored for scored in made if scored]


def _places(channel: Local, seen: str) -> Iterator[Place]:
    """Yield where the channel may have been at work: each line that it explains whole, else stretches of the line."""
    if not isinstance(channel, Misreading):
        for start, end in channel.spans(seen):
            yield from _place(channel, seen, start, end, _LINE_BITS)
        return
    lines = _lines(seen) if channel.keeps_lines else iter([(0, len(seen))])
    for start, end in lines:
        whole = list(_place(channel, seen, start, end, _LINE_BITS))
        yield from whole
        if not whole:
            for a, b in channel.spans(seen[start:end]):
                yield from _place(channel, seen, start + a, start + b, _STRETCH_BITS)


def _lines(seen: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines that are not plain ASCII."""
    start = 0
    for line in seen.split("\n"):
        if not line.isascii():
            yield start, start + len(line)
        start += len(line) + 1


def _place(channel: Local, seen: str, start: int, end: int, bits: float) -> Iterator[Place]:
    part = seen[start:end]
    for candidate in channel.undo(part):
        if candidate.text != part:
            yield Place(start, end, candidate.text, bits)


def _scored(channel: Local, prior: float, places: list[Place], seen: str, bits: dict[str, float]) -> Scored | None:
    """Keep the places where the channel explains what was seen better than leaving it alone."""
    gains = [(bits[place.text] - bits[seen[place.start : place.end]] - place.bits, place) for place in places]
    kept = [(gain, place) for gain, place in gains if gain > 0] or [max(gains, key=lambda pair: pair[0])]
    evidence = prior + sum(gain for gain, _ in kept)
    parts: list[tuple[str, Chain]] = []
    at = 0
    for _, place in kept:
        parts += (seen[at : place.start], ()), (place.text, (channel,))
        at = place.end
    text, chain = join_pieces([*parts, (seen[at:], ())])
    changed = sum(len(place.text) for _, place in kept)
    return Scored(text, _whole(channel, text, seen) or chain, evidence, changed)


def _whole(channel: Local, text: str, seen: str) -> Chain:
    """Return the channel alone where it damages the whole text into what was seen: the shorter story."""
    try:
        return (channel,) if channel.damage(text) == seen else ()
    except UndamageableError:
        return ()
