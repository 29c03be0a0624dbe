"""Damage as a function: channels, chains of them, and how a text lines up with what was seen.

A channel is one kind of damage. ``damage(text)`` is what it does to a text; ``undo(seen)`` yields the texts that it
would have turned into ``seen``. Channels are frozen data: they compare, print, pickle into workers and are stored
with each repair, so that the repair can be replayed by anyone (`repair.stored`).

Laws, checked for every channel of the catalogue in ``tests/laws``:

1. every candidate of ``undo(seen)`` damages back to ``seen``;
2. damage that loses nothing is always undone;
3. the empty chain changes nothing;
4. composition is associative.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Protocol, runtime_checkable

Cuts = tuple[tuple[int, int], ...]
"""Where a text and what was seen of it can be cut alike: rising pairs (offset in text, offset in seen), characters.

The first pair is (0, 0), the last the two lengths. Between two neighbouring pairs, the slices belong together.
"""


@dataclass(frozen=True, slots=True)
class Loss:
    """A place where the damage destroyed information, with every text that could have stood there.

    ``start`` and ``end`` are offsets in the candidate's text; ``alternatives`` are (text, probability) by falling
    probability, the one in the candidate first. ``sole``: whether going through all possibilities left a single
    answer; None where all are listed, so that their number tells.
    """

    start: int
    end: int
    alternatives: tuple[tuple[str, float], ...]
    sole: bool | None = None

    @property
    def unique(self) -> bool:
        """Say whether there is but one original."""
        return len(self.alternatives) == 1 if self.sole is None else self.sole


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that a channel would have damaged into what was seen.

    Empty ``cuts`` leave it to the channel to line the two up when somebody asks (`Aligning`).
    """

    text: str
    cuts: Cuts
    losses: tuple[Loss, ...] = ()


