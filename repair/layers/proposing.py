"""Texts below layers of damage of which some lost bytes: line by line, what one line shows tried on the others."""

from collections.abc import Iterator
from dataclasses import replace

from repair.channel import Candidate, Chain, Cuts, Loss, join_pieces
from repair.found import Found
from repair.language import Model
from repair.layers.guessing import stacks
from repair.layers.layer import Layer
from repair.layers.solving import chain_of, replays, solved
from repair.places import AGREED_BITS, LINE_BITS, lines_beyond_ascii
from repair.soundness import distinct, proven, reads_well
from repair.triage import suspicious

_MOST_LINES = 24
"""Lines that are searched for the layers; damage comes alike many times over."""
_Lines = dict[tuple[int, int], Candidate]


def propose(seen: str, depth: int, model: Model) -> Iterator[Found]:
    """Yield what is below stacks of two to ``depth`` layers of which some lost bytes, line by line.

    What one line shows is tried on all others.
    """
    lines = [(start, end) for start, end in lines_beyond_ascii(seen) if suspicious(seen[start:end])]
    done: set[tuple[Layer, ...]] = set()
    covered: set[tuple[int, int]] = set()
    for start, end in lines[:_MOST_LINES]:
        if (start, end) in covered:
            continue
        shown = _shown(seen[start:end], depth, model)
        if shown and shown[0] not in done:
            layers, prior = shown
            found = dict(_below(seen, lines, layers, model))
            done.add(layers)
            covered |= found.keys()
            yield _joined(seen, found, chain_of(layers), prior, model)


def _shown(line: str, depth: int, model: Model) -> tuple[tuple[Layer, ...], float] | None:
    """Return the layers that explain a line best, with their prior; None where none leaves a text that reads well."""
    best = None
    for stack in stacks(line, depth, model):
        candidate = solved(line, stack.layers)
        if candidate and reads_well(candidate.text, model):
            gain = stack.prior + _gain(candidate.text, line, model)
            if gain > LINE_BITS and (best is None or gain > best[0]):
                best = gain, stack.layers, stack.prior
    return best[1:] if best else None


def _gain(text: str, seen: str, model: Model) -> float:
    after, before = model.log_probabilities([text, seen]).tolist()
    return float(after - before)


def _below(
    seen: str, lines: list[tuple[int, int]], layers: tuple[Layer, ...], model: Model
) -> Iterator[tuple[tuple[int, int], Candidate]]:
    lowest = chain_of(layers)[0]
    for start, end in lines:
        line = seen[start:end]
        candidate = solved(line, layers)
        gain = _gain(candidate.text, line, model) if candidate else 0.0
        if candidate and gain > AGREED_BITS and reads_well(candidate.text, model, proven(lowest, gain)):
            yield (start, end), candidate


def _joined(seen: str, found: _Lines, chain: Chain, prior: float, model: Model) -> Found:
    """Put the lines together with what was left alone between them."""
    parts: list[tuple[str, Chain]] = []
    cuts: list[tuple[int, int]] = [(0, 0)]
    losses: list[Loss] = []
    at = shift = 0
    for (start, end), candidate in found.items():
        parts += (seen[at:start], ()), (candidate.text, chain)
        first = start + shift
        cuts += [(at + shift, at), *((first + text, start + of) for text, of in candidate.cuts)]
        losses += [replace(loss, start=first + loss.start, end=first + loss.end) for loss in candidate.losses]
        at, shift = end, shift + len(candidate.text) - (end - start)
    text, pieces = join_pieces([*parts, (seen[at:], ())])
    whole: Cuts = tuple(dict.fromkeys((*cuts, (at + shift, at), (len(text), len(seen)))))
    changed = "".join(candidate.text for candidate in found.values())
    gains = (_gain(candidate.text, seen[slice(*span)], model) - AGREED_BITS for span, candidate in found.items())
    return Found(
        text,
        chain if replays(chain, text, seen) else pieces,
        prior + sum(gains),
        cuts=whole,
        losses=tuple(losses),
        changed=distinct(changed),
    )
