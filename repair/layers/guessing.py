"""Which layers of damage lie on each other: each misreading tried on what the one above it left for sure."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple

from repair.decoders import habits
from repair.language import Model
from repair.layers.layer import Layer
from repair.layers.slots import Place, below, characters_of
from repair.misreadings import misreadings

_BEAM = 4
_SHRINKS = 0.85
"""Share of the characters beyond ASCII that undoing a layer leaves at most: each layer makes a text longer."""
_OPEN = 0.5
"""Share of what a layer leaves that may be unknown."""
_FOREIGN = 0.06
"""Share of the characters that the wrong encoding may not have: another habit's private use."""
_OPEN_BITS = 12.0
"""What an unknown character counts for beside those that are known."""
_DEAREST = 13.0
"""Bits that a known character of the bottom costs at most: more than in `repair.soundness`, for the gaps beside."""
_OPENED = "\ufffd"
_MARKS = str.maketrans("", "", "\ufffd?")
_ONE_FAMILY = {"gbk": "gb18030"}
"""Encodings that one program does not use by turns."""


class Stack(NamedTuple):
    """Layers, the lowest first, with their prior and cost in bits, and what lies below them.

    ``text`` is roughly what lies below: U+FFFD wherever it is not known. ``places`` are empty where too much fits.
    """

    layers: tuple[Layer, ...]
    prior: float
    places: list[Place[str]]
    text: str
    bits: float


def stacks(seen: str, depth: int, model: Model) -> Iterator[Stack]:
    """Yield stacks of two to ``depth`` layers that leave something to read, by each habit that leaves such marks."""
    for habit in habits().values():
        if habit.mark in seen:
            found = [Stack((), 0.0, characters_of(seen), seen, 0.0)]
            for height in range(1, depth + 1):
                likeliest = _likeliest(further for stack in found for further in _layers(stack, habit.name, model))
                found = [_exact(stack, model) for stack in likeliest]
                if height > 1:
                    yield from (one for one, rough in zip(found, likeliest, strict=True) if _reads(one, rough))


def _likeliest(found: Iterable[Stack]) -> list[Stack]:
    return sorted(found, key=lambda stack: stack.bits - stack.prior)[:_BEAM]


def _exact(stack: Stack, model: Model) -> Stack:
    """Go through the lowest layer with everything that fits instead of what is known roughly."""
    places = below(stack.places, stack.layers[0])
    if not places:
        return stack._replace(places=[])
    text = _text(places)
    return stack._replace(places=places, text=text, bits=_cost(text, model))


def _text(places: list[Place[str]]) -> str:
    return "".join(place.pieces[0] if len(place.pieces) == 1 else _OPENED for place in places)


def _layers(stack: Stack, habit: str, model: Model) -> Iterator[Stack]:
    """Yield the stack with each layer below that fits: the outermost has the habit's marks, the others may."""
    sure = _text(stack.places).translate(_MARKS)
    for (original, wrong), priors in _rows().items():
        known = habit in priors
        if (known or stack.layers) and not _taken_turns(stack.layers, wrong):
            text = _rough(sure, original, wrong)
            if text and _beyond(text) <= _SHRINKS * _beyond(sure):
                prior = stack.prior + priors.get(habit, priors.get("strict", min(priors.values())))
                layers = (Layer(original, wrong, habit if known else None), *stack.layers)
                yield Stack(layers, prior, stack.places, text, _cost(text, model))


def _taken_turns(layers: tuple[Layer, ...], wrong: str) -> bool:
    """Say whether there are encodings of one family that no program uses by turns."""
    families = {_ONE_FAMILY.get(layer.wrong, layer.wrong): layer.wrong for layer in layers}
    return families.get(_ONE_FAMILY.get(wrong, wrong), wrong) != wrong


def _rough(sure: str, original: str, wrong: str) -> str | None:
    """Read the characters that are known; None where few of them are of the wrong encoding or few make text."""
    written = sure.encode(wrong, "replace")
    if written.count(b"?") > _FOREIGN * len(sure):
        return None
    text = written.replace(b"?", b"").decode(original, "replace")
    return text if text.count(_OPENED) <= _OPEN * len(text) else None


def read_roughly(seen: str, original: str, wrong: str, model: Model) -> bool:
    """Say whether the bytes of what was seen are roughly text in the right encoding."""
    text = _rough(seen, original, wrong)
    return bool(text and _reads(Stack((), 0.0, [], text, _cost(text, model))))


def _cost(text: str, model: Model) -> float:
    known = text.replace(_OPENED, "")
    return -float(model.log_probability(known)) + _OPEN_BITS * (len(text) - len(known))


def _reads(*readings: Stack) -> bool:
    """Say whether the known characters could be text by one of the readings."""
    unknown = [stack.text.count(_OPENED) for stack in readings]
    return any(
        stack.bits - _OPEN_BITS * count <= _DEAREST * (len(stack.text) - count)
        for stack, count in zip(readings, unknown, strict=True)
    )


def _beyond(text: str) -> int:
    return sum(not character.isascii() for character in text) - text.count(_OPENED)


@cache
def _rows() -> dict[tuple[str, str], dict[str, float]]:
    """Return the habits of each pair of encodings with their priors; UTF-16 loses no bytes."""
    ordered = sorted(row for row in misreadings() if not row.wrong.startswith("utf-16"))
    return {
        pair: {row.habit: row.prior for row in own}
        for pair, own in groupby(ordered, key=lambda row: (row.original, row.wrong))
    }
