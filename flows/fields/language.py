"""Which language a text is in, by its script: a tag for filtering archives, not a linguist's judgement."""

from functools import cache

import numpy as np
import numpy.typing as npt

from repair.mirror.tables import simplified

_SCRIPTS = (
    ("ja", ((0x3041, 0x30FF),)),
    ("ko", ((0xAC00, 0xD7A3),)),
    ("ru", ((0x400, 0x4FF),)),
    ("el", ((0x370, 0x3FF),)),
    ("zh", ((0x3400, 0x9FFF),)),
    ("en", ((0x41, 0x5A), (0x61, 0x7A))),
)
"""Tags and the ranges of code points that speak for them, the most telling first."""
_TRADITIONAL, _SIMPLIFIED = len(_SCRIPTS) + 1, len(_SCRIPTS) + 2
_KANA_SHARE = 0.05


def language(text: str) -> str | None:
    """Return a BCP 47 tag: zh-Hans, zh-Hant, ja, ko, ru, el or en; None for a text without letters.

    >>> language("会议总结了工作"), language("會議總結了工作"), language("東京は晴れです"), language("12")
    ('zh-Hans', 'zh-Hant', 'ja', None)
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    found = np.bincount(_classes()[codes], minlength=_SIMPLIFIED + 1).tolist()
    counts = {tag: found[number] for number, (tag, _) in enumerate(_SCRIPTS, 1)}
    counts["zh"] += found[_TRADITIONAL] + found[_SIMPLIFIED]
    if counts["ja"] > _KANA_SHARE * (counts["ja"] + counts["zh"]):
        counts["ja"] += counts["zh"]
    best = max(counts, key=lambda tag: counts[tag])
    if not counts[best]:
        return None
    chinese = "zh-Hant" if found[_TRADITIONAL] > found[_SIMPLIFIED] else "zh-Hans"
    return chinese if best == "zh" else best


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """Return the class of each code point: 0, the number of its script, or that of hanzi of one script alone."""
    classes = np.zeros(0x110000, np.uint8)
    for number, (_, ranges) in enumerate(_SCRIPTS, 1):
        for first, last in ranges:
            classes[first : last + 1] = number
    table = simplified()
    classes[list(map(ord, frozenset(table.values()) - frozenset(table)))] = _SIMPLIFIED
    classes[list(map(ord, table))] = _TRADITIONAL
    return classes
