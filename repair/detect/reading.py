"""The encoding in which bytes read best: every plausible one decodes them, the language model compares.

Bytes determine the text that an encoding makes of them, so the likelihoods of the texts compare as those of the
encodings do. A model of three characters takes its evidence for more than it is: characters are not independent. The
posterior is therefore tempered: the difference in bits counts for 0.35 of itself. Of the factors tried between 0.2 and
0.7 it gave the best-calibrated confidence on reports that training left out (``benchmarks/detection.py``).
"""

import re
from collections.abc import Iterator
from functools import cache

from repair.language import load
from repair.result import Detection
from repair.tables import rows

_WINDOW = 4096
_DECLARED = 15.0
"""Bits that a declaration counts for: more than the priors, less than five hanzi."""
_BAD = 12.0
"""Bits that a byte costs which is none of the encoding, beside what the model says of U+FFFD."""
_TEMPER = 0.35
_POOR = 19.0
"""Bits a byte beyond ASCII at which no reading is good and chardet, which knows more encodings, is asked."""
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BINARY_SHARE = 0.02
_MAGIC = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"%PDF",
    b"\x7fELF",
    b"\x1f\x8b",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
)
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_SEQUENCE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_CHANCE = 6
"""UTF-8 sequences that GB18030 forms by chance: valid as a whole are only a few words like 水母."""
_WIDE = ("utf-16-le", "utf-16-be")


def is_binary(data: bytes) -> bool:
    """Say whether bytes hold controls that text does not have, or begin as a well-known binary format does."""
    return data.startswith(_MAGIC) or len(_BINARY.findall(data[: 4 * _WINDOW])) > _BINARY_SHARE * len(
        data[: 4 * _WINDOW]
    )


def is_hz(data: bytes) -> bool:
    """Say whether ASCII bytes hold HZ escapes (RFC 1843) that read as text."""
    if not _HZ.search(data):
        return False
    sample = data[: 4 * _WINDOW]
    model = load()
    return bool(model.log_probability(sample.decode("hz", "replace")) > model.log_probability(sample.decode("ascii")))


def best_reading(data: bytes, declared: str | None) -> Detection:
    """Compare all readings; None where the bytes are binary and read as no wide encoding either.

    Bytes that are valid UTF-8 by more than a chance are UTF-8, however they read: the text may be damaged itself.
    """
    if not is_binary(data) and _is_utf8(data) and len(_SEQUENCE.findall(data[: 4 * _WINDOW])) > _CHANCE:
        return Detection("utf-8", 0.999, "valid UTF-8")
    sample = _sample(data)
    binary = is_binary(data)
    scores = dict(_scores(sample, declared, data, binary=binary))
    if not scores:
        return Detection(None, 0.99, "binary")
    ranked = sorted(scores, key=lambda name: scores[name], reverse=True)
    best = ranked[0]
    per_byte = -scores[best] / max(1, sum(byte >= 0x80 for byte in sample))  # noqa: PLR2004 - the end of ASCII
    if per_byte > _POOR and best not in _WIDE:
        return Detection(None, 0.9, "binary") if binary else _chardet(sample, best)
    margin = scores[best] - scores[ranked[1]] if len(ranked) > 1 else 100.0
    confidence = 1 / (1 + 2.0 ** -min(100.0, margin * _TEMPER))
    return Detection(best, confidence, f"reads best, by {margin:.0f} bits")


def _scores(sample: bytes, declared: str | None, data: bytes, *, binary: bool) -> Iterator[tuple[str, float]]:
    """Yield how likely each encoding is, log2, given the sample."""
    model = load()
    readings = {name: _read(sample, name) for name in _priors() if not binary or name in _WIDE}
    if not binary and not _is_utf8(data):
        readings["utf-8"] = _read(data[: 4 * _WINDOW], "utf-8")
    bits = model.log_probabilities(list(readings.values())).tolist()
    for (name, text), value in zip(readings.items(), bits, strict=True):
        if name in _WIDE and (binary and not _wide_enough(text)):
            continue
        bad = text.count("\ufffd") + sum("\ue000" <= character <= "\uf8ff" for character in set(text))
        yield name, value + _priors()[name] - _BAD * bad + (_DECLARED if name == declared else 0)


def _wide_enough(text: str) -> bool:
    """Say whether a reading in two-byte units is text: no controls, no unassigned or private characters."""
    return sum(not (character.isprintable() or character in "\r\n\t") for character in text) * 50 <= len(text)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read(sample: bytes, name: str) -> str:
    text = sample.decode(name, "replace")
    return text.rstrip("\ufffd") if text.endswith("\ufffd") and not text.endswith("\ufffd\ufffd") else text


def _sample(data: bytes) -> bytes:
    """Return the bytes, or of a long file the beginning, the middle and the end, each cut at a line and evenly."""
    if len(data) <= 4 * _WINDOW:
        return data
    starts = (0, len(data) // 2, len(data) - _WINDOW)
    return b"\n\n".join(_window(data, start) for start in starts)


def _window(data: bytes, start: int) -> bytes:
    """Cut a window that begins after a line break, if one is near: no character is cut there."""
    first = data.find(b"\n", start, start + _WINDOW // 2) + 1 if start else 0
    first = (first or start) & ~1
    return data[first : first + _WINDOW]


@cache
def _priors() -> dict[str, float]:
    return {name: float(prior) for name, prior in rows("detectable.tsv")}


def _chardet(sample: bytes, fallback: str) -> Detection:
    import chardet  # noqa: PLC0415 - seldom needed, and slow to load

    found = chardet.detect(sample)
    name = found["encoding"]
    return Detection((name or fallback).lower(), float(found["confidence"] or 0), "chardet")
