"""What was seen as slots of bytes: one option where a character survived, all that fit where something was lost."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.decoders import habits, passed_over, several_codes

END, UNKNOWN = 256, -1
"""The byte after a hole where there is none, and where it may be several."""
_BMP = 0x10000
_ASTRAL = 189_000
_ASCII = (0x09, 0x0A, *range(0x20, 0x7F))
"""What a decoder may have passed over beside a bad byte: of the controls, text has only tabs and line breaks."""
_HIGH = range(0x80, 0x100)


SLOT = np.dtype(
    [
        ("point", np.uint32),
        ("code", np.uint32),
        ("first", np.int32),
        ("count", np.int32),
        ("length", np.uint8),
        ("hole", np.bool_),
    ],
    align=True,
)
LONGEST = 8
"""Bytes of the longest option."""
OPTION = np.dtype([("code", np.uint64), ("length", np.uint8)], align=True)
Options = npt.NDArray[np.void]
"""Byte sequences that may stand in a slot, as `OPTION`: packed, the first byte highest; those with the same first byte
together."""
_NONE = np.zeros(1, OPTION)


class Slots(NamedTuple):
    """A slot for each character seen, as the search takes them.

    ``seen`` (`SLOT`) are the characters. One that survived has its own ``code`` and ``count`` 1, or 0 where the
    encoding has no such character; a ``hole``, where something was lost, has its run of ``options``. ``joins``
    bool[65536] says which two bytes the wrong encoding would have read as a character: such are no two holes.
    """

    seen: npt.NDArray[np.void]
    options: Options
    joins: npt.NDArray[np.bool_]


def slots_with(options: Sequence[Sequence[bytes]], wrong: str | None = None, habit: str | None = None) -> Slots:
    """Return slots, given the byte sequences that may stand in each, and what read them wrong if anything did."""
    packed = [_options(several) for several in options]
    slots = np.empty(len(options), SLOT)
    slots["point"] = 0xFFFD  # nothing is left as seen here
    slots["count"] = [len(several) for several in packed]
    slots["first"] = np.cumsum(slots["count"]) - slots["count"]
    slots["hole"] = slots["count"] > 1
    pool = np.concatenate([*packed, _NONE])
    own = pool[slots["first"]]
    slots["code"], slots["length"] = own["code"], own["length"]
    return Slots(slots, pool, joins(wrong or "ascii", habit if wrong else None))


@cache
def joins(wrong: str, habit: str | None) -> npt.NDArray[np.bool_]:
    """Return which two bytes a decoder with this habit would have read together: bool[65536]."""
    if not habit:
        return np.zeros(_BMP, bool)
    passed = np.array(passed_over(wrong, habit))
    table = (passed[:, :256] == 0) & passed.any(1, keepdims=True)
    return table.ravel()


@cache
def several_options(wrong: str) -> dict[int, Options]:
    """Return the codes of each character that an encoding reads from several, by code point."""
    return {ord(character): _options(codes) for character, codes in several_codes(wrong).items()}


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
