"""The loops over the characters of a line: one for readings of the whole, one for what lies between losses.

The language model is asked while a reading goes on, and a reading that costs more than leaving the line alone is given
up where it does.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, compiled
from repair.language import Tables
from repair.language.kernel import carried, cost
from repair.lattice.parser import INVALID, Parser, step, unfinished
from repair.rereading.needs import Dearness, Thresholds
from repair.rereading.tables import ABSENT, Misreadings, Writers

Points = npt.NDArray[np.uint32]
_ABSENT = np.uint32(ABSENT)
_ASCII, _BMP = np.uint32(0x80), np.uint32(0x10000)
MIX = np.uint64(0x100000001B3)
"""The prime of the hash FNV-1a (64 bits), here over code points."""
START = np.uint64(0xCBF29CE484222325)
_NONE = np.uint64(0)
_BEGINNING = 24
"""Characters of a line that tell most encodings apart."""
_LAG = 80.0
"""Bits by which a reading may lag behind the best where characters are counted by themselves, to be read exactly."""
_FAR = 100.0
"""Bits behind the best from which on a rival is not counted."""
_SURE = 64.0
"""Bits up to which it is counted how much likelier a reading is than leaving the line alone: nothing depends on more,
and a line that was misread is several times longer than its text."""
_ASCII_BITS = np.float32(5)
"""Bits of an ASCII character by itself: what words and numbers cost the model on average."""
_ASTRAL = 189_000
"""The place of U+10000 among the four-byte codes of GB18030."""


class Language(NamedTuple):
    """The language model: its tables, and what each code point costs by itself, float32[0x110000]."""

    tables: Tables
    character_bits: npt.NDArray[np.float32]


@borrowing
def rough_bits(language: Language, point: np.uint32) -> np.float32:
    """Return what a character costs by itself."""
    return language.character_bits[point] if point >= 0x80 else _ASCII_BITS


@borrowing
def code_of(writers: Writers, wrong: int, point: np.uint32) -> np.uint32:
    """Return the bytes that a wrong encoding reads as a character, packed, `ABSENT` where there are none."""
    if point < _BMP:
        return writers.codes[point, wrong]
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
def as_seen(points: Points, start: int, end: int, tables: Tables, enough: float) -> float:
    """Return what ``points[start:end]`` cost as they stand, a boundary at both ends: bits, counted up to ``enough``."""
    context, precedes, bits = np.uint64(0), np.uint32(0), 0.0
    for at in range(start, end):
        if bits >= enough:
            return bits
        more, context, precedes = carried(tables, context, tables.unit_of[points[at]], precedes)
        bits += more
    return bits + cost(tables, context, np.uint16(0))


@borrowing
def of_script(point: int) -> bool:
    """Say whether a character is a hanzi, kana or hangul, as `repair.places.SCRIPTS` has them."""
    return 0x3041 <= point <= 0x9FFF or 0xAC00 <= point <= 0xD7A3 or 0x20000 <= point <= 0x3FFFF


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
) -> tuple[float, bool]:
    """Read a line rightly: what it costs, infinite from ``limit`` on or where it cannot be; whether it reads well."""
    pending, context, precedes = np.int64(0), np.uint64(0), np.uint32(0)
    bits, script = 0.0, dearness.more
    for at in range(span[0], span[1]):
        code = code_of(writers, wrong, points[at])
        if code == _ABSENT or bits >= limit:
            return np.inf, False
        for place in range(width(code) - 1, -1, -1):
            point, pending = step(parser, pending, np.int64(code >> np.uint32(8 * place)) & 0xFF)
            if point == INVALID:
                return np.inf, False
            if point >= 0:
                more, context, precedes = carried(tables, context, tables.unit_of[point], precedes)
                bits += more
                script += dearness.each - more if of_script(point) else 0.0
    bits += cost(tables, context, np.uint16(0))
    return np.inf if unfinished(pending) or bits >= limit else bits, script > 0


@compiled
def readings(
    points: Points,
    spans: npt.NDArray[np.int64],
    known: Misreadings,
    language: Language,
    dearness: Dearness,
    gains: npt.NDArray[np.float64],
    sound: npt.NDArray[np.bool_],
    texts: npt.NDArray[np.uint64],
) -> None:
    """Fill in, for each line and channel, the bits that the line gains by being read rightly: [lines, channels].

    Minus infinity where it does not gain; ``sound`` says whether it reads well then, ``texts`` is a hash of it.
    """
    for line in range(len(spans)):
        span = spans[line, 0], spans[line, 1]
        seen = np.inf  # counted where a reading is worth it
        limit = _seen_roughly(points, span, language) + _LAG
        for channel in range(len(known.channels)):
            row = known.channels[channel]
            parser = known.parsers[row.original]
            gains[line, channel] = -np.inf
            rough, text = roughly(points, span, known.writers, row.wrong, parser, language, limit)
            texts[line, channel] = text
            if rough < np.inf:
                same = _same_text(gains[line], texts[line], channel)
                if same >= 0:
                    gains[line, channel], sound[line, channel] = gains[line, same], sound[line, same]
                    continue
                if seen == np.inf:
                    seen = as_seen(points, span[0], span[1], language.tables, np.inf)
                bits, sound[line, channel] = reread(
                    points, span, known.writers, row.wrong, parser, language.tables, seen, dearness
                )
                gains[line, channel] = seen - bits


@borrowing
def _same_text(known: npt.NDArray[np.float64], texts: npt.NDArray[np.uint64], channel: int) -> int:
    """Return an earlier channel that reads the same text and of which it is known what it costs; -1 for none."""
    for other in range(channel):
        if texts[other] == texts[channel] and np.isfinite(known[other]):
            return other
    return -1


@borrowing
def roughly(
    points: Points,
    span: tuple[int, int],
    writers: Writers,
    wrong: int,
    parser: Parser,
    language: Language,
    limit: float,
) -> tuple[float, np.uint64]:
    """Return what a line costs read rightly, each character by itself, and a hash of the text.

    Infinite from ``limit`` on, or where it cannot be read so.
    """
    pending, bits, text = np.int64(0), np.float32(0), START
    for at in range(span[0], span[1]):
        code = code_of(writers, wrong, points[at])
        if code == _ABSENT or bits >= limit:
            return np.inf, text
        for place in range(width(code) - 1, -1, -1):
            point, pending = step(parser, pending, np.int64(code >> np.uint32(8 * place)) & 0xFF)
            if point == INVALID:
                return np.inf, text
            if point >= 0:
                bits += rough_bits(language, point)
                text = (text ^ np.uint64(point)) * MIX
    return (np.inf if unfinished(pending) else float(bits)), text


VERDICT = np.dtype(
    [("channel", np.int32), ("rival", np.int32), ("evidence", np.float64), ("margin", np.float64)], align=True
)
"""The likeliest reading of a line and the likeliest with another text, by their numbers (−1: none), the evidence of the
first, minus infinity where there is none, and how far the other is behind, in bits."""


@compiled
def verdicts(
    points: Points,
    spans: npt.NDArray[np.int64],
    known: Misreadings,
    language: Language,
    dearness: Dearness,
    least: Thresholds,
    decided: npt.NDArray[np.void],
) -> None:
    """Fill in what convinces of each line: `VERDICT`[lines].

    Each reading is first counted roughly; the model, which costs ten times as much, is asked about those that are near
    the best then (as `repair.detect.contest` does).
    """
    count = len(known.channels)
    rough, bits = np.empty(count), np.empty(count)
    sound, texts = np.empty(count, np.bool_), np.empty(count, np.uint64)
    wrongs = len(known.writers.astral)
    bytes_, alike = np.empty(wrongs, np.uint64), np.empty(wrongs, np.int64)
    last = np.int64(0)
    for line in range(len(spans)):
        span = spans[line, 0], spans[line, 1]
        decided[line].channel = decided[line].rival = -1
        decided[line].evidence = -np.inf
        best = _count_roughly(points, span, known, language, last, rough, texts, bytes_, alike)
        if best < _seen_roughly(points, span, language) + _LAG:
            _read_near(points, span, known, language, dearness, best, rough, texts, bits, sound)
            enough = bits.min() + least.evidence + _SURE
            _decide(
                known,
                as_seen(points, span[0], span[1], language.tables, enough) - bits,
                sound,
                texts,
                least,
                decided,
                line,
            )
            last = max(np.int64(decided[line].channel), 0)


@borrowing
def _read_near(
    points: Points,
    span: tuple[int, int],
    known: Misreadings,
    language: Language,
    dearness: Dearness,
    best: float,
    rough: npt.NDArray[np.float64],
    texts: npt.NDArray[np.uint64],
    bits: npt.NDArray[np.float64],
    sound: npt.NDArray[np.bool_],
) -> None:
    """Fill in what the readings cost that are roughly near the best, infinite for the others, and which read well."""
    limit = np.inf
    for channel in range(len(rough)):
        row = known.channels[channel]
        bits[channel] = np.inf
        if rough[channel] - row.prior <= best + _LAG:
            same = _same_text(bits, texts, channel)
            if same >= 0:
                bits[channel], sound[channel] = bits[same], sound[same]
                continue
            parser = known.parsers[row.original]
            bits[channel], sound[channel] = reread(
                points, span, known.writers, row.wrong, parser, language.tables, limit, dearness
            )
            limit = min(limit, bits[channel] - row.prior + _FAR)


@borrowing
def _seen_roughly(points: Points, span: tuple[int, int], language: Language) -> float:
    """Return what a line costs as it stands, each character by itself."""
    bits = np.float32(0)
    for at in range(span[0], span[1]):
        bits += rough_bits(language, points[at])
    return float(bits)


@borrowing
def _count_roughly(
    points: Points,
    span: tuple[int, int],
    known: Misreadings,
    language: Language,
    first: int,
    rough: npt.NDArray[np.float64],
    texts: npt.NDArray[np.uint64],
    bytes_: npt.NDArray[np.uint64],
    alike: npt.NDArray[np.int64],
) -> float:
    """Fill in what each channel's reading costs, each character by itself, and its hash; return the least cost.

    That includes the prior. The channel ``first`` is asked first: where it is the right one, the others are given up
    the sooner; what they cost then is beyond what counts.
    """
    row = known.channels[first]
    best, _ = roughly(points, span, known.writers, row.wrong, known.parsers[row.original], language, np.inf)
    best -= row.prior
    _hash_bytes(points, span, known.writers, bytes_, alike)
    for channel in range(len(rough)):
        row = known.channels[channel]
        rough[channel], texts[channel] = np.inf, START
        if bytes_[row.wrong] == _NONE:
            continue
        same = known.numbers[alike[row.wrong], row.original]
        if 0 <= same < channel:
            rough[channel], texts[channel] = rough[same], texts[same]
        else:
            limit = best + row.prior + _LAG
            rough[channel], texts[channel] = roughly(
                points, span, known.writers, row.wrong, known.parsers[row.original], language, limit
            )
        best = min(best, rough[channel] - row.prior)
    return best


@borrowing
def _hash_bytes(
    points: Points,
    span: tuple[int, int],
    writers: Writers,
    bytes_: npt.NDArray[np.uint64],
    alike: npt.NDArray[np.int64],
) -> None:
    """Fill in a hash of the bytes that each encoding reads as a line, and the first that reads the same bytes.

    Where the beginning tells encodings apart no more is hashed, and `_NONE` says that an encoding does not read it.
    """
    middle = min(span[0] + _BEGINNING, span[1])
    for wrong in range(len(alike)):
        bytes_[wrong] = _hashed(points, span[0], middle, writers, wrong, START)
        alike[wrong] = _same_bytes(bytes_, wrong)
    if middle == span[1]:
        return
    for wrong in range(len(alike)):
        if alike[wrong] != wrong or _is_first(alike, wrong):
            bytes_[wrong] = _hashed(points, middle, span[1], writers, wrong, bytes_[wrong])
    for wrong in range(len(alike)):
        alike[wrong] = _same_bytes(bytes_, wrong)


@borrowing
def _is_first(alike: npt.NDArray[np.int64], wrong: int) -> bool:
    """Say whether a later encoding was found to be like this one."""
    for other in range(wrong + 1, len(alike)):
        if alike[other] == wrong:
            return True
    return False


@borrowing
def _hashed(points: Points, start: int, end: int, writers: Writers, wrong: int, before: np.uint64) -> np.uint64:
    """Return the hash ``before`` after some more characters, `_NONE` where the encoding does not read one of them."""
    found = before
    for at in range(start, end):
        code = code_of(writers, wrong, points[at])
        if code == _ABSENT or before == _NONE:
            return _NONE
        found = (found ^ np.uint64(code)) * MIX
    return found


@borrowing
def _same_bytes(bytes_: npt.NDArray[np.uint64], wrong: int) -> int:
    """Return the first encoding that reads the same bytes as a line, as similar code pages do."""
    for other in range(wrong):
        if bytes_[other] == bytes_[wrong]:
            return other
    return wrong


@borrowing
def _decide(
    known: Misreadings,
    gains: npt.NDArray[np.float64],
    sound: npt.NDArray[np.bool_],
    texts: npt.NDArray[np.uint64],
    least: Thresholds,
    decided: npt.NDArray[np.void],
    line: int,
) -> None:
    best = _likeliest(known, gains, texts, -1)
    if best < 0:
        return
    rival = _likeliest(known, gains, texts, best)
    evidence = known.channels[best].prior + gains[best]
    margin = evidence - known.channels[rival].prior - gains[rival] if rival >= 0 else np.inf
    decided[line].rival, decided[line].evidence, decided[line].margin = rival, evidence, margin
    if evidence >= least.evidence and margin >= least.margin and gains[best] > least.gain and sound[best]:
        decided[line].channel = best


@borrowing
def _likeliest(known: Misreadings, gains: npt.NDArray[np.float64], texts: npt.NDArray[np.uint64], but: int) -> int:
    """Return the channel of most evidence, −1 for none; of another text than that of the channel ``but``."""
    best = -1
    for channel in range(len(gains)):
        if gains[channel] <= 0 or (but >= 0 and texts[channel] == texts[but]):
            continue
        if best < 0 or known.channels[channel].prior + gains[channel] > known.channels[best].prior + gains[best]:
            best = channel
    return best
