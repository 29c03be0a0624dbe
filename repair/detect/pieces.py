"""Bytes cut into pieces whose encodings may differ, and the likeliest encoding of each piece beside its neighbours."""
# ruff: noqa: PLR2004 - byte values of ASCII

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.detect.contest import BAD_BITS, Bits
from repair.detect.decoders import BAD, UTF_8, Decoders
from repair.detect.decoding import CUT, Data, decoder_of, next_character, shown
from repair.detect.examination import read_through
from repair.detect.scan import scan
from repair.language.kernel import cost, push
from repair.language.tables import Tables

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_LINE_FEED = 0x0A
_RARE = 12.5
"""Bits of a character by itself, on average of a line, at which its encoding is doubted; clean Chinese has 9 to 11."""
_DECISIVE = 96
"""Bytes beyond ASCII that decide between two encodings by hundreds of bits."""
_CUT_BITS = 30.0
"""Bits of a character that the end of a piece cuts: pieces end at ASCII, where no character is cut."""


@compiled
def line_starts(data: Data) -> Places:
    """Return where each line begins, and the end of the data."""
    count = 0
    for at in range(len(data)):
        count += data[at] == _LINE_FEED
    starts = np.empty(count + 2, np.int64)
    starts[0] = 0
    i = 1
    for at in range(len(data)):
        if data[at] == _LINE_FEED:
            starts[i] = at + 1
            i += 1
    starts[i] = len(data)
    return starts if starts[i - 1] < len(data) or i == 1 else starts[:i]


@compiled
def doubtful(decoders: Decoders, tables: Tables, encoding: int, data: Data, starts: Places) -> Flags:
    """Say of each line whether it may be in another encoding than the file's."""
    flags = np.zeros(len(starts) - 1, np.bool_)
    for i in range(len(flags)):
        flags[i] = _is_doubtful(decoders, tables, encoding, data[starts[i] : starts[i + 1]])
    return flags


@borrowing
def _is_doubtful(decoders: Decoders, tables: Tables, encoding: int, line: Data) -> bool:
    """Doubt a line with bad bytes, one that is UTF-8 in a file that is not, and one of rare characters."""
    counts = scan(line, 0, len(line))
    if counts.high == 0:
        return False
    if decoders.kinds[encoding] == UTF_8:
        return counts.bad > 0
    bad, good, bits = read_through(decoders, tables, encoding, line)
    return bad > 0 or (counts.bad == 0 and counts.short + counts.long > 1) or bits > _RARE * max(4, good)


@compiled
def piece_starts(data: Data, starts: Places, flags: Flags) -> tuple[Places, Flags]:
    """Cut doubtful lines at ASCII marks and blanks, which are part of no longer character in any encoding.

    Return where each piece begins, with the end of the data, and whether a line begins there.
    """
    out = np.empty(len(data) + 1, np.int64)
    begins = np.empty(len(data) + 1, np.bool_)
    count = 0
    for i in range(len(flags)):
        out[count], begins[count] = starts[i], True
        count += 1
        for at in range(starts[i] + 1, starts[i + 1] if flags[i] else 0):
            if _is_mark(data[at - 1]) and not _is_mark(data[at]):
                out[count], begins[count] = at, False
                count += 1
    out[count] = len(data)
    return out[: count + 1].copy(), begins[:count].copy()


@borrowing
def _is_mark(byte: int) -> bool:
    return byte < 0x30 or 0x3A <= byte < 0x40


@compiled
def piece_bits(
    decoders: Decoders, tables: Tables, encodings: Places, data: Data, starts: Places
) -> npt.NDArray[np.float64]:
    """Return what each piece costs in each of the encodings: float64[pieces, encodings]; ASCII costs nothing.

    Of a long piece, so much is read as decides it.
    """
    bits = np.zeros((len(starts) - 1, len(encodings)))
    for i in range(len(bits)):
        piece = data[starts[i] : starts[i + 1]]
        end = _enough(piece)
        for j in range(len(encodings) if end else 0):
            bits[i, j] = _bits(decoders, tables, encodings[j], piece[:end])
    return bits


@borrowing
def _enough(data: Data) -> int:
    """Return where so many bytes beyond ASCII lie behind as decide a piece; 0 where there are none."""
    high = 0
    for at in range(len(data)):
        high += data[at] >= 0x80
        if high >= _DECISIVE and data[at] < 0x80:
            return at + 1
    return len(data) if high else 0


@borrowing
def _bits(decoders: Decoders, tables: Tables, encoding: int, data: Data) -> float:
    return reading_of(decoders, tables, encoding, data)[0]


@borrowing
def reading_of(decoders: Decoders, tables: Tables, encoding: int, data: Data) -> tuple[float, float, int, int]:
    """Return what a reading costs, what its characters beyond ASCII cost, and how many are good and bad."""
    decoder = decoder_of(decoders, encoding)
    context = np.uint64(0)
    total = foreign = 0.0
    at = good = bad = 0
    while at < len(data):
        code, at = next_character(decoder, data, at, len(data))
        unit = tables.unit_of[shown(code)]
        value = _CUT_BITS if code == CUT else float(cost(tables, context, unit))
        value += BAD_BITS if code == BAD or 0xE000 <= code <= 0xF8FF else 0.0
        context = push(context, unit)
        total += value
        if code >= 0x80 and code != CUT:
            foreign += value
            bad += code == BAD
            good += code != BAD
    return total, foreign, good, bad


@compiled
def best_path(bits: Bits, begins: Flags, at_line: float, within: float) -> Places:
    """Return which encoding each piece has, at the least cost (Viterbi 1967, IEEE Trans. Inf. Theory 13, 260).

    A change costs ``at_line`` bits where a line begins and ``within`` elsewhere; of equal ways the one that stays.
    """
    pieces, encodings = bits.shape
    came = np.zeros((pieces, encodings), np.int64)
    costs = bits[0].copy()
    for i in range(1, pieces):
        least = int(np.argmin(costs))
        change = costs[least] + (at_line if begins[i] else within)
        for j in range(encodings):
            came[i, j] = j if costs[j] <= change else least
            costs[j] = min(costs[j], change) + bits[i, j]
    path = np.empty(pieces, np.int64)
    path[-1] = int(np.argmin(costs))
    for i in range(pieces - 1, 0, -1):
        path[i - 1] = came[i, path[i]]
    return path
