"""Mirror sites that nobody knows: a random program over random pages."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from opencc import OpenCC
from pypinyin import Style, pinyin

from benchmarks.mirror.texts import page, paragraphs
from repair.channel import Chain, damage
from repair.mirror import Mirror
from repair.mirror.strewn import Strewn
from repair.mirror.tables import simplified, toneless

_LEFT_ALONE = frozenset("布筑并云采范于里后面系干复制准几只台余向征冲")
"""Characters that many sites' tables lack, because their other forms are words of their own."""
_SIGNS = "？！，：；（）．％＝"
_PAGES = (1, 1, 2, 5, 20)
_HABITS = (("?", True),) * 5 + (("?", False), ("\ufffd", True), ("\ufffd", False), ("", True))
_STREWN_SITES = 0.15
_INVISIBLE = "\u200b\u200c\u2060\ufeff"
_EMOJI = "😀😂🔥✨💯🎉"


@dataclass(frozen=True, slots=True)
class HiddenSite:
    """A site: its program, and its pages before it with the chain that made each what is seen."""

    program: Mirror
    pages: tuple[tuple[str, Chain], ...]

    def seen(self) -> list[str]:
        """Return the pages as the site shows them."""
        return [damage(chain, text) for text, chain in self.pages]

    @property
    def strewn(self) -> bool:
        """Say whether the site strews its notes instead of keeping a table."""
        return not self.program.notes


def hidden_sites(folder: Path, count: int) -> Iterator[HiddenSite]:
    """Yield sites with random programs over random stretches of held-out text, drawn with fixed seeds."""
    lines = paragraphs(folder)
    frequency = Counter("".join(lines))
    for number in range(count):
        draw = random.Random(number)
        tagged = draw.random() < 0.3
        pages = [page(lines, draw, tagged=tagged) for _ in range(draw.choice(_PAGES))]
        strewn = draw.random() < _STREWN_SITES
        program = _script_alone(draw) if strewn else _program(draw, frequency)
        yield HiddenSite(program, tuple((text, _chain(text, program, draw, strewn=strewn)) for text in pages))


def _chain(text: str, program: Mirror, draw: random.Random, *, strewn: bool) -> Chain:
    return (program, _strewn(program.damage(text), draw)) if strewn else (program,)


@cache
def conversions() -> dict[str, tuple[str, ...]]:
    """Return simplified character -> its traditional forms in GBK, OpenCC's first choice first."""
    found: dict[str, list[str]] = defaultdict(list)
    for traditional, simple in simplified().items():
        if len(traditional.encode("gbk", "ignore")) == len(simple.encode("gbk", "ignore")) == 2:
            found[simple].append(traditional)
    first = OpenCC("s2t")
    return {simple: tuple(sorted(own, key=lambda t: t != first.convert(simple))) for simple, own in found.items()}


def _table(draw: random.Random) -> dict[str, str]:
    return {
        simple: own[0] if draw.random() < 0.9 else draw.choice(own)
        for simple, own in conversions().items()
        if draw.random() < (0.5 if simple in _LEFT_ALONE else 0.97)
    }


def _program(draw: random.Random, frequency: Counter[str]) -> Mirror:
    table = _table(draw)
    toned = draw.random() < 0.8
    noted = _noted(draw, table, frequency)
    notes = tuple((character, _reading(character, draw, toned=toned)) for character in noted)
    folds = draw.random() < 0.7
    mark, eats = draw.choice(_HABITS)
    return Mirror(
        "".join(table),
        "".join(table.values()),
        notes,
        cut="".join(draw.sample(_SIGNS, draw.randrange(6))),
        folds=folds,
        unfolded="".join(draw.sample(_SIGNS, 4)) if draw.random() < 0.3 else "",
        repeat=1 if draw.random() < 0.9 else 2,
        mark=mark,
        eats=eats,
        undefined=draw.choice(("mark", "mark", "mark", "private", "drop")),
        cuts_first=draw.random() < 0.3,
    )


def _noted(draw: random.Random, table: dict[str, str], frequency: Counter[str]) -> list[str]:
    """Draw 20 to 400 characters, frequent ones sooner, in random order."""
    size = int(20 * 20 ** draw.random())
    pool = list(table)
    weights = list(accumulate((frequency[simple] + 1) ** 0.7 for simple in pool))
    chosen: dict[str, None] = {}
    while len(chosen) < size:
        chosen[table[draw.choices(pool, cum_weights=weights)[0]]] = None
    ordered = list(chosen)
    draw.shuffle(ordered)
    return ordered


def _reading(character: str, draw: random.Random, *, toned: bool) -> str:
    own = pinyin(character, style=Style.TONE, heteronym=True)[0]
    reading = own[0] if draw.random() < 0.9 else draw.choice(own)
    holds = reading.encode("gbk", "ignore").decode("gbk") == reading
    return reading if toned and holds else toneless(reading)


def _script_alone(draw: random.Random) -> Mirror:
    table = _table(draw)
    return Mirror("".join(table), "".join(table.values()), (), cut="", folds=draw.random() < 0.5)


def _strewn(text: str, draw: random.Random) -> Strewn:
    """Strew toneless notes after hanzi at random, up to three times, on some sites other things inside words too."""
    share = draw.uniform(0.02, 0.15)
    more = draw.random() < 0.3
    pieces: list[tuple[int, str]] = []
    for at, character in enumerate(text, 1):
        if "\u4e00" <= character <= "\u9fff" and draw.random() < share:
            reading = toneless(pinyin(character, style=Style.TONE)[0][0])
            pieces.append((at, f"({reading})" * draw.choice((1, 2, 2, 3))))
        elif more and draw.random() < share / 4 and "\u4e00" <= character <= "\u9fff":
            pieces.append((at, draw.choice((*_INVISIBLE, *_EMOJI, f"<{_word(draw)}>"))))
    return Strewn(tuple(pieces))


def _word(draw: random.Random) -> str:
    return "".join(draw.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(draw.randrange(4, 9)))
