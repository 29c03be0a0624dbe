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
_TAGS = tuple(tag for tag, _ in _SCRIPTS)
_TOLD = (*(tag.replace("zh", "zh-Hans") for tag in _TAGS), "zh-Hant", None)
_HANT, _NONE = len(_TAGS), len(_TAGS) + 1


def language(text: str) -> str | None:
    """Return a BCP 47 tag: zh-Hans, zh-Hant, ja, ko, ru, el or en; None for a text without letters.

    >>> language("会议总结了工作"), language("會議總結了工作"), language("東京は晴れです"), language("12")
    ('zh-Hans', 'zh-Hant', 'ja', None)
    """
    data = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
    return languages(data, np.array([[0, len(data)]]))[0]


def languages(data: npt.NDArray[np.uint8], bounds: npt.NDArray[np.int64]) -> list[str | None]:
    """Return the tags of texts in UTF-8, text n from ``bounds[n, 0]`` to ``bounds[n, 1]``."""
    from flows.fields.kernel import count_classes  # noqa: PLC0415 - loads the compiler

    found = count_classes(data, bounds, _classes(), _SIMPLIFIED + 1)
    counts = found[:, 1:_TRADITIONAL]
    japanese, chinese = (_TAGS.index(tag) for tag in ("ja", "zh"))
    counts[:, chinese] += found[:, _TRADITIONAL] + found[:, _SIMPLIFIED]
    kana, hanzi = counts[:, japanese], counts[:, chinese]
    counts[:, japanese] += np.where(kana > _KANA_SHARE * (kana + hanzi), hanzi, 0)
    best = np.where(counts.any(axis=1), counts.argmax(axis=1), _NONE)
    best[(best == chinese) & (found[:, _TRADITIONAL] > found[:, _SIMPLIFIED])] = _HANT
    return [_TOLD[number] for number in best.tolist()]


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
