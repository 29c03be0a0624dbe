"""What became of one damaged text, and sums of that."""

from collections import Counter
from dataclasses import dataclass, field

from benchmarks.accuracy.alignment import match, stands
from benchmarks.accuracy.peers import Peers
from benchmarks.accuracy.survival import lost_characters
from repair import Edit, Grade, Repair, repair_text, replay
from repair.channel import Chain


@dataclass(slots=True)
class Outcome:
    """Counts over some samples; characters are those of the truth."""

    samples: int = 0
    exact: int = 0
    left: int = 0
    """Samples that came back as they were seen."""
    survived: int = 0
    survived_right: int = 0
    lost: int = 0
    lost_right: int = 0
    lost_guessed: int = 0
    """Lost characters that are right once the best alternative is put where the repair withheld it."""
    unreplayed: int = 0
    grades: Counter[tuple[str, bool]] = field(default_factory=Counter)
    """Edits by grade and whether they are right."""
    stated: list[tuple[float, bool, bool]] = field(default_factory=list)
    """Of each place with several originals: the probability stated, whether the best is right, whether delivered."""
    peers: Counter[str] = field(default_factory=Counter)
    """Exact answers of each peer."""
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    """Truth, seen and answer of the first samples with a wrong answer that was delivered as right."""

    def add(self, other: "Outcome") -> None:
        """Add the counts of other samples."""
        for name in ("samples", "exact", "left", "survived", "survived_right", "lost", "lost_right", "lost_guessed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.unreplayed += other.unreplayed
        self.grades += other.grades
        self.peers += other.peers
        self.stated += other.stated
        self.wrong += other.wrong[: max(0, 3 - len(self.wrong))]


def outcome(chain: Chain, text: str, seen: str, peers: Peers) -> Outcome:
    """Repair one damaged text and compare."""
    repair = repair_text(seen)
    guess, edits = _guessed(repair)
    delivered, guessed = match(text, repair.text), match(text, guess)
    lost = lost_characters(chain, text, seen)
    kept = [not gone for gone in lost]
    result = Outcome(
        samples=1,
        exact=repair.text == text,
        left=repair.text == seen,
        survived=sum(kept),
        survived_right=sum(right for right, known in zip(delivered.right, kept, strict=True) if known),
        lost=sum(lost),
        lost_right=sum(right for right, gone in zip(delivered.right, lost, strict=True) if gone),
        lost_guessed=sum(right for right, gone in zip(guessed.right, lost, strict=True) if gone),
        unreplayed=replay(repair) != seen,
    )
    for edit in edits:
        right = stands(guessed, edit.start, edit.end)
        withheld = edit.grade is Grade.LOST
        result.grades[str(edit.grade), right] += 1
        if edit.alternatives and (withheld or edit.grade is Grade.LIKELY):
            result.stated.append((edit.alternatives[0][1], right, not withheld))
    result.peers.update(name for name, fix in peers if fix(seen) == text)
    if repair.grade in (Grade.EXACT, Grade.UNIQUE) and not result.exact:
        result.wrong.append((text, seen, repair.text))
    return result


def _guessed(repair: Repair) -> tuple[str, list[Edit]]:
    """Put the best alternative where it was withheld; return the text and the edits with their places in it."""
    parts: list[str] = []
    edits: list[Edit] = []
    at = shift = 0
    for edit in sorted(repair.edits):
        withheld = edit.grade is Grade.LOST and edit.alternatives and edit.start >= at
        text = edit.alternatives[0][0] if withheld else edit.text
        parts += repair.text[at : edit.start], text
        edits.append(edit._replace(start=edit.start + shift, end=edit.start + shift + len(text), text=text))
        at, shift = edit.end, shift + len(text) - (edit.end - edit.start)
    return "".join((*parts, repair.text[at:])), edits
