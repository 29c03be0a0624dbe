"""The loops over the characters of a line: one for readings of the whole, one for what lies between losses.

The language model is asked while a reading goes on, and a reading that costs more than leaving the line alone is given
up where it does.
"""

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.language import Tables
from repair.language.kernel import cost, push
from repair.lattice.parser import INVALID, Parser, step, unfinished
from repair.rereading.needs import Dearness, Thresholds
from repair.rereading.tables import ABSENT, Misreadings, Writers

Points = npt.NDArray[np.uint32]
_ABSENT = np.uint32(ABSENT)
_ASCII, _BMP = np.uint32(0x80), np.uint32(0x10000)
_MIX = np.uint64(0x100000001B3)
"""The prime of the hash FNV-1a (64 bits), here over code points."""
_START = np.uint64(0xCBF29CE484222325)
_ASTRAL = 189_000
"""The place of U+10000 among the four-byte codes of GB18030."""


@borrowing
def code_of(writers: Writers, wrong: int, point: np.uint32) -> np.uint32:
    """Return the bytes that a wrong encoding reads as a character, packed, `ABSENT` where there are none."""
    if point < _BMP:
        return writers.codes[wrong, point]
    if not writers.astral[wrong]:
        return _ABSENT
    linear = np.int64(point) - 0x10000 + _ASTRAL
    lead = (0x81 + linear // 12600) << 24 | (0x30 + linear // 1260 % 10) << 16
    return np.uint32(lead | (0x81 + linear // 10 % 126) << 8 | (0x30 + linear % 10))


@borrowing
def width(code: np.uint32) -> int:
    """Return the bytes of a code: one of two bytes and more does not begin with byte 0."""
    if code < np.uint32(0x100):
        return 1
    if code < np.uint32(0x10000):
        return 2
    return 3 if code < np.uint32(0x1000000) else 4


@borrowing
def as_seen(points: Points, start: int, end: int, tables: Tables) -> float:
    """Return what ``points[start:end]`` cost as they stand, a boundary at both ends: bits."""
    context, bits = np.uint64(0), 0.0
    for at in range(start, end):
        unit = tables.unit_of[points[at]]
        bits += cost(tables, context, unit)
        context = push(context, unit)
    return bits + cost(tables, context, np.uint16(0))


@borrowing
def reread(
    points: Points,
    span: tuple[int, int],
    writers: Writers,
    wrong: int,
    parser: Parser,
    tables: Tables,
    limit: float,
    dearness: Dearness,
) -> tuple[float, bool, np.uint64]:
    """Read a line rightly: what it then costs, infinite from ``limit`` on or where it cannot be; whether it reads well.

    The third value is a hash of the text.
    """
    pending, context = np.int64(0), np.uint64(0)
    bits, beyond, text = 0.0, dearness.more, _START
    for at in range(span[0], span[1]):
        code = code_of(writers, wrong, points[at])
        if code == _ABSENT or bits >= limit:
            return np.inf, False, text
        for place in range(width(code) - 1, -1, -1):
            point, pending = step(parser, pending, np.int64(code >> np.uint32(8 * place)) & 0xFF)
            if point == INVALID:
                return np.inf, False, text
            if point >= 0:
                unit = tables.unit_of[point]
                more = cost(tables, context, unit)
                context = push(context, unit)
                bits += more
                beyond += dearness.each - more if point >= 0x80 else 0.0
                text = (text ^ np.uint64(point)) * _MIX
    bits += cost(tables, context, np.uint16(0))
    return np.inf if unfinished(pending) or bits >= limit else bits, beyond > 0, text


@compiled
def readings(
    points: Points,
    spans: npt.NDArray[np.int64],
    known: Misreadings,
    tables: Tables,
    dearness: Dearness,
    gains: npt.NDArray[np.float64],
    sound: npt.NDArray[np.bool_],
    texts: npt.NDArray[np.uint64],
) -> None:
    """Fill in, for each line and channel, the bits that the line gains by being read rightly: [lines, channels].

    Minus infinity where it does not gain; ``sound`` says whether it reads well then, ``texts`` is a hash of it.
    """
    for line in range(len(spans)):
        start, end = spans[line, 0], spans[line, 1]
        seen = as_seen(points, start, end, tables)
        for channel in range(len(known.channels)):
            gains[line, channel] = -np.inf
            wrong, original = known.channels[channel].wrong, known.channels[channel].original
            if code_of(known.writers, wrong, points[start]) != _ABSENT:
                bits, sound[line, channel], texts[line, channel] = reread(
                    points, (start, end), known.writers, wrong, known.parsers[original], tables, seen, dearness
                )
                gains[line, channel] = seen - bits


VERDICT = np.dtype(
    [("channel", np.int32), ("rival", np.int32), ("evidence", np.float64), ("margin", np.float64)], align=True
)
"""The likeliest reading of a line and the likeliest with another text, by their numbers (−1: none), the evidence of the
first and how far the other is behind, in bits."""


@compiled
def verdicts(
    known: Misreadings,
    gains: npt.NDArray[np.float64],
    sound: npt.NDArray[np.bool_],
    texts: npt.NDArray[np.uint64],
    least: Thresholds,
    decided: npt.NDArray[np.void],
) -> None:
    """Fill in what convinces of each line: `VERDICT`[lines]."""
    for line in range(len(gains)):
        best = _likeliest(known, gains[line], texts[line], -1)
        rival = _likeliest(known, gains[line], texts[line], best) if best >= 0 else -1
        decided[line].channel, decided[line].rival = -1, rival
        if best >= 0:
            evidence = known.channels[best].prior + gains[line, best]
            margin = evidence - known.channels[rival].prior - gains[line, rival] if rival >= 0 else np.inf
            decided[line].evidence, decided[line].margin = evidence, margin
            enough = evidence >= least.evidence and margin >= least.margin and gains[line, best] > least.gain
            if enough and sound[line, best]:
                decided[line].channel = best


@borrowing
def _likeliest(known: Misreadings, gains: npt.NDArray[np.float64], texts: npt.NDArray[np.uint64], but: int) -> int:
    """Return the channel of most evidence, −1 for none; of another text than that of the channel ``but``."""
    best = -1
    for channel in range(len(gains)):
        if gains[channel] == -np.inf or (but >= 0 and texts[channel] == texts[but]):
            continue
        if best < 0 or known.channels[channel].prior + gains[channel] > known.channels[best].prior + gains[best]:
            best = channel
    return best
