"""Which misreadings are worth trying in which lines, and which one convinces at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.altered import Altered
from repair.catalogue import catalogue
from repair.decoders import habits
from repair.language import load
from repair.lossy import Lossy
from repair.misreading import Misreading
from repair.rereading.contest import VERDICT, readings, verdicts
from repair.rereading.kernel import Language, Points
from repair.rereading.needs import Dearness, Thresholds
from repair.rereading.parts import gains_of_stretches, gains_of_wholes
from repair.rereading.tables import Misreadings, misreadings

Span = tuple[int, int]
Spans = npt.NDArray[np.int64]
Gains = npt.NDArray[np.float64]
Local = Misreading | Lossy
Worth = dict[int, list[Span]]
"""The lines, in order, in which a misreading is worth trying, by its number in the catalogue."""
_BLOCK = 4096
"""Lines that are looked at together: what is kept of each takes some kilobytes."""
_BEHIND = 60.0
"""Bits behind the best bound at which a misreading with losses is not tried: what is lost costs all of them alike."""
MORE = 1.0
"""Bits by which a wider misreading must explain more than a narrower one to be tried beside it: as GB18030 beside the
same as GBK, and with two bytes passed over at a mark beside single ones, whose search takes a fiftieth of the time."""
_SEVERAL = 3
"""Lines of which one at least shows that two bytes were passed over, if they were."""
_ROUGH_BITS, _STRETCH_BITS = 12.0, 15.0
"""What a stretch must gain to be searched, each character counted by itself and then by the model, which knows no words
across the edges of a stretch here: half of what it needs."""


class Readings(NamedTuple):
    """What lines gain by being read rightly, for each strict misreading: all [lines, channels].

    ``gains`` float64, minus infinity where there is no such reading or it gains nothing; ``sound`` bool: it reads well;
    ``texts`` uint64: a hash of it.
    """

    gains: Gains
    sound: npt.NDArray[np.bool_]
    texts: npt.NDArray[np.uint64]


class Family(NamedTuple):
    """Misreadings that are tried together: with priors, the numbers that they have in the catalogue, their tables."""

    entries: tuple[tuple[Local, float], ...]
    numbers: tuple[tuple[int, ...], ...]
    known: Misreadings


Marks = tuple[tuple[Family, npt.NDArray[np.bool_]], ...]
"""Which lines are worth trying by the misreadings of some families: bool[lines, channels] each."""


@cache
def strict() -> Family:
    """Return the strict misreadings of the catalogue that keep lines, in the order of `Readings`."""
    return _family(lambda channel: isinstance(channel, Misreading) and channel.keeps_lines)


@cache
def lossy() -> Family:
    """Return the misreadings of the catalogue that lose bytes."""
    return _family(lambda channel: isinstance(channel, Lossy))


def _family(belongs: Callable[[object], bool]) -> Family:
    own = [(number, entry) for number, entry in enumerate(catalogue()) if belongs(entry[0])]
    entries = tuple((channel, prior) for _, (channel, prior) in own if isinstance(channel, Misreading | Lossy))
    return Family(entries, tuple((number,) for number, _ in own), misreadings(entries))


@cache
def altered() -> Family:
    """Return the misreadings whose characters channels of the catalogue alter afterwards, numbered by these."""
    numbers: dict[Local, list[int]] = {}
    for number, (channel, _) in enumerate(catalogue()):
        if isinstance(channel, Altered):
            numbers.setdefault(Misreading(channel.original, channel.wrong), []).append(number)
    entries = tuple((channel, 0.0) for channel in numbers)
    return Family(entries, tuple(map(tuple, numbers.values())), misreadings(entries))


@cache
def _language() -> Language:
    model = load()
    return Language(model.tables, model.unigram_bits)


def points_of(text: str) -> Points:
    """Return the code points of a text: uint32[len(text)]."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def readings_of(points: Points, spans: Spans, dearness: Dearness) -> Readings:
    """Read some lines, each ``points[start:end]`` and not empty, rightly in every strict way: ``spans`` [lines, 2]."""
    shape = len(spans), len(strict().entries)
    found = Readings(np.empty(shape), np.zeros(shape, np.bool_), np.zeros(shape, np.uint64))
    readings(points, spans, strict().known, _language(), dearness, *found)
    return found


def verdicts_of(points: Points, spans: Spans, dearness: Dearness, least: Thresholds) -> npt.NDArray[np.void]:
    """Return which strict misreading convinces of each line: `VERDICT`[lines], numbers of `strict`."""
    decided = np.zeros(len(spans), VERDICT)
    verdicts(points, spans, strict().known, _language(), dearness, least, decided)
    return decided


