"""A channel at work in a part of a text: in which lines and stretches it explains what was seen better."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from repair.altered import Altered
from repair.catalogue import Local, catalogue
from repair.channel import Candidate, Chain, Cuts, Loss, UndamageableError, join_pieces
from repair.escapes import may_hold_escapes
from repair.language import Model, load
from repair.lossy import Lossy
from repair.misreading import Misreading
from repair.quoted import speaks_of_damage
from repair.soundness import DEARNESS, FOLLOWING, could_be_letters, distinct_of, proven, proves_itself, reads_well
from repair.triage import suspicious

Span = tuple[int, int]
Entry = tuple[Local, float]
LINE_BITS = 20.0
"""Bits that a line must gain to be mended while other lines of the text are not damaged so."""
AGREED = 0.8
"""Share of the lines that must be sure by themselves before the others need less."""
AGREED_BITS = 6.0
"""What a line must gain then: among many that were damaged alike, one that was not is the exception."""
_STRETCH_BITS = 30.0
"""The same for a stretch of a line: where in a line damage begins and ends is one more choice among many."""
_ESCAPE_BITS = 4.0
"""The same for an escape: it says itself where it is."""
_SCOUTED = 2000
"""Characters from which the channels of a long text are chosen."""
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ROUGH_BITS = 80.0
"""Bits that a text may cost more than what was seen, each character by itself, before the model is asked."""
FEWEST_AGREED = 8
"""Lines that most of the others must be."""


@dataclass(frozen=True, slots=True)
class Place:
    """A slice of what was seen, the text that a channel makes of it, and the bits that it costs to name the place."""

    start: int
    end: int
    candidate: Candidate
    bits: float

    seen: str

    @property
    def text(self) -> str:
        """Return the text before the damage."""
        return self.candidate.text


@dataclass(frozen=True, slots=True)
class Scored:
    """A text for what was seen, its chain, and how many bits likelier it is than leaving all alone."""

    text: str
    chain: Chain
    evidence: float
    changed: int
    """Distinct characters that came out of damaged places: a repeat is no further evidence (矓矓矓矓)."""
    cuts: Cuts = ()
    losses: tuple[Loss, ...] = ()
    sound: bool = True
    """Whether every place reads well by itself; where none does, there may be another layer of damage below."""


def scored_by_catalogue(seen: str, model: Model) -> list[Scored]:
    """Return what each channel of the catalogue makes of ``seen``, each in the places where it explains it better."""
    lines = _worth_a_look(seen, list(lines_beyond_ascii(seen)))
    found, bits = _everywhere(_scouted(seen, lines, model), seen, lines, model)
    known = catalogue()
    made = (_scored(known[number], places, seen, bits, model, len(lines)) for number, places in found.items())
    return [scored for scored in made if scored]


def explicable(line: str) -> bool:
    """Say whether a channel explains a line better, or a stretch of it by as much as stretches need."""
    lines, model = list(lines_beyond_ascii(line)), load()
    found, bits = _everywhere(range(len(catalogue())), line, lines, model)
    every = (place for places in found.values() for place in places)
    return any(_gain(place, bits) > (0.0 if place.bits == LINE_BITS else place.bits) for place in every)


def _scouted(seen: str, lines: list[Span], model: Model) -> Container[int]:
    """Return the channels worth trying, by number: of a long text those that explain some of its lines better.

    Damage comes alike many times over; what the sample does not show, a later round of the search finds.
    """
    every = range(len(catalogue()))
    total = sum(end - start for start, end in lines)
    if total <= _SCOUTED:
        return every
    step = -(-total // _SCOUTED)
    sample = lines[step // 2 :: step] or lines[:1]
    sample = [(start, min(end, start + _SCOUTED)) for start, end in sample]
    found, bits = _everywhere(every, seen, sample, model)
    better = {number for number, places in found.items() if any(_gain(place, bits) > 0 for place in places)}
    return better | {number for number in _elsewhere() if not isinstance(catalogue()[number][0], Misreading)}


@cache
def _elsewhere() -> tuple[int, ...]:
    """Return the numbers of the channels that name their spans themselves, or take a text as a whole."""
    return tuple(
        number
        for number, (channel, _) in enumerate(catalogue())
        if not (isinstance(channel, Misreading | Lossy | Altered) and channel.keeps_lines)
    )


def _naming_spans(seen: str) -> tuple[int, ...]:
    """Return the numbers of `_elsewhere` that are worth asking: escapes are written in runs of ASCII signs."""
    return _elsewhere() if may_hold_escapes(seen) else _whole_texts()


@cache
def _whole_texts() -> tuple[int, ...]:
    return tuple(number for number in _elsewhere() if isinstance(catalogue()[number][0], Misreading))


def _everywhere(
    tried: Container[int], seen: str, lines: list[Span], model: Model
) -> tuple[dict[int, list[Place]], dict[str, float]]:
    """Return the places of each channel by number, and log2 P of every place as seen and as before the damage.

    Stretches are looked for only in lines of which no channel makes a text that reads well as a whole.
    """
    from repair.rereading.prospects import worth_dividing, worth_rereading  # noqa: PLC0415 - loads the compiler

    known = catalogue()
    found = {number: list(_places(known[number][0], seen)) for number in _naming_spans(seen) if number in tried}
    for number, spans in worth_rereading(seen, lines, DEARNESS, LINE_BITS).items() if lines else ():
        if number in tried:
            found[number] = list(_whole_lines(known[number][0], seen, spans))
    bits = _bits(found.values(), model)
    whole = _read_whole(found, bits, model)
    rest = [(start, end) for start, end in lines if start not in whole]
    worth = worth_dividing(seen, rest) if rest else {}
    for altered in (True, False):  # a line that was altered is one damage, not several stretches of what was not
        for number in worth.keys() & _altered() if altered else worth.keys() - _altered():
            spans = [span for span in worth[number] if span[0] not in whole] if number in tried else []
            places = (*found.get(number, ()), *_in_lines(known[number][0], seen, spans))
            found[number] = sorted(places, key=lambda place: place.start)
        bits |= _bits(found.values(), model, bits)
        whole = _read_whole({number: found[number] for number in worth if altered and found.get(number)}, bits, model)
    return {number: found[number] for number in sorted(found) if found[number]}, bits


@cache
def _altered() -> frozenset[int]:
    return frozenset(number for number, (channel, _) in enumerate(catalogue()) if isinstance(channel, Altered))


def _read_whole(found: dict[int, list[Place]], bits: dict[str, float], model: Model) -> set[int]:
    """Return where the lines begin that some channel, by number, makes a text of that reads well as a whole."""
    return {
        place.start
        for number, places in found.items()
        for place in places
        if (gain := _gain(place, bits)) > LINE_BITS
        and reads_well(place.text, model, proven(catalogue()[number][0], gain))
    }


def _gain(place: Place, bits: dict[str, float]) -> float:
    return bits[place.text] - bits[place.seen]


def _bits(found: Iterable[list[Place]], model: Model, known: Container[str] = ()) -> dict[str, float]:
    """Return log2 P of every place as seen and as before the damage, but for what is known."""
    every = dict.fromkeys(text for places in found for place in places for text in (place.text, place.seen))
    texts = [text for text in every if text not in known]
    return dict(zip(texts, model.log_probabilities(texts).tolist(), strict=True))


def _places(channel: Local, seen: str) -> Iterator[Place]:
    """Yield where a channel may have been at work that names its spans itself, or takes a text as a whole."""
    if isinstance(channel, Misreading):
        places = _place(channel, seen, (0, len(seen)), LINE_BITS)
        yield from (place for place in places if not _dearer(place.text, seen))
    else:
        for span in channel.spans(seen):
            yield from _place(channel, seen, span, _ESCAPE_BITS)


def _dearer(text: str, seen: str) -> bool:
    """Say whether a text costs so much more than what was seen, each character by itself, that it gains nothing."""
    bits = load().unigram_bits
    roughly = [
        float(bits[np.frombuffer(part.encode("utf-32-le", "surrogatepass"), np.uint32)].sum()) for part in (text, seen)
    ]
    return roughly[0] > roughly[1] + _ROUGH_BITS


def _in_lines(channel: Local, seen: str, lines: Sequence[Span]) -> Iterator[Place]:
    """Yield what the channel may have made in ``lines``: stretches, or what else it finds there."""
    for start, end in lines:
        if isinstance(channel, Altered):
            yield from _place(channel, seen, (start, end), _ESCAPE_BITS)
            continue
        for a, b in channel.spans(seen[start:end]):
            if b - a < end - start:
                yield from _place(channel, seen, (start + a, start + b), _STRETCH_BITS)


def lines_beyond_ascii(seen: str) -> Iterator[Span]:
    """Yield the spans of the lines that are neither plain ASCII nor tables of signs, and do not speak of damage."""
    start = 0
    for line in seen.split("\n"):
        if not line.isascii() and not _mostly_private(line) and not speaks_of_damage(line):
            yield start, start + len(line)
        start += len(line) + 1


def _mostly_private(line: str) -> bool:
    """Say whether most of what is beyond ASCII is private use: no misreading leaves so much, fonts of icons do."""
    beyond = len(line) - len(line.encode("ascii", "ignore"))
    return 2 * len(_PRIVATE.findall(line)) > beyond


def _worth_a_look(seen: str, lines: list[Span]) -> list[tuple[int, int]]:
    """Leave the clean lines out where most are clean; where most are not, the others may be as damaged but short."""
    odd = [(start, end) for start, end in lines if suspicious(seen[start:end])]
    return lines if 2 * len(odd) > len(lines) else odd


def _whole_lines(channel: Local, seen: str, lines: Sequence[Span]) -> Iterator[Place]:
    """Yield what the channel may have made in ``lines``, each as a whole."""
    if not isinstance(channel, Lossy):
        yield from (place for line in lines for place in _place(channel, seen, line, LINE_BITS))
        return
    parts = [seen[start:end] for start, end in lines]
    for (start, end), part, candidate in zip(lines, parts, channel.undo_lines(parts), strict=True):
        if candidate:
            yield Place(start, end, candidate, LINE_BITS, part)


def _place(channel: Local, seen: str, span: Span, bits: float) -> Iterator[Place]:
    start, end = span
    part = seen[start:end]
    for candidate in channel.undo(part):
        if candidate.text != part:
            yield Place(start, end, candidate, bits, part)


def _scored(
    entry: tuple[Local, float], places: list[Place], seen: str, bits: dict[str, float], model: Model, lines: int
) -> Scored | None:
    """Keep the places that the channel explains better: all of them, or where it does not those that are sure alone.

    None where it explains none better.
    """
    channel, prior = entry
    gains = [(_gain(place, bits), place) for place in places]
    if all(gain <= 0 for gain, _ in gains):
        return None
    agreed = sum(gain > place.bits for gain, place in gains if place.bits == LINE_BITS) >= AGREED * lines
    if all(gain > 0 for gain, _ in gains) and _nothing_else(seen, places):
        kept = gains
    else:
        least = AGREED_BITS if agreed else LINE_BITS
        gains = [
            (gain - min(place.bits, least) if place.bits == LINE_BITS else gain - place.bits, place)
            for gain, place in gains
        ]
        kept = [(gain, place) for gain, place in gains if gain > 0]
    kept = _apart(_believed(channel, kept, model, agreed=agreed and lines >= FEWEST_AGREED))
    sound = bool(kept)
    if not sound:
        kept = [max(gains, key=lambda pair: pair[0])]
    parts: list[tuple[str, Chain]] = []
    at = 0
    for _, place in kept:
        parts += (seen[at : place.start], ()), (place.text, (channel,))
        at = place.end
    text, chain = join_pieces([*parts, (seen[at:], ())])
    changed = distinct_of(channel, "".join(place.text for _, place in kept))
    evidence = prior + sum(gain for gain, _ in kept)
    cuts, losses = _joined(channel, [place for _, place in kept], len(text), len(seen))
    return Scored(text, _whole(channel, text, seen) or chain, evidence, changed, cuts, losses, sound)


def _apart(places: list[tuple[float, Place]]) -> list[tuple[float, Place]]:
    """Return the places that do not overlap, of two that do the one that gains more: a line, or a stretch of it."""
    apart: list[tuple[float, Place]] = []
    for gain, place in places:
        if not apart or place.start >= apart[-1][1].end:
            apart.append((gain, place))
        elif gain > apart[-1][0]:
            apart[-1] = gain, place
    return apart


def _believed(
    channel: Local, places: Sequence[tuple[float, Place]], model: Model, *, agreed: bool
) -> list[tuple[float, Place]]:
    """Return those of the places, each with what it gains, that read well.

    Where most lines agree and half of the places read well, or are UTF-8, the others may read worse.
    """
    well = [
        not could_be_letters(channel, place.seen) and reads_well(place.text, model, proven(channel, gain))
        for gain, place in places
    ]
    if agreed and (2 * sum(well) >= len(places) or proves_itself(channel)):
        well = [
            one or reads_well(place.text, model, proven(channel, gain), FOLLOWING)
            for one, (gain, place) in zip(well, places, strict=True)
        ]
    return [own for own, one in zip(places, well, strict=True) if one]


def _joined(channel: Local, places: list[Place], length: int, seen_length: int) -> tuple[Cuts, tuple[Loss, ...]]:
    """Return the cuts and losses of places in the whole text."""
    cuts: list[tuple[int, int]] = [(0, 0)]
    losses: list[Loss] = []
    at = shift = 0
    for place in places:
        cuts += [(same + shift, same) for same in (at, place.start)]
        start = place.start + shift
        inner = place.candidate.cuts or channel.align(place.text, place.seen)
        cuts += [(start + text, place.start + seen) for text, seen in inner]
        losses += [replace(loss, start=start + loss.start, end=start + loss.end) for loss in place.candidate.losses]
        at, shift = place.end, shift + len(place.text) - len(place.seen)
    return tuple(dict.fromkeys((*cuts, (at + shift, at), (length, seen_length)))), tuple(losses)


def _nothing_else(seen: str, places: list[Place]) -> bool:
    """Say whether the places hold everything beyond ASCII, so that naming them costs nothing."""
    at = 0
    for place in places:
        if not seen[at : place.start].isascii():
            return False
        at = place.end
    return seen[at:].isascii()


def _whole(channel: Local, text: str, seen: str) -> Chain:
    """Return the channel alone where it damages the whole text into what was seen: the shorter story."""
    try:
        return (channel,) if channel.damage(text) == seen else ()
    except UndamageableError:
        return ()
