"""Characters of which only some bytes are left: put back together where the text around tells what they were."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from repair.channel import Candidate, Chain, Channel, Loss, join_pieces
from repair.written import REPLACEMENT

_AROUND = 24
"""Characters on each side that the language model sees."""


class Broken(NamedTuple):
    """A slice of a text that ends in a broken character, which begins at ``mark``, and what the slice was.

    ``channel`` damages ``text`` into the slice; ``loss`` has all that may have stood there.
    """

    start: int
    mark: int
    end: int
    text: str
    channel: Channel
    loss: Loss


def weighed(text: str, start: int, end: int, options: Sequence[Sequence[bytes]]) -> Loss | None:
    """Return what may have stood in a slice, by probability, given the UTF-8 that fits there; None where nothing does.

    The offsets of the loss are those of its first alternative alone.
    """
    from repair.lattice import solve_options  # noqa: PLC0415 - compiled code, which importing does not wait for

    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2].rpartition(REPLACEMENT)[2]
    after = text[end : end + _AROUND].partition(REPLACEMENT)[0]
    known_before, known_after = (
        [[character.encode("utf-8", "replace")] for character in part] for part in (before, after)
    )
    found = solve_options([*known_before, *options, *known_after], "utf-8")
    if found is None or len(found.losses) != 1:
        return None
    (loss,) = found.losses
    return Loss(0, loss.end - loss.start, loss.alternatives, sole=loss.sole)


def _utf8(character: str) -> bytes:
    """Return the bytes of a character, a question mark for half a surrogate pair."""
    return character.encode("utf-8", "replace")


def mended(text: str, places: Iterable[Broken]) -> tuple[Candidate, Chain] | None:
    """Return the text with its broken characters mended, and the chain that breaks them; None where there are none."""
    parts: list[tuple[str, Chain]] = []
    cuts: list[tuple[int, int]] = [(0, 0)]
    losses: list[Loss] = []
    at = shift = 0
    for place in sorted(places, key=lambda place: (place.start, -place.end)):
        if place.start < at:
            continue
        parts += (text[at : place.start], ()), (place.text, (place.channel,))
        mark = place.mark + shift
        cuts += [(at + shift, at), (place.start + shift, place.start), (mark, place.mark)]
        losses.append(Loss(mark, place.start + shift + len(place.text), place.loss.alternatives, sole=place.loss.sole))
        at, shift = place.end, shift + len(place.text) - (place.end - place.start)
        cuts.append((at + shift, at))
    if not losses:
        return None
    whole, chain = join_pieces([*parts, (text[at:], ())])
    return Candidate(whole, tuple(dict.fromkeys((*cuts, (len(whole), len(text))))), tuple(losses)), chain
