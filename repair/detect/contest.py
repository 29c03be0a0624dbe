"""All encodings read the same bytes, block by block, until one has left the others behind.

Bytes determine the text that an encoding makes of them, so the likelihoods of the texts compare as those of the
encodings do. Each block is read twice: roughly, by what characters cost by themselves, which drops most encodings at
a tenth of the price; then by the model. A reading that lags far behind the best is dropped, and where one is left the
contest is over (Wald's sequential test, 1945): most records are decided within their first hundred bytes.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.detect.decoders import BAD, SINGLE, UTF_8, UTF_16_BE, UTF_16_LE, Decoders
from repair.detect.decoding import CUT, Data, decoder_of, next_character, shown
from repair.language.kernel import cost, push
from repair.language.tables import Tables

Bits = npt.NDArray[np.float64]
LAG = 150.0
"""Bits behind the best at which a reading is dropped: an odds of 2^52 after tempering."""
_ROUGH_LAG = 60.0
"""The same within one block where characters are counted by themselves. Hangul, rarer than hanzi, lag by half of it."""
_SINGLE_LAG = 100.0
"""The same for encodings of one byte: Thai, which the model knows little of, lags by 70 behind two bytes each."""
BAD_BITS = 18.0
"""Bits that a byte costs which is none of the encoding, a private character or a control, beside the model's."""
CUT_BITS = 10.0
"""Bits of a character that the end cuts."""
_RARE = 11.5
_SURPRISE = 0.7
"""A hanzi that costs more than ``_RARE`` bits costs this share of what is beyond once more: a wrong reading consists of
rare hanzi, a right one holds a few. Of names of two hanzi in GB18030 96 % are known, of Korean words of two syllables
80 %; at 1.4 it is 94 and 86 %."""
_ASCII_BITS = 5.0
"""Bits of an ASCII character at a rough reading, which does not see that they repeat or spell words."""
_EXACTLY, _ROUGHLY = 0, 1
_BLOCK = 32
_QUIET = 4
"""ASCII characters after which the model has forgotten what stood before them; all readings agree on what follows."""
_BUDGET = 6000
"""Characters that all readings of a record may take together: what these leave undecided, more would."""


class Readers(NamedTuple):
    """Where each encoding stands: the next byte, the model's context, how many ASCII characters lie behind.

    ``rough`` is `_ROUGHLY` where characters count by themselves.
    """

    at: npt.NDArray[np.int64]
    context: npt.NDArray[np.uint64]
    quiet: npt.NDArray[np.int64]
    rough: int


@compiled
def contest(
    decoders: Decoders,
    tables: Tables,
    data: Data,
    bits: Bits,
    cap: float,
) -> int:
    """Add to ``bits`` what each reading of ``data`` costs, until the contest is decided; return the bytes read.

    ``cap`` is the most that a character of UTF-8 costs, if the bytes are valid UTF-8, else infinite: whatever they read
    like, they may be damaged themselves, or no language at all. An encoding that starts with infinite bits takes no
    part; one that is dropped lags by `LAG` bits or more.
    """
    n = len(bits)
    rough, exact = _readers(n, _ROUGHLY), _readers(n, _EXACTLY)
    rough_bits = bits.copy()
    live = np.isfinite(bits)
    lags = np.where(decoders.kinds == SINGLE, _SINGLE_LAG, _ROUGH_LAG)
    full = np.full(n, LAG)
    stop = budget = 0
    while stop < len(data) and budget < _BUDGET:
        stop = min(len(data), stop + _BLOCK)
        wide = _wide_is_live(decoders, live)
        for encoding in range(n):
            if live[encoding]:
                span = (stop, wide, cap if decoders.kinds[encoding] == UTF_8 else np.inf)
                rough_bits[encoding] = read(decoders, tables, data, encoding, span, rough)
        _drop(rough_bits, live, lags)
        for encoding in range(n):
            if live[encoding]:
                span = (stop, wide, cap if decoders.kinds[encoding] == UTF_8 else np.inf)
                bits[encoding] += read(decoders, tables, data, encoding, span, exact)
                budget += _BLOCK
        if _drop(bits, live, full) == 1:
            break
        stop = max(stop, _first_at(exact.at, live))
    _hold_back(bits, live)
    return stop


