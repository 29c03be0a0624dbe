"""The tables that the search needs of an encoding, built from Python's codecs once a process."""

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair import code_pages
from repair.decoders import habits, is_multibyte, private_use
from repair.language import load
from repair.lattice.parser import FOUR_BYTE, INVALID, LEAD, TWO_BYTE, UTF_8, Parser

_BMP = 0x10000
_RANGES_END = 39_420  # linear index after the last code of four bytes for the BMP
_ASTRAL = 189_000
"""Linear index of U+10000 in GB18030."""
_NO_RUNS = np.array([[0], [INVALID]])
_LEADS = range(0x80, 0x100)
_TRAILS = range(0x30, 0x100)


class Encoder(NamedTuple):
    """The bytes that a wrong encoding reads as each character of the BMP.

    ``code`` uint32[65536] holds them packed, the first byte highest; ``length`` uint8[65536] how many, 0 where the
    encoding has no such character.
    """

    code: npt.NDArray[np.uint32]
    length: npt.NDArray[np.uint8]


@cache
def encoder(codec: str, habit: str | None = None) -> Encoder:
    """Build the table of a codec, with the euro sign and private use as a habit reads them."""
    if codec in code_pages.pages():
        code, length = _of_code_page(codec)
    elif is_multibyte(codec):
        code, length = _of_all(codec)
    else:
        code, length = _of_bytes(codec)
    _add_habit(code, length, codec, habit)
    return Encoder(code, length)


def _of_bytes(codec: str) -> Encoder:
    """Build the table of an encoding of single bytes."""
    code, length = np.zeros(_BMP, np.uint32), np.zeros(_BMP, np.uint8)
    for byte in range(256):
        character = bytes([byte]).decode(codec, "ignore")
        if character and character.encode(codec) == bytes([byte]):
            code[ord(character)], length[ord(character)] = byte, 1
    return Encoder(code, length)


def _of_code_page(codec: str) -> Encoder:
    """Build the table of a code page of Windows from that of its base."""
    page = code_pages.pages()[codec]
    base = _of_all(page.base)
    code, length = base.code.copy(), base.length.copy()
    for character, data in page.codes.items():
        if not length[ord(character)]:
            code[ord(character)], length[ord(character)] = int.from_bytes(data), len(data)
    return Encoder(code, length)


def _of_all(codec: str) -> Encoder:
    """Build the table of any encoding that keeps line breaks, from what it writes for all characters at once."""
    points, lines = _characters()
    data = np.frombuffer(lines.encode(codec, "ignore"), np.uint8)
    ends = np.concatenate((np.flatnonzero(data == ord("\n")), [len(data)]))
    line = ord("\n")
    # The line break itself stands between two breaks: drop the one that it adds.
    ends = np.delete(ends, line)
    starts = np.concatenate(([0], ends[:-1] + 1))
    code, length = np.zeros(_BMP, np.uint32), np.zeros(_BMP, np.uint8)
    widths = np.minimum(ends - starts, 5)
    for width in range(1, 5):
        own = widths == width
        packed = np.zeros(int(own.sum()), np.uint32)
        for offset in range(width):
            packed = (packed << np.uint32(8)) | data[starts[own] + offset]
        code[points[own]], length[points[own]] = packed, width
    code[line], length[line] = line, 1
    return Encoder(code, length)


@cache
def _characters() -> tuple[npt.NDArray[np.int64], str]:
    """Return the code points of the BMP without surrogates, and their characters, each on a line."""
    points = np.concatenate((np.arange(0xD800), np.arange(0xE000, _BMP)))
    lines = np.full(2 * len(points) - 1, ord("\n"), "<u4")
    lines[::2] = points
    return points, lines.tobytes().decode("utf-32-le")


