"""Each spot by itself: what is meant there must read better than what was found, in what surrounds it."""

from collections.abc import Iterator
from dataclasses import dataclass

from repair.channel import Candidate, Proposal
from repair.compat.channel import WrongBlock
from repair.compat.meanings import Meaning
from repair.compat.spots import Spot, spots
from repair.language import Model, load

_AROUND = 8
"""Characters on each side that are scored with a spot; the model looks two back."""
_DEAREST, _RARE = 11.0, 30.0
"""Bits a character that the surroundings may cost, and what each spot among them may cost more: a rare hanzi costs up
to 35. Running Chinese costs 5-9, lists of rare hanzi 14 and more."""
_LOG_PRIOR = -6.0


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A spot with the best of what may be meant there, the bits gained, and whether running text surrounds it."""

    spot: Spot
    meaning: Meaning
    gain: float
    running: bool

    @property
    def convinces(self) -> bool:
        """Say whether the text reads better so."""
        return self.meaning.sure or (self.running and self.gain >= self.meaning.least)


@dataclass(frozen=True, slots=True)
class _Case:
    """A spot with one meaning: its surroundings with that and with what was found, and the most they may cost."""

    spot: Spot
    meaning: Meaning
    text: str
    found: str
    most: float


def propose(seen: str) -> Iterator[Proposal]:
    """Yield one proposal with every spot that reads better as what it means; none where there is no such spot.

    >>> [proposal.candidate.text for proposal in propose("会议强调要坚持⼈⺠⾄上")]
    ['会议强调要坚持人民至上']
    """
    lines = list(spots(seen))
    if not lines:
        return
    kept = [item for item in _weighed(seen, lines, load()) if item.convinces]
    if kept:
        yield _proposal(seen, kept)


def _weighed(seen: str, lines: list[list[Spot]], model: Model) -> Iterator[_Weighed]:
    """Score every spot of every line, all in one pass of the model."""
    cases: list[_Case] = []
    for line in lines:
        for index, spot in enumerate(line):
            before, after = _surroundings(seen, line, index)
            found = before + seen[spot.start : spot.end] + after
            most = _DEAREST * len(found) + _RARE * sum(abs(other.start - spot.start) <= _AROUND for other in line)
            cases += [_Case(spot, meaning, before + meaning.text + after, found, most) for meaning in spot.possible]
    bits = model.log_probabilities([text for case in cases for text in (case.text, case.found)]).tolist()
    best: dict[Spot, _Weighed] = {}
    for at, case in enumerate(cases):
        spot = case.spot
        weighed = _Weighed(spot, case.meaning, bits[2 * at] - bits[2 * at + 1], -bits[2 * at] <= case.most)
        if spot not in best or weighed.gain > best[spot].gain:
            best[spot] = weighed
    yield from best.values()


def _surroundings(seen: str, line: list[Spot], index: int) -> tuple[str, str]:
    """Return the text before and behind a spot on its line, the other spots read as the first of what they may mean."""
    spot = line[index]
    first = seen.rfind("\n", 0, spot.start) + 1
    last = seen.find("\n", spot.end)
    before = _mended(seen, max(first, spot.start - 2 * _AROUND), spot.start, line[:index])
    after = _mended(seen, spot.end, min(last if last >= 0 else len(seen), spot.end + 2 * _AROUND), line[index + 1 :])
    return before[-_AROUND:], after[:_AROUND]


def _mended(seen: str, start: int, end: int, others: list[Spot]) -> str:
    parts: list[str] = []
    for other in others:
        if start <= other.start and other.end <= end:
            parts += seen[start : other.start], other.possible[0].text
            start = other.end
    return "".join((*parts, seen[start:end]))


def _proposal(seen: str, kept: list[_Weighed]) -> Proposal:
    """Put the text together; the places of the channel are offsets in it."""
    parts: list[str] = []
    places: list[tuple[int, int, str, str]] = []
    at = length = 0
    for item in sorted(kept, key=lambda item: item.spot.start):
        spot, meaning = item.spot, item.meaning
        parts += seen[at : spot.start], meaning.text
        start = length + spot.start - at
        length = start + len(meaning.text)
        places.append((start, length, seen[spot.start : spot.end], meaning.standard))
        at = spot.end
    text = "".join((*parts, seen[at:]))
    channel = WrongBlock(tuple(places))
    return Proposal((channel,), Candidate(text, channel.align(text, seen)), _LOG_PRIOR, settled=True)
