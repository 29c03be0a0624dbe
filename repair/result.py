"""What a repair says: the grades, the edits, the repair itself and the detection of an encoding."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from repair.channel import Chain


class Grade(StrEnum):
    """How sure a repair is; the members stand from the surest to the weakest."""

    CLEAN = "clean"
    """Nothing was changed."""
    EXACT = "exact"
    """The damage lost nothing: one text alone gives what was seen by this chain, and no other chain rivals it."""
    UNIQUE = "unique"
    """Information was lost, but going through every possibility shows only one original."""
    LIKELY = "likely"
    """Several originals fit; the best has a probability above the policy's threshold."""
    POLICY = "policy"
    """A choice that the user asked for, not a proof."""
    LOST = "lost"
    """Not to be recovered: left as found, counted, quarantined."""


_WEAKNESS = {grade: weakness for weakness, grade in enumerate(Grade)}


def weakest(grades: "list[Grade]") -> Grade:
    """Return the weakest of some grades; `Grade.CLEAN` where there are none.

    >>> weakest([Grade.EXACT, Grade.LIKELY])
    <Grade.LIKELY: 'likely'>
    """
    return max(grades, key=_WEAKNESS.__getitem__, default=Grade.CLEAN)


class Edit(NamedTuple):
    """One place that was changed, or could not be.

    ``start`` and ``end`` are offsets in the repaired text, in characters. Where ``text == seen`` nothing was changed
    there: the place is lost (grade ``lost``), or a change was considered and refused (grade ``clean``); ``reason``
    says which.
    """

    start: int
    end: int
    seen: str
    text: str
    grade: Grade
    alternatives: tuple[tuple[str, float], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Repair:
    """The outcome for one text: what was there, most likely, and the chain that made of it what was seen.

    ``evidence`` is the log-likelihood ratio in bits between ``text`` and leaving ``seen`` alone, priors of the damage
    included; ``margin`` the same against the best rival with another text (infinite where there is none), ``rival`` the
    chain of that one. Where a misreading that loses nothing explains a line, evidence is counted up to some 300 bits,
    and a rival 100 bits behind counts as none: nothing depends on more.
    """

    text: str
    seen: str | bytes
    grade: Grade = Grade.CLEAN
    chain: Chain = ()
    edits: tuple[Edit, ...] = ()
    evidence: float = 0.0
    encoding: str | None = None
    margin: float = float("inf")
    rival: Chain = ()


@dataclass(frozen=True, slots=True)
class Detection:
    """An encoding by the name of its Python codec (None: not text), how sure, and what decided."""

    encoding: str | None
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Segment:
    """``data[start:end]`` is written in ``encoding`` (a Python codec; None: not text), with this confidence."""

    start: int
    end: int
    encoding: str | None
    confidence: float
