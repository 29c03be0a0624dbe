"""What a search has found so far, step by step: each undoes the damage that came last."""

from dataclasses import dataclass, replace

from repair.channel import Chain, Cuts, Follower, Loss, align, join_cuts, same_cuts


@dataclass(frozen=True, slots=True)
class Found:
    """A text with the chain that makes of it what was seen.

    ``cuts`` line it up with what was seen (empty: to be asked of the chain), ``losses`` are places in it. ``margin`` is
    the distance in bits to the best answer with another text, ``rival`` the chain of that one. ``changed`` counts the
    distinct characters that came out of damage, ``sound`` says whether they read well.
    """

    text: str
    chain: Chain = ()
    evidence: float = 0.0
    margin: float = float("inf")
    rival: Chain = ()
    cuts: Cuts = ()
    losses: tuple[Loss, ...] = ()
    changed: int = 0
    sound: bool = True

    def lined_up(self, seen: str) -> Cuts:
        """Return the cuts between the text and what was seen."""
        if not self.chain:
            return same_cuts(seen)
        return self.cuts or align(self.chain, self.text)

    def followed_by(self, step: "Found", seen: str) -> "Found":
        """Join a further step, found in ``self.text``; losses that it did not touch stay."""
        if not self.chain:
            return step
        own, further = self.lined_up(seen), step.lined_up(self.text)
        nearer = step if step.margin < self.margin else self
        return Found(
            step.text,
            step.chain + self.chain,
            self.evidence + step.evidence,
            nearer.margin,
            nearer.rival,
            join_cuts(step.text, further, self.text, own, seen),
            tuple(sorted((*step.losses, *self._kept(step.text, further)), key=lambda loss: loss.start)),
            max(self.changed, step.changed),
            step.sound,
        )

    def _kept(self, text: str, further: Cuts) -> tuple[Loss, ...]:
        onward = Follower(tuple((b, a) for a, b in further), self.text, text)
        moved = ((loss, onward.follow(loss.start), onward.follow(loss.end)) for loss in self.losses)
        return tuple(
            replace(loss, start=start, end=end)
            for loss, start, end in moved
            if start is not None and end is not None and text[start:end] == self.text[loss.start : loss.end]
        )
