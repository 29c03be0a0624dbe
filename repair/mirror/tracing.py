"""What comes out of reading a page backwards: its characters, its losses, what its broken places show of the program.

The best path through a place is written out, with every other character that could have stood where it is unsure.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing
from repair.mirror.lattice import (
    ALONE,
    EATEN,
    IMPOSSIBLE,
    LONGEST,
    MOST_EMITTED,
    N_STEPS,
    PAIRED,
    PLAIN,
    PRUNED,
    RUN,
    TEMPER,
    TOUCHED,
    Lattice,
    Records,
    emitted_at,
)
from repair.mirror.site import PRIVATE, Site

N_TEXT, N_LOSSES, N_ALTERNATIVES, N_EVENTS, N_PLACES, N_BITS = range(6)
_CHARACTER = np.dtype([("text", "u4"), ("script", "u4"), ("code", "i8"), ("origin", "i8")])
_ALTERNATIVE = np.dtype([("text", "i8"), ("share", "f8")])


class Restored(NamedTuple):
    """What `restore` writes; see its fields for what they hold, the first ``counts[i]`` of each."""

    characters: Records
    """``text``; ``script``, the same in the site's script; ``origin``, where its slice begins in what was seen, -1
    within a broken place, which is one slice; ``code``, its code in the site's script, 0 where it passed through."""
    losses: npt.NDArray[np.int64]
    """int64[:, 5]: position in the text, first alternative, number of alternatives, whether nothing was left out, what
    the place costs more than usual text, in bits."""
    alternatives: Records
    """``text``, a character or 0 for none, and ``share``, its probability."""
    events: npt.NDArray[np.int64]
    """int64[:, 3]: position in what was seen, a code noted with its reading's number above, a sign's code."""
    places: npt.NDArray[np.int64]
    """int64[:, 4]: start and end in the text, start and end in what was seen."""
    counts: npt.NDArray[np.int64]


def room_for(length: int) -> Restored:
    """Return arrays that hold what comes out of ``length`` characters seen."""
    size = 2 * length + 64
    return Restored(
        np.empty(size, _CHARACTER),
        np.empty((size, 5), np.int64),
        np.empty(64 * size, _ALTERNATIVE),
        np.empty((size, 3), np.int64),
        np.empty((length + 1, 4), np.int64),
        np.zeros(8, np.int64),
    )


@borrowing
def write(site: Site, out: Restored, character: int, code: int, origin: int) -> None:
    """Write a character that was seen with a code, 0 for none, and where it began in what was seen, -1 for nowhere."""
    count = out.counts[N_TEXT]
    out.characters[count].text = site.table[code].text if code else character
    out.characters[count].script = site.table[code].character if code >= 0x80 else code or character
    out.characters[count].code = code
    out.characters[count].origin = origin
    out.counts[N_TEXT] += 1


@borrowing
def trace(site: Site, start: int, node: int, lattice: Lattice, out: Restored, with_losses: bool) -> int:
    """Write the best path, without the plain characters at its end; return where the page goes on."""
    path = lattice.path
    length = 0
    while lattice.nodes[node].via >= 0:
        path[length] = lattice.nodes[node].via
        length += 1
        node = lattice.steps[lattice.nodes[node].via].source
    tail = 0
    while lattice.steps[path[tail]].kind == PLAIN:
        tail += 1
    total = lattice.nodes[0].backward
    end = start
    place = out.counts[N_PLACES]
    out.places[place, 0], out.places[place, 2] = out.counts[N_TEXT], start
    first = True
    for index in range(length - 1, tail - 1, -1):
        step = path[index]
        _write_step(site, start, step, lattice, out, total, first, with_losses)
        first = first and emitted_at(lattice, step, 0) == 0
        end = start + lattice.nodes[lattice.steps[step].target].at
    out.places[place, 1], out.places[place, 3] = out.counts[N_TEXT], end
    out.counts[N_PLACES] += 1
    return end