class Channel(Protocol):
    """One kind of damage."""

    kind: ClassVar[str]
    """The name under which the channel is stored; one per class."""

    def damage(self, text: str) -> str:
        """Return what this damage makes of ``text``; raise `UndamageableError` where it cannot have met it."""
        ...

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the texts that this damage turns into ``seen``; none where it cannot have produced it."""
        ...

    def describe(self) -> str:
        """Say in words what happened, for a maintainer: ``UTF-8 read as GBK``."""
        ...


@runtime_checkable
class Aligning(Protocol):
    """A channel that can line up any text with what it makes of it."""

    def align(self, text: str, seen: str) -> Cuts:
        """Return the cuts between ``text`` and ``seen == damage(text)``."""
        ...


@runtime_checkable
class Reasoned(Protocol):
    """A channel that knows for each of its places by what table or standard it was read."""

    def reason(self, start: int, end: int) -> str | None:
        """Return the reason for a slice of the text before the damage; None where it has none."""
        ...


Chain = tuple[Channel, ...]
"""Channels in the order in which the damage happened. The empty chain leaves a text alone."""


class UndamageableError(ValueError):
    """A text that a channel cannot have met, such as a hanzi that its original encoding does not hold."""


def damage(chain: Chain, text: str) -> str:
    """Apply a chain, first channel first.

    >>> damage((), "数据")
    '数据'
    """
    for channel in chain:
        text = channel.damage(text)
    return text


def describe(chain: Chain) -> str:
    """Say in words what happened, first damage first.

    >>> describe(())
    'nothing'
    """
    return ", then ".join(channel.describe() for channel in chain) or "nothing"


def join_cuts(text: str, outer: Cuts, middle: str, inner: Cuts, seen: str) -> Cuts:
    """Line ``text`` up with ``seen``, given both with what stood in the middle.

    Inside slices that a step left alone every character is a cut.

    >>> join_cuts("数b", ((0, 0), (1, 1), (2, 2)), "数b", ((0, 0), (1, 2), (2, 3)), "鏁版b")
    ((0, 0), (1, 2), (2, 3))
    """
    points = sorted({at for _, at in outer} | {at for at, _ in inner})
    back = Follower(tuple((b, a) for a, b in outer), middle, text)
    onward = Follower(inner, middle, seen)
    pairs = ((back.follow(at), onward.follow(at)) for at in points)
    return tuple(dict.fromkeys((a, b) for a, b in pairs if a is not None and b is not None))


class Follower:
    """Offsets in one text followed to another along the cuts between them."""

    def __init__(self, cuts: Cuts, one: str, other: str) -> None:
        """Take the cuts as (offset in one, offset in other), rising."""
        self._cuts, self._one, self._other = cuts, one, other
        self._at = [at for at, _ in cuts]

    def follow(self, at: int) -> int | None:
        """Return where an offset went: known at a cut and inside slices that stayed alike, else None."""
        number = bisect_right(self._at, at) - 1
        start, other = self._cuts[number]
        if start == at:
            return other
        end, other_end = self._cuts[number + 1] if number + 1 < len(self._cuts) else (len(self._one), len(self._other))
        return other + at - start if self._one[start:end] == self._other[other:other_end] else None


def align(chain: Chain, text: str) -> Cuts:
    """Line up a text with what a chain makes of it; a channel that cannot tell is certain of the ends only."""
    cuts: Cuts | None = None
    first = text
    for channel in chain:
        seen = channel.damage(text)
        known = isinstance(channel, Aligning)
        step = channel.align(text, seen) if known else ((0, 0), (len(text), len(seen)))  # type: ignore[attr-defined]
        cuts = join_cuts(first, cuts, text, step, seen) if cuts else step
        text = seen
    return cuts or same_cuts(text)


def same_cuts(text: str) -> Cuts:
    """Line a text up with itself, at its ends only."""
    return ((0, 0), (len(text), len(text))) if text else ((0, 0),)


def changed_slices(text: str, seen: str, cuts: Cuts) -> Iterator[tuple[int, int, int, int]]:
    """Yield (start, end, seen start, seen end) of each longest run of neighbouring slices that differ.

    >>> list(changed_slices("a数b", "a鏁b", ((0, 0), (1, 1), (2, 2), (3, 3))))
    [(1, 2, 1, 2)]
    """
    opened: tuple[int, int] | None = None
    for (start, seen_start), (end, seen_end) in pairwise(cuts):
        if text[start:end] != seen[seen_start:seen_end]:
            opened = opened or (start, seen_start)
        elif opened:
            yield opened[0], start, opened[1], seen_start
            opened = None
    if opened:
        yield opened[0], cuts[-1][0], opened[1], cuts[-1][1]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Different damage in different places: slices of the text, each with its own chain; the rest is untouched.

    ``pieces`` are (start, end, chain) with offsets in the text, rising and apart.
    """

    kind: ClassVar[str] = "pieces"
    pieces: tuple[tuple[int, int, Chain], ...]

    def damage(self, text: str) -> str:
        """Damage each piece by its chain."""
        parts: list[str] = []
        last = 0
        for start, end, chain in self.pieces:
            parts += text[last:start], damage(chain, text[start:end])
            last = end
        return "".join((*parts, text[last:]))

    def undo(self, seen: str) -> Iterator[Candidate]:  # noqa: ARG002 - the protocol's signature
        """Yield nothing: the pieces are found by the search, which alone knows where they lie in ``seen``."""
        return iter(())

    def align(self, text: str, seen: str) -> Cuts:
        """Line up each piece by its own chain."""
        cuts: list[tuple[int, int]] = [(0, 0)]
        at = shift = 0
        for start, end, chain in self.pieces:
            if start > at:
                cuts.append((start, start + shift))
            inner = align(chain, text[start:end])
            cuts += [(start + a, start + shift + b) for a, b in inner[1:]]
            at, shift = end, shift + inner[-1][1] - inner[-1][0]
        if len(text) > at:
            cuts.append((len(text), len(seen)))
        return tuple(cuts)

    def describe(self) -> str:
        """Name each kind of damage once."""
        kinds = dict.fromkeys(describe(chain) for _, _, chain in self.pieces)
        return "in places: " + "; ".join(kinds)


def join_pieces(parts: Sequence[tuple[str, Chain]]) -> tuple[str, Chain]:
    """Put a text together from its slices in order, each with what damaged it (the empty chain: nothing did).

    >>> join_pieces([("数据", ()), (" ok", ())])
    ('数据 ok', ())
    """
    pieces: list[tuple[int, int, Chain]] = []
    at = 0
    for text, chain in parts:
        if chain:
            pieces.append((at, at + len(text), chain))
        at += len(text)
    return "".join(text for text, _ in parts), (Pieces(tuple(pieces)),) if pieces else ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate for the search: the chain, the text before it, and log2 of how likely such damage is beforehand."""

    chain: Chain
    candidate: Candidate
    log_prior: float
    settled: bool = False
    """Each place was weighed by itself; the policy's thresholds for whole texts do not apply."""
