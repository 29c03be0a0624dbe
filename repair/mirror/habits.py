"""What a site's decoder puts for bad bytes, and what was folded afterwards, read off the pages."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from repair.mirror.evidence import LETTERS
from repair.mirror.script import Counts
from repair.mirror.tables import reads

REPLACEMENT = "\ufffd"
_MARKED = re.compile(f"([?{REPLACEMENT}])(\\(?)[{LETTERS}]{{1,6}}\\)")
_OPENLESS = re.compile(f"[\u4e00-\u9fff][{LETTERS}]{{1,6}}\\)")
_NOTED = re.compile(f"([\u4e00-\u9fff])\\(([{LETTERS}]{{1,6}})\\)")
_PUNCTUATION = ",;:!?()"
_WIDE, _WIDE_END, _TO_WIDE = 0xFF01, 0xFF5E, 0xFEE0
_PRIVATE, _PRIVATE_END = 0xE000, 0xE4C5


def mark_and_eats(pages: Sequence[str]) -> tuple[str, bool] | None:
    """Return what a lead byte alone became, and whether it took an ASCII character along; None where no note tells.

    The notes inside broken characters tell: ``日?qǐng)`` or ``日?(qǐng)``, ``日qǐng)`` or ``日(qǐng)``.
    """
    found = Counter(match.groups() for page in pages for match in _MARKED.finditer(page))
    if found:
        (mark, bracket), _ = found.most_common(1)[0]
        return mark, not bracket
    if any(REPLACEMENT in page for page in pages):
        return REPLACEMENT, True
    if any(_OPENLESS.search(page) for page in pages):
        return "", True
    strange = sum(not reads(*match.groups()) for page in pages for match in _NOTED.finditer(page))
    return ("", False) if strange else None


def unfolded(counts: Counts) -> tuple[bool, str]:
    """Return whether full-width signs were folded to ASCII, and those that were spared."""
    wide = "".join(chr(_WIDE + at) for at in np.flatnonzero(counts[_WIDE : _WIDE_END + 1]).tolist())
    folded = any(counts[ord(sign)] for sign in _PUNCTUATION if chr(ord(sign) + _TO_WIDE) not in wide)
    return folded or not wide, wide


def private(counts: Counts) -> bool:
    """Say whether undefined pairs of bytes became characters for private use, as on Windows."""
    return bool(counts[_PRIVATE : _PRIVATE_END + 1].any())
