"""Which language a text is in, by its script: a tag for filtering archives, not a linguist's judgement."""

import re
from functools import cache

from repair.mirror.tables import simplified

_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("en", re.compile("[A-Za-z]")),
)
_KANA_SHARE = 0.05


def language(text: str) -> str | None:
    """Return a BCP 47 tag: zh-Hans, zh-Hant, ja, ko, ru, el or en; None for a text without letters.

    >>> language("会议总结了工作"), language("會議總結了工作"), language("東京は晴れです"), language("12")
    ('zh-Hans', 'zh-Hant', 'ja', None)
    """
    counts = {tag: len(pattern.findall(text)) for tag, pattern in _SCRIPTS}
    if counts["ja"] > _KANA_SHARE * (counts["ja"] + counts["zh"]):
        counts["ja"] += counts["zh"]
    best = max(counts, key=lambda tag: counts[tag])
    if not counts[best]:
        return None
    return _chinese(text) if best == "zh" else best


def _chinese(text: str) -> str:
    traditional = sum(character in simplified() for character in text)
    simple = sum(character in _simplified_forms() for character in text)
    return "zh-Hant" if traditional > simple else "zh-Hans"


@cache
def _simplified_forms() -> frozenset[str]:
    return frozenset(simplified().values()) - frozenset(simplified())
