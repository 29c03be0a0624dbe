"""What was seen as slots of bytes: one option where a character survived, all that fit where something was lost."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.decoders import habits, passed_over
from repair.lattice.tables import Encoder, encoder, is_multibyte

END, UNKNOWN = 256, -1
"""The byte after a hole where there is none, and where it may be several."""
_BMP = 0x10000
_ASTRAL = 189_000
_ASCII = (0x09, 0x0A, *range(0x20, 0x7F))
"""What a decoder may have passed over beside a bad byte: of the controls, text has only tabs and line breaks."""
_HIGH = range(0x80, 0x100)


SLOT = np.dtype([("point", np.uint32), ("first", np.int32), ("count", np.int32), ("hole", np.bool_)], align=True)
OPTION = np.dtype([("code", np.uint64), ("length", np.uint8)], align=True)
Options = npt.NDArray[np.void]
"""Byte sequences that may stand in a slot, as `OPTION`: packed, the first byte highest; those with the same first byte
together."""


class Slots(NamedTuple):
    """A slot for each character seen, as the search takes them.

    ``seen`` (`SLOT`) are the characters, each with its run of ``options``, an empty one where the encoding has no such
    character; ``hole`` marks those that had several: there something was lost. ``joins`` bool[65536] says which two
    bytes the wrong encoding would have read as a character: such are no two holes.
    """

    seen: npt.NDArray[np.void]
    options: Options
    joins: npt.NDArray[np.bool_]


def slots_of(seen: str, wrong: str, habit: str | None) -> Slots:
    """Return the slots of ``seen`` for a wrong encoding, read with a habit or strictly (None)."""
    points = np.frombuffer(seen.encode("utf-32-le", "surrogatepass"), np.uint32)
    known = _known(points, encoder(wrong, habit), wrong)
    slots = np.empty(len(points), SLOT)
    slots["point"], slots["first"] = points, np.arange(len(points))
    slots["count"], slots["hole"] = known["length"] > 0, False
    pool = [known]
    size = len(points)
    for at, options in _several(seen, points, known, wrong, habit):
        slots[at] = (points[at], size, len(options), True)
        size += len(options)
        pool.append(options)
    return Slots(slots, np.concatenate(pool), _joins(wrong, habit))


def slots_with(options: Sequence[Sequence[bytes]], wrong: str | None = None, habit: str | None = None) -> Slots:
    """Return slots, given the byte sequences that may stand in each, and what read them wrong if anything did."""
    packed = [_options(several) for several in options]
    slots = np.empty(len(options), SLOT)
    slots["point"] = 0xFFFD  # nothing is left as seen here
    slots["count"] = [len(several) for several in packed]
    slots["first"] = np.cumsum(slots["count"]) - slots["count"]
    slots["hole"] = slots["count"] > 1
    return Slots(slots, np.concatenate(packed), _joins(wrong or "ascii", habit if wrong else None))


@cache
def _joins(wrong: str, habit: str | None) -> npt.NDArray[np.bool_]:
    table = np.zeros(_BMP, bool)
    if habit:
        for byte, row in enumerate(passed_over(wrong, habit)):
            if any(row):
                table[byte << 8 : (byte + 1) << 8] = [not passed for passed in row[:256]]
    return table


def _known(points: npt.NDArray[np.uint32], table: Encoder, wrong: str) -> Options:
    """Return the bytes of each character that survived; length 0 where there are none."""
    astral = points >= _BMP
    inside = np.where(astral, 0, points)
    known = np.empty(len(points), OPTION)
    known["code"], known["length"] = table.code[inside], table.length[inside]
    if astral.any():
        linear = points[astral] - np.uint32(_BMP) + np.uint32(_ASTRAL)
        places = (0x81 + linear // 12600, 0x30 + linear // 1260 % 10, 0x81 + linear // 10 % 126, 0x30 + linear % 10)
        known["code"][astral] = sum(byte << (8 * (3 - place)) for place, byte in enumerate(places))
        known["length"][astral] = 4 if wrong == "gb18030" else 0
    return known


def _several(
    seen: str, points: npt.NDArray[np.uint32], known: Options, wrong: str, habit: str | None
) -> Iterator[tuple[int, Options]]:
    """Yield the slots with several options: marks, and characters that the wrong encoding reads from several codes."""
    doubles = several_codes(wrong)
    if doubles:
        for at in np.flatnonzero(np.isin(points, list(doubles))).tolist():
            yield at, doubles[int(points[at])]
    mark = habits()[habit].mark if habit else ""
    if mark and habit:
        for at in np.flatnonzero(points == ord(mark)).tolist():
            yield at, fillings(wrong, habit, _after(at, mark, seen, known))


def _after(at: int, mark: str, seen: str, known: Options) -> int:
    """Return the byte after a hole: `END` at the end of the text, `UNKNOWN` before another hole."""
    if at + 1 >= len(seen):
        return END
    code, length = known[at + 1].item()
    return UNKNOWN if seen[at + 1] == mark or not length else code >> (8 * (length - 1))


@cache
def several_codes(wrong: str) -> dict[int, Options]:
    """Return the characters that an encoding of one or two bytes reads from several codes, as cp932 does."""
    if not is_multibyte(wrong):
        return {}
    codes: dict[str, list[bytes]] = {}
    for first in _HIGH:
        for data in (bytes([first]), *(bytes([first, second]) for second in range(0x30, 0x100))):
            try:
                character = data.decode(wrong)
            except UnicodeDecodeError:
                continue
            if len(character) == 1 and character != "\ufffd":
                codes.setdefault(character, []).append(data)
    return {ord(character): _options(several) for character, several in codes.items() if len(several) > 1}


def _options(sequences: Sequence[bytes]) -> Options:
    """Pack byte sequences, those with the same first byte together."""
    ordered = sorted(set(sequences))
    return np.array([(int.from_bytes(sequence), len(sequence)) for sequence in ordered], OPTION)


@lru_cache(maxsize=4096)
def fillings(wrong: str, habit: str, after: int) -> Options:
    """Return every byte sequence that the decoder passes over at one mark before the byte ``after``.

    A mark that is a question mark may also be one that was written.
    """
    table = passed_over(wrong, habit)
    ones = [bytes([byte]) for byte in _HIGH if (1 in table[byte] if after == UNKNOWN else table[byte][after] == 1)]
    written = [b"?"] if habits()[habit].mark == "?" else []
    return _options([*written, *ones, *_pairs(wrong, habit)])


@cache
def _pairs(wrong: str, habit: str) -> tuple[bytes, ...]:
    """Return the pairs that are passed over together."""
    table = passed_over(wrong, habit)
    return tuple(bytes([b, c]) for b in _HIGH for c in (*_ASCII, *_HIGH) if table[b][c] == 2)  # noqa: PLR2004 - a pair