def _add_habit(code: npt.NDArray[np.uint32], length: npt.NDArray[np.uint8], codec: str, habit: str | None) -> None:
    """Add what a habit reads beyond the codec, and take away the mark that stands for lost bytes."""
    own = habits()[habit] if habit else None
    if own and own.euro:  # where the codec has another code for it, that one is hardly ever written
        code[ord("€")], length[ord("€")] = 0x80, 1
    if own and own.private:
        for pair, point in private_use(codec).items():
            if not length[point]:
                code[point], length[point] = pair, 2
    length[0xFFFD] = 0  # a sign of loss even where the encoding has a code for it
    if own:
        length[ord(own.mark)] = 0 if own.mark != "?" else 1


@cache
def parser(codec: str) -> Parser:
    """Build the step-by-step decoder of an original encoding; raise `LookupError` where there is no such codec."""
    if codec == "utf-8":
        return _utf8()
    single = np.array([_one(bytes([byte]), codec) for byte in range(256)], np.int32)
    pair = np.full(_BMP, INVALID, np.int32)
    for lead in _LEADS:
        if single[lead] >= 0:
            continue
        pair[lead << 8 | _TRAILS[0] : (lead + 1) << 8] = _row(lead, codec)
        if (pair[lead << 8 : (lead + 1) << 8] != INVALID).any():
            single[lead] = LEAD
    kind = FOUR_BYTE if codec == "gb18030" else TWO_BYTE
    if kind == FOUR_BYTE:
        for lead in range(0x81, 0xFF):
            pair[lead << 8 | 0x30 : lead << 8 | 0x3A] = LEAD
    return Parser(kind, single, pair, _four_byte_runs() if kind == FOUR_BYTE else _NO_RUNS, _begun_pairs(pair))


def _one(data: bytes, codec: str) -> int:
    """Return the one code point that bytes stand for, else `INVALID`."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return INVALID
    return ord(text) if len(text) == 1 else INVALID


def _row(lead: int, codec: str) -> list[int]:
    """Return the code points of a lead byte with each trail byte, in one call: no trail byte is a line break."""
    pairs = b"\n".join(bytes([lead, trail]) for trail in _TRAILS)
    texts = pairs.decode(codec, "replace").split("\n")
    return [ord(text) if len(text) == 1 and text != "\ufffd" else INVALID for text in texts]


def _utf8() -> Parser:
    single = np.full(256, INVALID, np.int32)
    single[1:0x80] = np.arange(1, 0x80)
    single[0xC2:0xF5] = LEAD
    mass = np.exp2(-load().unigram_bits.astype(np.float64))
    begun = np.zeros(0x200 + 0x110000 // 64)
    begun[0x200:] = mass.reshape(-1, 64).sum(1)
    # By the lead of a sequence of three bytes (its four bits) or by two bytes of one of four.
    begun[: 0x110000 // 4096] = mass.reshape(-1, 4096).sum(1)
    bits = np.where(begun > 0, -np.log2(np.maximum(begun, 1e-12)), 40).astype(np.float32)
    return Parser(UTF_8, single, np.full(1, INVALID, np.int32), _NO_RUNS, bits)


def _begun_pairs(pair: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
    mass = np.where(pair >= 0, np.exp2(-load().unigram_bits[np.maximum(pair, 0)].astype(np.float64)), 0)
    return -np.log2(np.maximum(mass.reshape(256, 256).sum(1), 1e-12)).astype(np.float32)


@cache
def _four_byte_runs() -> npt.NDArray[np.int64]:
    """Return GB18030's codes of four bytes as runs: linear index of the first, code point of the first (−1: none)."""
    linear = np.arange(_RANGES_END)
    data = np.empty((_RANGES_END, 4), np.uint8)
    data[:, 0], data[:, 1] = 0x81 + linear // 12600, 0x30 + linear // 1260 % 10
    data[:, 2], data[:, 3] = 0x81 + linear // 10 % 126, 0x30 + linear % 10
    text = data.tobytes().decode("gb18030", "replace")
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    assert len(points) == _RANGES_END  # every code stands for one character of the BMP
    starts = np.flatnonzero(np.diff(points, prepend=-9) != 1)
    first = np.concatenate((linear[starts], [_RANGES_END, _ASTRAL, _ASTRAL + 0x100000]))
    return np.array([first, np.concatenate((points[starts], [-1, 0x10000, -1]))])
