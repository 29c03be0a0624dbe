"""Pages to mirror: stretches of text that was left out of training, some with tags."""

import lzma
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

HELD_OUT = 50
_LENGTHS = (50, 100, 300, 1000, 3000, 5000)
_TAGS = ("strong", "b", "span", "p", "em")
_TAGGED_LINES = 0.5


@cache
def paragraphs(folder: Path) -> tuple[str, ...]:
    """Return the paragraphs that were left out of training."""
    return tuple(
        line
        for name in ("laws", "reports")
        for line in lzma.decompress((folder / f"{name}.txt.xz").read_bytes()).decode().splitlines()[::HELD_OUT]
        if "\0" not in line
    )


def page(lines: Sequence[str], draw: random.Random, *, tagged: bool = False) -> str:
    """Return a stretch of text of 50 to 5,000 characters from a random place."""
    length = draw.choice(_LENGTHS)
    at = draw.randrange(len(lines))
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        line = lines[at % len(lines)]
        parts.append(_with_tag(line, draw) if tagged and draw.random() < _TAGGED_LINES else line)
        at += 1
    return "\n".join(parts)[: length + 20]


def _with_tag(line: str, draw: random.Random) -> str:
    start = draw.randrange(len(line) + 1)
    end = min(len(line), start + draw.randrange(1, 30))
    tag = draw.choice(_TAGS)
    return f"{line[:start]}<{tag}>{line[start:end]}</{tag}>{line[end:]}"
