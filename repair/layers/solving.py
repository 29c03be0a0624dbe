"""One line below given layers: everything that fits carried down, then weighed."""

from collections.abc import Iterator, Sequence

from repair.channel import Candidate, Chain, Cuts, UndamageableError, damage
from repair.lattice.slots import LONGEST
from repair.layers.layer import Layer
from repair.layers.slots import Place, below, bytes_of, characters_of
from repair.lossy import Lossy
from repair.misreading import Misreading


def solved(seen: str, layers: tuple[Layer, ...]) -> Candidate | None:
    """Return the likeliest text below these layers, the lowest first; None where none is damaged into ``seen``."""
    return solved_from(seen, characters_of(seen), layers, chain_of(layers))


def solved_from(seen: str, above: list[Place[str]], layers: tuple[Layer, ...], chain: Chain) -> Candidate | None:
    """Return the likeliest text below layers, given what may have stood above them; ``chain`` is to replay."""
    from repair.lattice import solve_options  # noqa: PLC0415 - compiled code, which importing does not wait for

    places: list[Place[str]] | None = above
    for layer in reversed(layers[1:]):
        places = below(places, layer) if places else None
    lowest = layers[0]
    slots = bytes_of(places, lowest) if places else None
    if not slots or any(len(piece) > LONGEST for slot in slots for piece in slot.pieces):
        return None
    found = solve_options([slot.pieces for slot in slots], *lowest)
    if not found or not replays(chain, found.text, seen):
        return None
    return Candidate(found.text, tuple(_moved(found.cuts, slots)), found.losses)


def _moved(cuts: Cuts, slots: Sequence[Place[bytes]]) -> Iterator[tuple[int, int]]:
    """Yield the cuts that count slots as cuts in what was seen: those where no two slots share a character of it."""
    for at, slot in cuts:
        end = slots[slot - 1].end if slot else 0
        if slot == len(slots) or slots[slot].start >= end:
            yield at, end


def chain_of(layers: tuple[Layer, ...]) -> Chain:
    """Return the channels of layers."""
    return tuple(
        Lossy(original, wrong, habit) if habit else Misreading(original, wrong) for original, wrong, habit in layers
    )


def replays(chain: Chain, text: str, seen: str) -> bool:
    """Say whether a chain damages a text into what was seen."""
    try:
        return damage(chain, text) == seen
    except UndamageableError:
        return False
