"""A misread text that was altered: everything that may have stood at each place carried through the misreading."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import product

from repair.alterations import Rule, rules
from repair.channel import Candidate, Channel
from repair.language import load
from repair.layers.guessing import read_roughly
from repair.layers.layer import Layer
from repair.layers.slots import Place
from repair.layers.solving import solved_from
from repair.misreading import Misreading

_LONGEST = 400
"""Characters of a line that are searched where what was taken out may stand everywhere; else twenty times as many."""
_FEW = 8
"""Characters of which two in a row may have been taken out; a mark stands for several bytes already."""
_LEAST_BITS = 20.0
"""What a line must gain; as in `repair.places`."""
_MARK = "\ufffd"


def lines_altered(seen: str, layer: Layer, rule: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines that may have been damaged so."""
    start = 0
    for line in seen.split("\n"):
        if _may_be(line, layer, rule):
            yield start, start + len(line)
        start += len(line) + 1


def unaltered(seen: str, layer: Layer, rule: str, channel: Channel) -> Candidate | None:
    """Return the likeliest text that a layer and a rule, which are the channel, made into a line; None for none."""
    if not _may_be(seen, layer, rule):
        return None
    candidate = solved_from(seen, _places(seen, rules()[rule]), (layer,), (channel,))
    if candidate is None:
        return None
    after, before = load().log_probabilities([candidate.text, seen]).tolist()
    return candidate if after - before > _LEAST_BITS else None


def _may_be(line: str, layer: Layer, rule: str) -> bool:
    if line.isascii() or len(line) > _longest(rules()[rule]) or not _may_apply(line, rules()[rule]):
        return False
    roughly = read_roughly(line.replace(_MARK, ""), layer.original, layer.wrong, load())
    return roughly and Misreading(layer.original, layer.wrong).reread(line) is None  # else nothing was altered


def _longest(rule: Rule) -> int:
    return _LONGEST if "" in rule.table.values() and not rule.ends else 20 * _LONGEST


def _may_apply(seen: str, rule: Rule) -> bool:
    """Say whether nothing is there that would have been altered, and something that may have been."""
    if rule.ends:
        return seen == seen.strip("".join(rule.table))
    altered = any(sign in seen for sign in set(rule.table.values()))
    return altered and not any(character in rule.table for character in seen)


def _places(seen: str, rule: Rule) -> list[Place[str]]:
    """Return what may have stood at each character before the alteration."""
    came_from: dict[str, list[str]] = defaultdict(list)
    for character, instead in rule.table.items():
        came_from[instead].append(character)
    gone = _gone(tuple(came_from.pop("", ())))
    places: list[Place[str]] = []
    at = 0
    while at < len(seen):
        sign = next((sign for sign in came_from if seen.startswith(sign, at)), seen[at])
        last = at + len(sign) == len(seen)
        before = gone if not rule.ends or at == 0 else ("",)
        pieces = product(before, (sign, *came_from.get(sign, ())), gone if last else ("",))
        places.append(Place(at, at + len(sign), tuple(map("".join, pieces))))
        at += len(sign)
    return places


@cache
def _gone(characters: tuple[str, ...]) -> tuple[str, ...]:
    """Return what may have been taken out at one place: nothing, a character, or two where there are few."""
    twice = (
        [one + other for one in characters for other in characters]
        if _MARK not in characters and len(characters) <= _FEW
        else []
    )
    return ("", *characters, *twice)