def worth_rereading(seen: str, lines: Sequence[Span], dearness: Dearness, enough: float) -> Worth:
    """Return the lines in which each misreading gains something, or with losses may gain something.

    Losses are not looked for where a line gains ``enough`` without any and reads well.
    """

    def look(points: Points, spans: Spans) -> Marks:
        whole = readings_of(points, spans, dearness)
        settled = (whole.sound & (whole.gains > enough)).any(1)
        with_losses = np.zeros((len(spans), len(lossy().entries)), np.bool_)
        bounds, _ = bounds_of(points, spans[~settled])
        with_losses[~settled] = _without_wider(bounds, near_the_best(bounds))
        return (strict(), whole.gains > 0), (lossy(), with_losses)

    return _worth(seen, lines, look)


def worth_dividing(seen: str, lines: Sequence[Span]) -> Worth:
    """Return the lines of which each misreading may explain a stretch, as it is or altered afterwards."""

    def look(points: Points, spans: Spans) -> Marks:
        without, under = (_stretches(points, spans, family) > _STRETCH_BITS for family in (strict(), altered()))
        bounds = _stretches(points, spans, lossy())
        return (strict(), without), (lossy(), near_the_best(bounds, _STRETCH_BITS)), (altered(), under)

    return _worth(seen, lines, look)


def bounds_of(points: Points, spans: Spans) -> tuple[Gains, npt.NDArray[np.float64]]:
    """Return the most bits that each line gains by each misreading with losses, [lines, channels], and what lines cost.

    Minus infinity where a misreading cannot explain a line or left no sign of loss; a line costs 0 where all are so.
    """
    gains, bits = np.empty((len(spans), len(lossy().entries))), np.zeros(len(spans))
    gains_of_wholes(points, spans, lossy().known, _language(), gains, bits)
    return gains, bits


def _stretches(points: Points, spans: Spans, family: Family) -> Gains:
    gains = np.empty((len(spans), len(family.entries)))
    gains_of_stretches(points, spans, family.known, _language(), _ROUGH_BITS, gains)
    return gains


def near_the_best(bounds: Gains, least: float = 0.0) -> npt.NDArray[np.bool_]:
    """Say of each line and channel with losses whether its bound is above ``least`` and near the best of the line."""
    near: npt.NDArray[np.bool_] = bounds > least
    if not near.any():
        return near
    evidence = bounds + lossy().known.channels["prior"]
    near &= evidence >= evidence.max(1, keepdims=True) - _BEHIND
    for wider, narrower in _twins():
        near[:, wider] &= ~near[:, narrower] | (bounds[:, wider] > bounds[:, narrower] + MORE)
    return near


def _without_wider(bounds: Gains, near: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Leave habits out that pass over two bytes where several lines show no sign of it.

    Where one is right, the narrower has most lines out of step behind a loss.
    """
    if len(near) < _SEVERAL or not near.any():
        return near
    for wide, narrow in wider_habits():
        both = near[:, wide] & near[:, narrow]
        shown = near[:, wide] & ~(bounds[:, wide] <= bounds[:, narrow] + MORE)
        if both.sum() >= _SEVERAL and not shown.any():
            near[:, wide] = False
    return near


@cache
def wider_habits() -> tuple[tuple[int, int], ...]:
    """Return pairs of misreadings with losses that differ in the habit, by number in `lossy`.

    The first passes over two bytes at a mark, the second over single ones.
    """
    every = {channel: number for number, (channel, _) in enumerate(lossy().entries) if isinstance(channel, Lossy)}
    pairs = ((one, replace(one, habit=habit)) for one in every for habit in habits() if _is_narrower(habit, one.habit))
    return tuple((every[wide], every[narrow]) for wide, narrow in pairs if narrow in every)


def _is_narrower(habit: str, than: str) -> bool:
    one, other = habits()[habit], habits()[than]
    passed, others_passed = (one.before_ascii, one.before_other), (other.before_ascii, other.before_other)
    return one.mark == other.mark and passed == (1, 1) != others_passed


@cache
def _twins() -> tuple[tuple[int, int], ...]:
    """Return pairs of misreadings with losses that tell the same story where both explain a line: GB18030, then GBK."""
    numbers = {channel: number for number, (channel, _) in enumerate(lossy().entries)}
    narrower = [(channel, replace(channel, wrong="gbk")) for channel in numbers if channel.wrong == "gb18030"]
    return tuple((numbers[wide], numbers[narrow]) for wide, narrow in narrower if narrow in numbers)


def _worth(
    seen: str,
    lines: Sequence[Span],
    look: Callable[[Points, Spans], Marks],
) -> Worth:
    """Look at the lines in blocks; return those in which each misreading is worth trying."""
    worth: Worth = {}
    points, spans = points_of(seen), np.array(lines, np.int64).reshape(-1, 2)
    for start in range(0, len(lines), _BLOCK):
        block = lines[start : start + _BLOCK]
        for number, line in _marked(look(points, spans[start : start + _BLOCK])):
            worth.setdefault(number, []).append(block[line])
    return worth


def _marked(found: Marks) -> Iterator[tuple[int, int]]:
    """Yield (number in the catalogue, line) of all marks."""
    for family, marks in found:
        for channel, line in np.argwhere(marks.T).tolist() if marks.any() else ():
            for number in family.numbers[channel]:
                yield number, line
