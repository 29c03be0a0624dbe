"""From a text and how it lines up with what was seen to edits: one for each place, each with its own grade."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from repair.channel import Chain, Cuts, Loss, changed_slices
from repair.filled import Filled
from repair.policy import Policy
from repair.result import Edit, Grade

MOST_ALTERNATIVES = 20
READ_BACK = "read back"
"""The reason of an edit where the channel that was undone names no other."""
SOLE = "the only original that fits"


@dataclass(frozen=True, slots=True)
class Delivered:
    """The text as delivered, with what was not likely enough left as found, and the chain from it to the candidate."""

    text: str
    chain: Chain
    edits: tuple[Edit, ...]


def edits_of(
    text: str, seen: str, cuts: Cuts, losses: tuple[Loss, ...], policy: Policy, chain: Chain = ()
) -> Delivered:
    """Grade each changed place; where the best alternative is not likely enough, put back what was seen.

    A changed place that holds losses is divided at them, and what was seen of it in proportion: damage that
    straddles two characters belongs to neither alone. ``chain`` turns the text into ``seen``: what it did first may say
    why.
    """
    reason_of = _reasons(chain)
    starts = [*(loss.start for loss in losses), len(text) + 1]
    parts: list[str] = []
    edits: list[Edit] = []
    unknown: list[tuple[int, int, str]] = []
    at = shift = first = 0
    for start, end, seen_start, seen_end in changed_slices(text, seen, cuts):
        while starts[first] < start:
            first += 1
        if starts[first] > end:  # nothing is lost: written here as a mirrored page has hundreds of such places
            found, reason = seen[seen_start:seen_end], reason_of(start, end)
            edits.append(Edit(start + shift, end + shift, found, text[start:end], Grade.EXACT, (), reason))
            continue
        whole = _Part(start, end, text[start:end], seen[seen_start:seen_end], None)
        inside = [loss for loss in losses[first : bisect_right(starts, end)] if loss.end <= end]
        for part in _halved(_divided(whole, seen_start, cuts, inside), policy):
            edit = _graded(part, part.start + shift, policy, reason_of(part.start, part.end))
            edits.append(edit)
            if edit.text != part.text:
                unknown.append((edit.start, edit.end, part.text))
                parts += text[at : part.start], edit.text
                at, shift = part.end, shift + len(edit.text) - len(part.text)
    parts.append(text[at:])
    return Delivered("".join(parts), (Filled(tuple(unknown)),) if unknown else (), tuple(edits))


class _Part(NamedTuple):
    """A slice of the candidate that differs from what was seen; ``loss`` where information is gone."""

    start: int
    end: int
    text: str
    seen: str
    loss: Loss | None


def _divided(whole: _Part, seen_start: int, cuts: Cuts, losses: Sequence[Loss]) -> Iterator[_Part]:
    """Divide a changed slice at the losses inside it; ``seen_start`` is where it begins in what was seen."""
    if not losses:
        yield whole
        return
    start, end, seen_end = whole.start, whole.end, seen_start + len(whole.seen)
    bounds = sorted({start, end, *(loss.start for loss in losses), *(loss.end for loss in losses)})
    slices = list(pairwise(bounds)) or [(start, end)]
    of = {(loss.start, loss.end): loss for loss in losses}
    known = cuts[bisect_left(cuts, (start, seen_start)) : bisect_right(cuts, (end, seen_end))]
    at = [seen_start, *(_between(known, bound) for bound in bounds[1:-1]), seen_end]
    for (a, b), (seen_a, seen_b) in zip(slices, pairwise(at), strict=True):
        text, seen = whole.text[a - start : b - start], whole.seen[seen_a - seen_start : seen_b - seen_start]
        yield _Part(a, b, text, seen, of.get((a, b)))


def _between(known: Cuts, bound: int) -> int:
    """Return where a bound lies in what was seen: known, or in proportion between its neighbours."""
    number = bisect_right(known, bound, key=lambda cut: cut[0])
    low, seen_low = known[number - 1]
    if low == bound:
        return seen_low
    high, seen_high = known[number]
    return seen_low + (bound - low) * (seen_high - seen_low) // (high - low)


def _halved(parts: Iterator[_Part], policy: Policy) -> Iterator[_Part]:
    """Divide a loss of several characters where its first is likely enough and the whole is not."""
    for part in parts:
        loss = part.loss
        if loss and not loss.unique and len(part.text) > 1 and loss.alternatives[0][1] < policy.min_probability:
            first = part.text[0]
            share = sum(likely for text, likely in loss.alternatives if text.startswith(first))
            if share >= policy.min_probability and part.seen:
                yield from _first_and_rest(part, loss, share)
                continue
        yield part


def _first_and_rest(part: _Part, loss: Loss, share: float) -> Iterator[_Part]:
    """Yield the first character of a loss, which is known, and what follows it, of which all that fits is listed."""
    first = part.text[0]
    others = [(text, likely) for text, likely in loss.alternatives if not text.startswith(first)]
    known = Loss(part.start, part.start + 1, ((first, share), *others), sole=False)
    after = tuple((text[1:], likely / share) for text, likely in loss.alternatives if text.startswith(first))
    rest = Loss(part.start + 1, part.end, after, sole=False)
    yield part._replace(end=part.start + 1, text=first, seen=part.seen[:-1], loss=known)
    yield part._replace(start=part.start + 1, text=part.text[1:], seen=part.seen[-1:], loss=rest)


def _reasons(chain: Chain) -> Callable[[int, int], str]:
    """Return what says why a part without a loss reads as it does: the standard that the channel names, if it does."""
    reason = getattr(chain[0], "reason", None) if chain else None  # a `Reasoned`; to ask for the protocol takes 80 µs
    if reason is None:
        return lambda start, end: READ_BACK  # noqa: ARG005 - as a channel's own
    return lambda start, end: reason(start, end) or READ_BACK


def likeliest(count: int) -> str:
    """Say why a place was filled of which so many originals fit."""
    return f"the likeliest of {count} that fit" if count > 1 else "the likeliest by far of those that fit"


def none_likely(count: int) -> str:
    """Say why a place was left as found."""
    return f"none of {count} that fit is likely enough"


def _graded(part: _Part, start: int, policy: Policy, reason: str) -> Edit:
    """Return the edit of a part that begins at ``start`` as delivered; ``reason`` is why, where nothing is lost."""
    end = start + len(part.text)
    if part.loss is None:
        return Edit(start, end, part.seen, part.text, Grade.EXACT, (), reason)
    alternatives = part.loss.alternatives[:MOST_ALTERNATIVES]
    if part.loss.unique:
        return Edit(start, end, part.seen, part.text, Grade.UNIQUE, alternatives, SOLE)
    count = len(part.loss.alternatives)
    if alternatives[0][1] >= policy.min_probability:
        return Edit(start, end, part.seen, part.text, Grade.LIKELY, alternatives, likeliest(count))
    return Edit(start, start + len(part.seen), part.seen, part.seen, Grade.LOST, alternatives, none_likely(count))