@borrowing
def _write_step(
    site: Site, start: int, step: int, lattice: Lattice, out: Restored, total: float, first: bool, with_losses: bool
) -> None:
    source = lattice.steps[step].source
    if lattice.steps[step].noted or lattice.steps[step].sign:
        event = out.counts[N_EVENTS]
        out.events[event, 0] = start + lattice.nodes[source].at
        out.events[event, 1], out.events[event, 2] = lattice.steps[step].noted, lattice.steps[step].sign
        out.counts[N_EVENTS] += 1
    for position in range(MOST_EMITTED):
        code = np.int64(emitted_at(lattice, step, position))
        if code == 0:
            break
        if with_losses and lattice.steps[step].kind != PLAIN:
            _write_loss(site, step, position, lattice, out, total)
        write(site, out, code, code, start if first and position == 0 else -1)


@borrowing
def _write_loss(site: Site, step: int, position: int, lattice: Lattice, out: Restored, total: float) -> None:
    """Write every character that could have stood here with its probability, the chosen one first."""
    loss, first = out.counts[N_LOSSES], out.counts[N_ALTERNATIVES]
    out.losses[loss, 0], out.losses[loss, 1] = out.counts[N_TEXT], first
    chosen = np.int64(site.table[emitted_at(lattice, step, position)].text)
    count = _weigh(site, step, position, lattice, out, total, first)
    if count == 0 or out.alternatives[first].text != chosen:
        for index in range(first, first + count):
            if out.alternatives[index].text == chosen:
                out.alternatives[index].text = out.alternatives[first].text
        out.alternatives[first].text = chosen
        count = max(count, 1)
    for index in range(first, first + count):
        character = out.alternatives[index].text
        out.alternatives[index].share = min(lattice.weights[character], 1.0)
    for index in range(first, first + count):
        lattice.weights[out.alternatives[index].text] = 0.0
    out.losses[loss, 2] = count
    out.losses[loss, 3] = _nothing_left_out(site, step, position, lattice)
    out.counts[N_ALTERNATIVES] += count
    out.counts[N_LOSSES] += 1


@borrowing
def _nothing_left_out(site: Site, step: int, position: int, lattice: Lattice) -> bool:
    """Say whether all that could have stood somewhere was gone through.

    In a run of hanzi two more bytes may have gone under without a sign unless the page tells that they leave one.
    """
    kind = lattice.steps[step].kind
    if lattice.counts[PRUNED] or kind in (EATEN, ALONE, PAIRED):
        return False
    return bool(kind != RUN or emitted_at(lattice, step, position) & 0xFF < 0x80 or site.habit[2] == PRIVATE)


@borrowing
def _weigh(site: Site, step: int, position: int, lattice: Lattice, out: Restored, total: float, first: int) -> int:
    """Sum the probabilities of the steps that stand where this one does; return how many characters they give.

    A step that passes over nothing that is seen stands beside others of that kind alone.
    """
    begins, ends = lattice.nodes[lattice.steps[step].source].at, lattice.nodes[lattice.steps[step].target].at
    count = 0
    earliest = max(0, begins - lattice.counts[LONGEST])
    end = lattice.at[begins + 1, 2] if lattice.at[begins + 1, 2] >= 0 else lattice.counts[N_STEPS]
    for other in range(lattice.at[earliest, 2], end):
        source, target = lattice.steps[other].source, lattice.steps[other].target
        over = lattice.nodes[source].at <= begins < lattice.nodes[target].at
        if not (over if begins < ends else lattice.nodes[source].at == begins == lattice.nodes[target].at):
            continue
        backward = lattice.nodes[target].backward
        if backward <= -IMPOSSIBLE or not lattice.nodes[target].state & TOUCHED:
            continue
        same = lattice.nodes[source].at == begins and lattice.nodes[target].at == ends
        code = emitted_at(lattice, other, position if same else 0)
        if code == 0 and same and position:
            code = emitted_at(lattice, other, 0)
        share = np.exp2(lattice.nodes[source].forward - TEMPER * lattice.steps[other].bits + backward - total)
        character = np.int64(site.table[code].text) if code else 0
        if lattice.weights[character] == 0.0:
            if first + count >= len(out.alternatives):
                continue
            out.alternatives[first + count].text = character
            count += 1
        lattice.weights[character] += max(share, 1e-300)
    return count
