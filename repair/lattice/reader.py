"""What a decoder may have read as each character seen: tables of a wrong encoding and a habit, grown as they are asked.

A line becomes slots in one compiled pass. What fits a mark depends on the byte after it; each run of options is built
by Python at its first use and kept.
"""

from threading import Lock
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing
from repair.decoders import habits
from repair.lattice.slots import END, OPTION, UNKNOWN, Options, fillings, joins, several_options
from repair.lattice.tables import encoder

Points = npt.NDArray[np.uint32]
RUN = np.dtype([("first", np.int32), ("count", np.int32)], align=True)
_BMP = np.uint32(0x10000)
_ASTRAL = 189_000
"""The place of U+10000 among the four-byte codes of GB18030."""
_NOT_YET = -1
_KNOWN = -1


class Reader(NamedTuple):
    """The tables of a wrong encoding, read with a habit or strictly.

    ``code`` uint32[65536] and ``length`` uint8[65536] are those of `repair.lattice.tables.Encoder`. ``several``
    int32[65536] says which of the ``runs`` (`RUN`) of ``options`` has the codes of a character that is read from
    several, -1: of none. ``filled`` int32[258] says which run fits a mark, by the byte after it (256: the end, 257: not
    known), -1: not asked yet. ``mark`` is what stands for lost bytes, 0: none are lost. ``astral``: has all planes.
    """

    code: npt.NDArray[np.uint32]
    length: npt.NDArray[np.uint8]
    several: npt.NDArray[np.int32]
    filled: npt.NDArray[np.int32]
    runs: npt.NDArray[np.void]
    options: Options
    joins: npt.NDArray[np.bool_]
    mark: np.uint32
    astral: bool


def reader(wrong: str, habit: str | None) -> Reader:
    """Return the tables of an encoding and a habit as far as they are known."""
    known = _readers.get((wrong, habit))
    return known or _readers.setdefault((wrong, habit), _new_reader(wrong, habit))


def with_fillings(wrong: str, habit: str, after: int) -> Reader:
    """Return the tables with what fits a mark before the byte ``after``, 0 to 257."""
    with _growing:
        known = reader(wrong, habit)
        if known.filled[after] == _NOT_YET:
            options = fillings(wrong, habit, UNKNOWN if after == END + 1 else after)
            known = _grown(known, options)
            filled = known.filled.copy()
            filled[after] = len(known.runs) - 1
            _readers[wrong, habit] = known = known._replace(filled=filled)
    return known


_readers: dict[tuple[str, str | None], Reader] = {}
_growing = Lock()


def _new_reader(wrong: str, habit: str | None) -> Reader:
    known = encoder(wrong, habit)
    mark = ord(habits()[habit].mark) if habit else 0
    made = Reader(
        known.code,
        known.length,
        np.full(_BMP, -1, np.int32),
        np.full(END + 2, _NOT_YET, np.int32),
        np.zeros(0, RUN),
        np.zeros(0, OPTION),
        joins(wrong, habit),
        np.uint32(mark),
        wrong == "gb18030",
    )
    for point, options in several_options(wrong).items():
        made = _grown(made, options)
        made.several[point] = len(made.runs) - 1
    return made


def _grown(known: Reader, options: Options) -> Reader:
    """Add a run of options."""
    run = np.array([(len(known.options), len(options))], RUN)
    return known._replace(
        runs=np.concatenate((known.runs, run)), options=np.concatenate((known.options, options), dtype=OPTION)
    )


@borrowing
def fill_slots(points: Points, start: int, end: int, known: Reader, seen: npt.NDArray[np.void]) -> int:
    """Write a slot for each of ``points[start:end]``; return a byte whose fillings are not known yet, -1: all are."""
    for at in range(start, end):
        slot, point = seen[at - start], points[at]
        slot.point, slot.hole, slot.first = point, False, 0
        slot.code, slot.length = code_of(known, point)
        slot.count = slot.length > 0
        run = np.int64(-1)
        if known.mark != 0 and point == known.mark:
            after = _after(points, at + 1, end, known)
            run = np.int64(known.filled[after])
            if run < 0:
                return after
        elif point < _BMP:
            run = np.int64(known.several[point])
        if run >= 0:
            slot.hole, slot.first, slot.count = True, known.runs[run].first, known.runs[run].count
    return _KNOWN


@borrowing
def code_of(known: Reader, point: np.uint32) -> tuple[np.uint32, np.uint8]:
    """Return the bytes that were read as a character, packed, and how many they are; 0 where there are none."""
    if point < _BMP:
        return known.code[point], known.length[point]
    if not known.astral:
        return np.uint32(0), np.uint8(0)
    linear = np.int64(point) - 0x10000 + _ASTRAL
    lead = (0x81 + linear // 12600) << 24 | (0x30 + linear // 1260 % 10) << 16
    return np.uint32(lead | (0x81 + linear // 10 % 126) << 8 | (0x30 + linear % 10)), np.uint8(4)


@borrowing
def _after(points: Points, at: int, end: int, known: Reader) -> int:
    """Return the byte that follows a mark: `END` at the end of the text, one more before what may be several."""
    if at == end:
        return END
    code, length = code_of(known, points[at])
    if points[at] == known.mark or length == 0:
        return END + 1
    return np.int64(code >> np.uint32(8 * (length - 1)))
