"""Bytes in several encodings: how often they are decoded right, beside the detectors that are installed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.accuracy.peers import detectors
from benchmarks.accuracy.texts import LENGTHS, samples
from repair import repair_bytes

_ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")


@dataclass(slots=True)
class Decoded:
    """How many samples of one encoding and length each program decodes to the text that was encoded."""

    encoding: str
    length: str
    samples: int = 0
    right: Counter[str] = field(default_factory=Counter)


def decoded(folder: Path, length: str, count: int) -> Iterator[Decoded]:
    """Measure each encoding at each length."""
    for encoding in _ENCODINGS:
        for name in LENGTHS:
            if length in ("", name):
                yield _measure(folder, encoding, name, count if name != "document" else min(count, 20))


def _measure(folder: Path, encoding: str, length: str, count: int) -> Decoded:
    found = Decoded(encoding, length)
    for text in samples(folder, length, encoding)[:count]:
        data = text.encode(encoding)
        found.samples += 1
        found.right["mojimend"] += repair_bytes(data).text == text
        for name, detect in detectors():
            found.right[name] += _decode(data, detect(data)) == text
    return found


def _decode(data: bytes, encoding: str | None) -> str | None:
    try:
        return data.decode(encoding or "ascii")
    except (UnicodeError, LookupError):
        return None
