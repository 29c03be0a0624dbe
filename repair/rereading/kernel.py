"""The loops over the characters of a line: what it costs as it stands, and read rightly by one misreading.

A reading that costs more than leaving the line alone is given up where it does.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.compiled import borrowing, inlined
from repair.language import Tables
from repair.language.blocks import SIZE, Block, cost_block
from repair.language.kernel import cost
from repair.lattice.parser import INVALID, Parser, step, unfinished
from repair.rereading.needs import Dearness
from repair.rereading.tables import ABSENT, Writers

Points = npt.NDArray[np.uint32]
_ABSENT = np.uint32(ABSENT)
_ASCII, _BMP = np.uint32(0x80), np.uint32(0x10000)
MIX = np.uint64(0x100000001B3)
"""The prime of the hash FNV-1a (64 bits), here over code points."""
START = np.uint64(0xCBF29CE484222325)
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
def as_seen(points: Points, start: int, end: int, tables: Tables, enough: float, block: Block) -> float:
    """Return what ``points[start:end]`` cost as they stand, a boundary at both ends: bits, counted up to ``enough``."""
    context, precedes, bits = np.uint64(0), np.uint32(0), 0.0
    for first in range(start, end, SIZE):
        if bits >= enough:
            return bits
        count = min(SIZE, end - first)
        for at in range(count):
            block.units[at] = tables.unit_of[points[first + at]]
        context, precedes = cost_block(tables, block, count, context, precedes)
        for at in range(count):
            bits += block.bits[at]
    return bits + cost(tables, context, np.uint16(0))


@borrowing
def of_script(point: int) -> bool:
    """Say whether a character is a hanzi, kana or hangul, as `repair.soundness.SCRIPTS` has them."""
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
    block: Block,
) -> tuple[float, bool]:
    """Read a line rightly: what it costs, infinite from ``limit`` on or where it cannot be; whether it reads well."""
    pending, context, precedes = np.int64(0), np.uint64(0), np.uint32(0)
    bits, script, count = 0.0, dearness.more, 0
    for at in range(span[0], span[1]):
        code = code_of(writers, wrong, points[at])
        if code == _ABSENT or bits >= limit:
            return np.inf, False
        for place in range(width(code) - 1, -1, -1):
            point, pending = step(parser, pending, np.int64(code >> np.uint32(8 * place)) & 0xFF)
            if point == INVALID:
                return np.inf, False
            if point >= 0:
                block.units[count], block.scripts[count] = tables.unit_of[point], of_script(point)
                count += 1
                if count == SIZE:
                    context, precedes = cost_block(tables, block, count, context, precedes)
                    bits, script = _summed(block, count, bits, script, dearness.each)
                    count = 0
    context, precedes = cost_block(tables, block, count, context, precedes)
    bits, script = _summed(block, count, bits, script, dearness.each)
    bits += cost(tables, context, np.uint16(0))
    return np.inf if unfinished(pending) or bits >= limit else bits, script > 0


@inlined
def _summed(block: Block, count: int, bits: float, script: float, each: float) -> tuple[float, float]:
    """Return the sums after a block: the cost, and what its hanzi, kana and hangul are cheaper than ``each``."""
    for at in range(count):
        bits += block.bits[at]
        script += each - block.bits[at] if block.scripts[at] else 0.0
    return bits, script


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


@borrowing
def seen_roughly(points: Points, span: tuple[int, int], language: Language) -> float:
    """Return what a line costs as it stands, each character by itself."""
    bits = np.float32(0)
    for at in range(span[0], span[1]):
        bits += rough_bits(language, points[at])
    return float(bits)
