"""From a mirrored page back to the page: take the notes off, solve for the bytes around each broken place."""

from collections.abc import Iterator
from dataclasses import dataclass

from repair.channel import Candidate, Loss, UndamageableError
from repair.language import load
from repair.mirror.inference import NOTE
from repair.mirror.lattice import Solution, solve
from repair.mirror.program import Mirror

_CONTEXT = 12
_LITERAL_BITS = 20.0
"""Bits by which a broken place must read better mended than as it stands."""
_MOST = 20


@dataclass(frozen=True, slots=True)
class _Slice:
    """A slice of the page: its text in the script of the site, what was seen of it, and all that fits there."""

    text: str
    seen: str
    solutions: tuple[tuple[Solution, float], ...] = ()


def undo(program: Mirror, seen: str) -> Iterator[Candidate]:
    """Yield the page before the site's program, if the program then gives ``seen`` back to the character."""
    slices = list(_slices(program, seen))
    table = dict(zip(map(ord, program.traditional), program.simplified, strict=True))
    text: list[str] = []
    cuts: list[tuple[int, int]] = [(0, 0)]
    losses: list[Loss] = []
    at = 0
    for part in slices:
        losses += _losses(part, at, table)
        text.append(part.text.translate(table))
        at += len(part.text)
        cuts.append((at, cuts[-1][1] + len(part.seen)))
    whole = "".join(text)
    try:
        if whole != seen and program.damage(whole) == seen:
            yield Candidate(whole, tuple(dict.fromkeys(cuts)), tuple(losses))
    except UndamageableError:
        return


def _slices(program: Mirror, seen: str) -> Iterator[_Slice]:
    """Cut the page into characters with their notes, and broken places with their solutions."""
    at = 0
    left = ""
    readings = dict(program.notes)
    while at < len(seen):
        place = seen.find("?", at)
        end = place if place >= 0 else len(seen)
        for part in _whole_slices(readings, seen[at:end]):
            yield part
            left = (left + part.text)[-_CONTEXT:]
        at = end
        if at == len(seen):
            return
        part = _broken(program, seen, at, left)
        yield part
        left = (left + part.text)[-_CONTEXT:]
        at += len(part.seen)


def _whole_slices(readings: dict[str, str], seen: str) -> Iterator[_Slice]:
    at = 0
    while at < len(seen):
        character = seen[at]
        note = f"({readings[character]})" if character in readings else ""
        width = 1 + len(note) if note and seen.startswith(note, at + 1) else 1
        yield _Slice(character, seen[at : at + width])
        at += width


def _broken(program: Mirror, seen: str, at: int, left: str) -> _Slice:
    """Solve the broken place that begins with the ``?`` at ``at``; leave it if it reads as well as it stands."""
    solutions = list(solve(program, seen, at, left[-1:]))
    if not solutions:
        return _Slice(seen[at], seen[at])
    width = max(solution.width for solution in solutions)
    solutions = [solution for solution in solutions if solution.width == width]
    right = NOTE.sub(r"\1", seen[at + width : at + width + 4 * _CONTEXT])[:_CONTEXT]
    bits = load().log_probabilities([left + solution.text + right for solution in solutions]).tolist()
    literal = load().log_probability(left + seen[at : at + width] + right)
    if max(bits) < literal + _LITERAL_BITS:
        return _Slice(seen[at], seen[at])
    best = max(bits)
    weights = [2.0 ** (value - best) for value in bits]
    ranked = sorted(zip(solutions, weights, strict=True), key=lambda pair: -pair[1])
    total = sum(weights)
    chosen = tuple((solution, weight / total) for solution, weight in ranked)
    return _Slice(chosen[0][0].text, seen[at : at + width], chosen)


def _losses(part: _Slice, at: int, table: dict[int, str]) -> Iterator[Loss]:
    """Yield a loss for each character of a solved place that could not be read off, with all that fit there."""
    if not part.solutions:
        return
    best = part.solutions[0][0]
    for position in sorted(best.unknown):
        found: dict[str, float] = {}
        for solution, probability in part.solutions:
            if len(solution.text) == len(best.text):
                text = solution.text[position].translate(table)
                found[text] = found.get(text, 0.0) + probability
        ranked = sorted(found.items(), key=lambda pair: -pair[1])
        yield Loss(at + position, at + position + 1, tuple(ranked))
