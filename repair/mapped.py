"""The user's mappings at work: applied where the text gains by them, reported where it would lose."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from repair.channel import join_pieces
from repair.language import load
from repair.mappings import Mapping, Substitution
from repair.policy import Policy
from repair.result import Edit, Grade, Repair

_CONTEXT = 12
"""Characters on either side that judge a mapping: a trigram sees two, a boundary too near would weigh more."""
_MIN_GAIN = 8.0
"""Bits that a mapping must gain in its context: below, the text as found reads as well as the mapped one."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A mapping at a place of the repaired text, and how many bits the text gains by it there."""

    start: int
    end: int
    mapping: Mapping
    gain: float

    @property
    def obeyed(self) -> bool:
        return self.mapping.always or self.gain >= _MIN_GAIN


def apply_mappings(repair: Repair, policy: Policy) -> Repair:
    """Apply the policy's mappings to a repaired text; each use and each refusal is an edit that names the mapping."""
    uses = list(_uses(repair.text, policy.mappings))
    if not uses:
        return repair
    obeyed = [use for use in uses if use.obeyed]
    parts = list(_parts(repair.text, obeyed))
    text, chain = join_pieces([(part, (channel,) if channel else ()) for part, channel in parts])
    edits = [*_merged(repair, obeyed), *(_refusal(use, obeyed) for use in uses if not use.obeyed)]
    return replace(repair, text=text, chain=chain + repair.chain, edits=tuple(sorted(edits)))


def _uses(text: str, mappings: tuple[Mapping, ...]) -> Iterator[_Use]:
    """Yield where mappings apply, in order and apart; of two at one place the longer goes first."""
    by_seen = {mapping.seen: mapping for mapping in mappings if mapping.seen in text}
    if not by_seen:
        return
    longest_first = sorted(by_seen, key=len, reverse=True)
    for match in re.finditer("|".join(map(re.escape, longest_first)), text):
        mapping = by_seen[match.group()]
        yield _Use(*match.span(), mapping, _gain(text, match.start(), match.end(), mapping.text))


def _gain(text: str, start: int, end: int, mapped: str) -> float:
    left, right = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    before, after = load().log_probabilities([left + text[start:end] + right, left + mapped + right])
    return float(after - before)


def _parts(text: str, uses: Sequence[_Use]) -> Iterator[tuple[str, Substitution | None]]:
    at = 0
    for use in uses:
        mapping = use.mapping
        yield text[at : use.start], None
        yield mapping.text, Substitution(mapping.seen, mapping.text, mapping.origin)
        at = use.end
    yield text[at:], None


def _merged(repair: Repair, uses: Sequence[_Use]) -> Iterator[Edit]:
    """Yield the repair's edits, moved by the mappings before them; an edit that one touches becomes part of it."""
    left = list(repair.edits)
    shift = 0
    for use in uses:
        while left and left[0].end <= use.start:
            yield _moved(left.pop(0), shift)
        touched = []
        while left and left[0].start < use.end:
            touched.append(left.pop(0))
        edit = _mapped(repair.text, use, touched)
        yield _moved(edit, shift)
        shift += len(use.mapping.text) - (use.end - use.start)
    yield from (_moved(edit, shift) for edit in left)


def _moved(edit: Edit, shift: int) -> Edit:
    return edit._replace(start=edit.start + shift, end=edit.end + shift)


def _mapped(text: str, use: _Use, touched: list[Edit]) -> Edit:
    """Return the edit of a mapping together with the edits that it touches: from what was seen to the mapped text."""
    start = min([use.start, *(edit.start for edit in touched)])
    end = max([use.end, *(edit.end for edit in touched)])
    seen: list[str] = []
    at = start
    for edit in touched:
        seen += text[at : edit.start], edit.seen
        at = edit.end
    seen.append(text[at:end])
    mapped = text[start : use.start] + use.mapping.text + text[use.end : end]
    return Edit(start, start + len(mapped), "".join(seen), mapped, Grade.POLICY, (), _said(use, "applied"))


def _refusal(use: _Use, obeyed: Sequence[_Use]) -> Edit:
    """Return the report of a mapping that would change text which reads as well without it."""
    shift = sum(len(other.mapping.text) - len(other.mapping.seen) for other in obeyed if other.end <= use.start)
    mapping = use.mapping
    place = (use.start + shift, use.end + shift)
    reason = _said(use, "refused: the text reads as clean")
    return Edit(*place, mapping.seen, mapping.seen, Grade.CLEAN, ((mapping.text, 0.0),), reason)


def _said(use: _Use, outcome: str) -> str:
    origin = use.mapping.origin or "mapping"
    note = f" ({use.mapping.note})" if use.mapping.note else ""
    return f"{origin} {outcome}, {use.gain:+.1f} bits{note}"