@compiled
def _readers(n: int, rough: int) -> Readers:
    return Readers(np.zeros(n, np.int64), np.zeros(n, np.uint64), np.zeros(n, np.int64), rough)


@borrowing
def read(
    decoders: Decoders,
    tables: Tables,
    data: Data,
    encoding: int,
    span: tuple[int, bool, float],
    readers: Readers,
) -> float:
    """Return what the characters up to ``stop`` cost in one encoding, and move its reader on.

    ``span`` is (stop, whether to read ASCII that all readings share, the most that a character costs). The readers
    decide whether it is done roughly.
    """
    stop, thorough, cap = span
    decoder, outer = decoder_of(decoders, encoding), decoders.outer[encoding]
    at, context, quiet = readers.at[encoding], readers.context[encoding], readers.quiet[encoding]
    total = 0.0
    while at < stop:
        if quiet >= _QUIET and not thorough and data[at] < 0x80:
            at, quiet = _before_high(data, at), 0
        begin = at
        code, at = next_character(decoder, data, at, len(data))
        quiet = quiet + 1 if code < 0x80 else 0
        unit = tables.unit_of[shown(code)]
        value = (
            _rough_bits(tables, code, unit) if readers.rough == _ROUGHLY else _exact_bits(tables, context, code, unit)
        )
        context = push(context, unit)
        value += outer if at > begin + 1 and data[begin + 1] < 0xA1 else 0.0
        total += CUT_BITS if code == CUT else min(cap, value + _penalty(code))
    readers.at[encoding], readers.context[encoding], readers.quiet[encoding] = at, context, quiet
    return total


@borrowing
def _rough_bits(tables: Tables, code: int, unit: int) -> float:
    return _ASCII_BITS if code < 0x80 else float(tables.unit_bits[unit] + tables.member_bits[unit])


@borrowing
def _exact_bits(tables: Tables, context: np.uint64, code: int, unit: int) -> float:
    bits = float(cost(tables, context, unit))
    return bits + _SURPRISE * max(0.0, bits - _RARE) if 0x4E00 <= code <= 0x9FFF else bits


@borrowing
def _penalty(code: int) -> float:
    if code == BAD or 0xE000 <= code <= 0xF8FF or (code < 0x20 and code not in (9, 10, 13)):
        return BAD_BITS
    return 0.0


@borrowing
def _wide_is_live(decoders: Decoders, live: npt.NDArray[np.bool_]) -> bool:
    wide = False
    for encoding in range(len(live)):
        wide = wide or (live[encoding] and decoders.kinds[encoding] in (UTF_16_LE, UTF_16_BE))
    return wide


@borrowing
def _before_high(data: Data, at: int) -> int:
    """Return where the last few ASCII characters before the next other byte begin; before the end if there is none."""
    high = at
    while high < len(data) and data[high] < 0x80:
        high += 1
    return max(at, high - _QUIET)


@borrowing
def _drop(bits: Bits, live: npt.NDArray[np.bool_], lags: Bits) -> int:
    """Drop what lags behind; return how many are left."""
    best = np.inf
    for encoding in range(len(bits)):
        if live[encoding]:
            best = min(best, bits[encoding])
    left = 0
    for encoding in range(len(bits)):
        live[encoding] = live[encoding] and bits[encoding] <= best + lags[encoding]
        left += live[encoding]
    return left


@borrowing
def _hold_back(bits: Bits, live: npt.NDArray[np.bool_]) -> None:
    """Make sure that what was dropped lags: its bits are those of fewer bytes."""
    best = np.inf
    for encoding in range(len(bits)):
        if live[encoding]:
            best = min(best, bits[encoding])
    for encoding in range(len(bits)):
        if not live[encoding] and np.isfinite(bits[encoding]):
            bits[encoding] = max(bits[encoding], best + LAG)


@borrowing
def _first_at(at: npt.NDArray[np.int64], live: npt.NDArray[np.bool_]) -> int:
    """Return where the reader that is least far stands."""
    first = 1 << 62
    for encoding in range(len(at)):
        if live[encoding]:
            first = min(first, at[encoding])
    return first
