"""Bytes in the right encoding, parsed piece by piece: what is finished becomes text, the rest waits."""

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from repair.language import load
from repair.lossy.stream import fillings

_CONTINUATION = range(0x80, 0xC0)
_MOST_CONTINUATIONS = 3


@dataclass(frozen=True, slots=True)
class Parsed:
    """Text, and the bytes of an unfinished character after it."""

    text: str
    pending: bytes


def parse(data: bytes, original: str) -> Parsed | None:
    r"""Parse bytes; None where they are none of the encoding.

    >>> parse("数据".encode()[:5], "utf-8")
    Parsed(text='数', pending=b'\xe6\x8d')
    """
    if original == "utf-8":
        try:
            text, used = codecs.utf_8_decode(data, "strict", False)  # noqa: FBT003 - the codec's own signature
        except UnicodeDecodeError:
            return None
        return Parsed(text, data[used:])
    decoder = _decoder(original)()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return None
    return Parsed(text, decoder.getstate()[0])


@cache
def _decoder(original: str) -> type[codecs.IncrementalDecoder]:
    return codecs.getincrementaldecoder(original)  # type: ignore[return-value] # a class, as the codecs module says


@dataclass(frozen=True, slots=True)
class Entry:
    """A run of known bytes entered with its first bytes (``head``) still belonging to the character before it."""

    head: bytes
    rest: Parsed


def entries(run: bytes, original: str) -> tuple[Entry, ...]:
    """Return the ways in which a run can go on after a hole; none where it is no text of the encoding.

    UTF-8 says of every byte whether a character begins there; in the others a character of two bytes may have begun
    in the hole or not.
    """
    parsed = ((run[:skip], parse(run[skip:], original)) for skip in _skips(run, original))
    return tuple(Entry(head, rest) for head, rest in parsed if rest is not None)


def _skips(run: bytes, original: str) -> range:
    if original != "utf-8":
        return range(min(len(run), 1) + 1)
    count = 0
    while count < min(len(run), _MOST_CONTINUATIONS) and run[count] in _CONTINUATION:
        count += 1
    return range(count, count + 1)


@lru_cache(maxsize=1 << 14)
def completions(
    original: str, wrong: str, habit: str, pending: bytes, after: int | None, head: bytes
) -> tuple[Parsed, ...]:
    """Return what can come of a hole at a mark between unfinished bytes and the bytes that still belong to it."""
    groups = fillings(wrong, habit, after)
    sequences = (sequence for start in _starts(pending, original) for sequence in groups.get(start, ()))
    return parse_all(original, pending, sequences, head)


def parse_all(original: str, pending: bytes, sequences: Iterable[bytes], head: bytes) -> tuple[Parsed, ...]:
    """Parse each sequence with what stands before and after it; what does not parse is left out."""
    parsed = (parse(pending + sequence + head, original) for sequence in sequences)
    return tuple(done for done in parsed if done is not None)


def _starts(pending: bytes, original: str) -> Iterable[int]:
    """Return the bytes that can follow an unfinished character, or begin one."""
    if original != "utf-8":
        return range(256)
    return _CONTINUATION if pending else (*range(0x80), *range(0xC2, 0xF5))


@cache
def begun(pending: bytes, original: str) -> float:
    """Return log2 of how likely a character begins with these bytes: what an unfinished one is worth beforehand."""
    if not pending or original != "utf-8":
        return 0.0
    lead, missing = pending[0], _width(pending[0]) - len(pending)
    least = bytes([lead, *pending[1:]]) + b"\x80" * missing
    first = _code(least)
    costs = load().unigram_bits[first : first + 64**missing]
    return float(np.log2(np.exp2(-costs.astype(np.float64)).sum() + 1e-30))


def _width(lead: int) -> int:
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4  # noqa: PLR2004 - the forms of UTF-8


def _code(data: bytes) -> int:
    """Return the code point of a sequence of UTF-8, one that may not be written so short included."""
    bits = data[0] & (0xFF >> (len(data) + 1))
    for byte in data[1:]:
        bits = bits << 6 | byte & 0x3F
    return bits
