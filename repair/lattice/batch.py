"""The search for many lines in one call: slots, search and answers in flat arrays, which the thread keeps."""

from threading import local
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.language import load, load_lexicon
from repair.lattice.dividing import Room, Wording, new_room
from repair.lattice.found import ALTERNATIVE, CHARACTER, LOSS, TALLY, Found
from repair.lattice.graph import graph_for
from repair.lattice.kernel import Beam
from repair.lattice.lines import LINE, search_line, search_lines
from repair.lattice.reader import Points, reader, with_fillings
from repair.lattice.settling import MOST_KEPT, MOST_LISTED
from repair.lattice.slots import SLOT, Slots
from repair.lattice.tables import parser

Spans = npt.NDArray[np.int64]
_EMITTED = 3
"""Characters that a slot may emit."""
_MOST_KEPT = 1 << 20
"""Room for characters that a thread keeps: some text in a hundred thousand is longer."""
_kept = local()


class Ways(NamedTuple):
    """What was found for lines: ``lines`` (`LINE`), one more than there are, so that each ends where the next begins.

    The others as `repair.lattice.found.Found` has them.
    """

    lines: npt.NDArray[np.void]
    characters: npt.NDArray[np.void]
    losses: npt.NDArray[np.void]
    alternatives: npt.NDArray[np.void]

    def text(self, line: int) -> str:
        """Return the text of a line."""
        first, last = self.lines["character"][line : line + 2].tolist()
        return self.characters["point"][first:last].astype("<u4").tobytes().decode("utf-32-le")


def search_spans(points: Points, spans: Spans, original: str, wrong: str, habit: str | None, beam: Beam) -> Ways:
    """Search some lines, each ``points[start:end]``: ``spans`` [lines, 2]."""
    known, lines = reader(wrong, habit), np.zeros(len(spans) + 1, LINE)
    longest, total = int(np.diff(spans).max(initial=0)), int(np.diff(spans).sum())
    marks = int(np.count_nonzero(points == known.mark)) if habit else 0
    doubles = np.count_nonzero(known.several[np.minimum(points, 0xFFFF)] >= 0)
    found = _room(total, len(spans), marks + doubles)
    seen, graph = np.empty(longest, SLOT), graph_for(longest)
    wording, own, line = _wording(beam), parser(original), 0
    while True:
        line, after = search_lines(points, spans, known, own, wording, beam, graph, seen, found, lines, line)
        if line == len(spans) or habit is None:
            break
        known = with_fillings(wrong, habit, after)
    return _ways(lines, found)


def search_slots(slots: Slots, original: str, beam: Beam) -> Ways:
    """Search slots that were put together by hand: one line."""
    lines = np.zeros(2, LINE)
    size = len(slots.seen)
    found = _room(size, 1, int(slots.seen["hole"].sum()))
    search_line(slots, parser(original), _wording(beam), beam, graph_for(size), found, lines, 0)
    return _ways(lines, found)


def _ways(lines: npt.NDArray[np.void], found: Found) -> Ways:
    characters, losses, alternatives, *_ = found.tally[0].item()
    return Ways(
        lines,
        found.characters[:characters].copy(),
        found.losses[:losses].copy(),
        found.alternatives[:alternatives].copy(),
    )


def _room(characters: int, lines: int, holes: int) -> Found:
    """Return empty answers with room for so many slots: the thread's own, where they are large enough."""
    sizes = (_EMITTED * characters + lines, 2 * (holes + lines))
    found: Found | None = getattr(_kept, "found", None)
    if found is None or len(found.characters) < sizes[0] or len(found.losses) < sizes[1]:
        found = Found(
            np.empty(sizes[0], CHARACTER),
            np.empty(sizes[1], LOSS),
            np.empty(sizes[1] * (MOST_KEPT + 1) + MOST_LISTED + 1, ALTERNATIVE),
            np.zeros(1, TALLY),
        )
        if max(sizes) < _MOST_KEPT:
            _kept.found = found
    found.tally[0] = (0, 0, 0, 0.0, 0, 0, 0)
    return found


def _wording(beam: Beam) -> Wording:
    """Return what words are judged by, with the thread's own room."""
    room: Room | None = getattr(_kept, "room", None)
    if room is None:
        room = _kept.room = new_room()
    return Wording(load().tables, load_lexicon(), room, beam.temper, beam.wording)
