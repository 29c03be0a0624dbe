"""Encodings that write everything in ASCII: HZ (RFC 1843), ISO 2022 (RFC 1468, RFC 1557) and UTF-7 (RFC 2152)."""

import re

from repair.language import load

_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\([JI])")
_ISO_2022_KR = re.compile(rb"\x1b\$\)C[^\x0e]*\x0e")
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_UTF_7 = re.compile(rb"\+(?:[A-Za-z0-9+/]{3,})(?:-|(?![A-Za-z0-9+/]))")
_GRAMMARS = (
    (_ISO_2022_JP, "iso2022_jp"),
    (_ISO_2022_JP, "iso2022_jp_ext"),
    (_ISO_2022_KR, "iso2022_kr"),
    (_HZ, "hz"),
    (_UTF_7, "utf-7"),
)
_SAMPLE = 1 << 14
_PRIOR = 12.0
"""Bits against an escape encoding: one in 4,000 of the texts that hold what looks like an escape of it."""


def escaped_encoding(data: bytes) -> tuple[str, float] | None:
    """Return the encoding whose escapes ASCII ``data`` holds and that reads better than ASCII, and by how many bits."""
    sample = data[:_SAMPLE]
    readings = {name: text for grammar, name in _GRAMMARS if grammar.search(sample) for text in _read(sample, name)}
    if not readings:
        return None
    plain, *bits = load().log_probabilities([sample.decode("ascii", "replace"), *readings.values()]).tolist()
    best = max(range(len(bits)), key=bits.__getitem__)
    margin = bits[best] - plain - _PRIOR
    return (list(readings)[best], margin) if margin > 0 else None


def _read(sample: bytes, name: str) -> list[str]:
    """Decode the sample, a character that its end cuts left out; nothing where it is not of the encoding."""
    for cut in range(min(4, len(sample))):
        try:
            return [sample[: len(sample) - cut].decode(name)]
        except UnicodeDecodeError:
            if len(sample) < _SAMPLE:
                break
    return []
