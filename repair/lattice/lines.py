"""The loop over lines, compiled: each becomes slots, is searched, and its answer follows those before it."""

import numpy as np
import numpy.typing as npt

from repair.compiled import compiled
from repair.lattice.dividing import Wording
from repair.lattice.found import Found
from repair.lattice.graph import Graph
from repair.lattice.kernel import Beam, search
from repair.lattice.parser import Parser
from repair.lattice.reader import Points, Reader, fill_slots
from repair.lattice.slots import Slots

LINE = np.dtype([("character", np.int64), ("loss", np.int64), ("bits", np.float64), ("failed", np.int64)], align=True)
"""Where a line's characters and losses begin, what its best way costs, and the slot at which nothing parsed any more,
-1 where all went well."""


@compiled
def search_lines(
    points: Points,
    spans: npt.NDArray[np.int64],
    known: Reader,
    parser: Parser,
    wording: Wording,
    beam: Beam,
    graph: Graph,
    seen: npt.NDArray[np.void],
    found: Found,
    lines: npt.NDArray[np.void],
    first: int,
) -> tuple[int, int]:
    """Search the lines from ``first`` on; return the one that needs fillings before a byte, and the byte."""
    for line in range(first, len(spans)):
        start, end = spans[line, 0], spans[line, 1]
        after = fill_slots(points, start, end, known, seen)
        if after >= 0:
            return line, after
        slots = Slots(seen[: end - start], known.options, known.joins)
        search_line(slots, parser, wording, beam, graph, found, lines, line)
    return len(spans), -1


@compiled
def search_line(
    slots: Slots,
    parser: Parser,
    wording: Wording,
    beam: Beam,
    graph: Graph,
    found: Found,
    lines: npt.NDArray[np.void],
    line: int,
) -> None:
    """Search one line; what was found of one that failed is dropped."""
    tally = found.tally[0]
    characters, losses, alternatives = tally.characters, tally.losses, tally.alternatives
    tally.bits, tally.line, tally.simplified, tally.traditional = 0.0, characters, 0, 0
    lines[line].failed = search(slots, parser, wording, beam, graph, found)
    lines[line].bits = tally.bits
    if lines[line].failed >= 0:
        tally.characters, tally.losses, tally.alternatives = characters, losses, alternatives
    lines[line + 1].character, lines[line + 1].loss = tally.characters, tally.losses
