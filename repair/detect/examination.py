"""Many byte records at once: each is looked through, and where that leaves a doubt the encodings contend for it."""
# ruff: noqa: PLR2004 - the end of ASCII and of Unicode

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.detect.contest import Bits, contest
from repair.detect.decoders import BAD, UTF_8, UTF_16_BE, UTF_16_LE, Decoders
from repair.detect.decoding import Data, decoder_of, next_character
from repair.detect.scan import Counts, scan
from repair.language.tables import Tables

_CHANCE = 12
"""Valid sequences of two bytes of UTF-8 that another encoding may form by chance, with room: GB18030 does in words like
水母, two of them in five lines of 364,140. Longer sequences take rare characters."""
_FEW = 3
"""Longer sequences beside bad bytes that may still be chance."""
_BAD_SHARE = 0.1
"""The most bad bytes for one valid sequence of UTF-8: a truncated column, a splice; other encodings have more."""
GARBAGE_BITS = 14.0
"""The most that a character of valid UTF-8 costs."""
PRINTABLE_BITS = 7.0
"""Bits against UTF-16 where every byte is printable ASCII, which in UTF-16 happens to one hanzi in four. Of random
identifiers, at most 2^-(these bits and the prior's) read better as UTF-16 by chance (Markov's inequality)."""
_BINARY_SHARE = 0.02
"""The most controls that text holds; fewer than two are none."""


class Route(IntEnum):
    """What decides a record."""

    ASCII = 0
    UTF_8 = 1
    """Valid by more than chance, however it reads: the text may be damaged itself."""
    CONTEST = 2
    BINARY = 3
    """More controls than text has: only UTF-16 may hold them."""


class Examined(NamedTuple):
    """What an examination of m records found, for n encodings.

    ``route`` uint8[m]; ``bits`` float64[m, n], see `contest`; ``read`` int64[m], bytes read by the contest;
    ``escapes`` int64[m]; ``bad`` and ``good`` int64[m], bad bytes and characters
    beyond ASCII in the best reading of the whole record; ``rarity`` float64[m], the bits of the latter one by one;
    ``best`` int64[m], the encoding that reads best, and ``margin`` float64[m], by how many bits.
    """

    route: npt.NDArray[np.uint8]
    bits: npt.NDArray[np.float64]
    read: npt.NDArray[np.int64]
    escapes: npt.NDArray[np.int64]
    bad: npt.NDArray[np.int64]
    good: npt.NDArray[np.int64]
    best: npt.NDArray[np.int64]
    margin: npt.NDArray[np.float64]
    rarity: npt.NDArray[np.float64]


@compiled
def examine(
    decoders: Decoders,
    tables: Tables,
    priors: Bits,
    data: Data,
    places: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    out: Examined,
) -> None:
    """Examine the records of ``data`` that begin and end at these places; write what was found to ``out``.

    ``priors`` are −log2 of each encoding's prior. An empty stretch is a record of ASCII.
    """
    starts, ends = places
    for i in range(len(starts)):
        record = data[starts[i] : ends[i]]
        counts = scan(record, 0, len(record))
        route = _route(counts, len(record))
        out.route[i] = route
        out.escapes[i] = counts.escapes
        out.bad[i] = counts.bad
        out.good[i] = counts.short + counts.long
        out.bits[i] = np.inf
        if route == Route.UTF_8:
            continue
        _enter(decoders, priors, counts, route, out.bits[i])
        out.read[i] = contest(decoders, tables, record, out.bits[i], _cap(counts))
        out.best[i], out.margin[i] = best_two(out.bits[i])
        out.bad[i], out.good[i], out.rarity[i] = read_through(decoders, tables, out.best[i], record)


@borrowing
def best_two(bits: Bits) -> tuple[int, float]:
    """Return the index of the fewest bits, the first of several, and how many more the next has."""
    best, least, second = 0, np.inf, np.inf
    for encoding in range(len(bits)):
        if bits[encoding] < least:
            best, least, second = encoding, bits[encoding], least
        else:
            second = min(second, bits[encoding])
    return best, second - least


@borrowing
def _route(counts: Counts, length: int) -> int:
    if counts.controls > max(1.0, _BINARY_SHARE * length):
        return Route.BINARY
    if counts.high == 0:
        return Route.ASCII
    good = counts.short + counts.long
    certain = counts.long > 0 if counts.bad == 0 else counts.long > _FEW
    if (certain or counts.short > _CHANCE) and counts.bad <= _BAD_SHARE * good:
        return Route.UTF_8
    return Route.CONTEST


@borrowing
def _cap(counts: Counts) -> float:
    """Return the most that a character of UTF-8 costs: of garbage, or of an identifier drawn from 64 characters."""
    if counts.bad:
        return np.inf
    return GARBAGE_BITS if counts.high or counts.controls else 6.0


@borrowing
def _enter(decoders: Decoders, priors: Bits, counts: Counts, route: int, bits: Bits) -> None:
    """Enter the encodings that the route leaves: ASCII reads as UTF-8 does, or it is UTF-16.

    UTF-8 with more bad bytes than good sequences is none.
    """
    good = counts.short + counts.long
    broken = counts.bad > good or (counts.high > 0 and good == 0)
    printable = counts.high == 0 and counts.controls == 0
    for encoding in range(len(bits)):
        kind = decoders.kinds[encoding]
        contends = route == Route.CONTEST and not (kind == UTF_8 and broken)
        enters = contends or kind in (UTF_16_LE, UTF_16_BE) or (route == Route.ASCII and kind == UTF_8)
        if enters:
            bits[encoding] = priors[encoding] + (PRINTABLE_BITS if printable and kind != UTF_8 else 0.0)


@borrowing
def read_through(decoders: Decoders, tables: Tables, encoding: int, data: Data) -> tuple[int, int, float]:
    """Return of a reading: bytes that are none of the encoding, the characters beyond ASCII, their bits one by one."""
    decoder = decoder_of(decoders, encoding)
    at = bad = good = 0
    bits = 0.0
    while at < len(data):
        code, at = next_character(decoder, data, at, len(data))
        bad += code == BAD
        if 0x80 <= code <= 0x10FFFF:
            good += 1
            unit = tables.unit_of[code]
            bits += tables.unit_bits[unit] + tables.member_bits[unit]
    return bad, good, bits
