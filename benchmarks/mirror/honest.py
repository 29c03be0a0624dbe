"""Pages with notes that people put there, and pages of genuine traditional script: none of them may be changed."""

import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from opencc import OpenCC
from pypinyin import Style, pinyin

from benchmarks.mirror.texts import page, paragraphs
from repair.language import load
from repair.mirror.tables import simplified, toneless

_UNITS = ("cm", "kg", "ml", "km", "mm", "min", "mol", "pa", "hz", "kw")
_RARE = 12.0
"""Bits a character costs by itself from which on a textbook explains it."""


def honest_pages(folder: Path, count: int) -> Iterator[tuple[str, str]]:
    """Yield (kind, page), so many of each kind, drawn with fixed seeds."""
    lines = paragraphs(folder)
    for kind, make in _KINDS.items():
        for number in range(count):
            draw = random.Random(f"{kind} {number}")
            yield kind, make(page(lines, draw), draw)


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def _readings(text: str) -> list[str]:
    """Return the reading of each character in its context, itself where it has none."""
    return [
        reading if len(reading) <= 6 else character
        for own, part in _parts(text)
        for character, reading in zip(part, own, strict=True)
    ]


def _parts(text: str) -> Iterator[tuple[list[str], str]]:
    for line in text.splitlines(keepends=True):
        own = [one[0] for one in pinyin(line, style=Style.TONE, errors=list)]  # type: ignore[arg-type] # it takes lists too
        yield (own, line) if len(own) == len(line) else (list(line), line)


def _noted(text: str, chosen: Callable[[int, str], bool], *, tones: bool = True, brackets: str = "()") -> str:
    parts: list[str] = []
    for at, (character, reading) in enumerate(zip(text, _readings(text), strict=True)):
        parts.append(character)
        if reading != character and chosen(at, character):
            parts.append(f"{brackets[0]}{reading if tones else toneless(reading)}{brackets[1]}")
    return "".join(parts)


def _rare(character: str) -> bool:
    return float(load().unigram_bits[ord(simplified().get(character, character))]) > _RARE


def _hard_once(text: str, draw: random.Random) -> str:
    text = _script(text, draw)
    return _noted(text, lambda at, character: text.index(character) == at and _rare(character))


def _hard_always(text: str, draw: random.Random) -> str:
    text = _script(text, draw)
    return _noted(text, lambda _, character: _rare(character))


def _new_words(text: str, draw: random.Random) -> str:
    """Annotate each occurrence of some new characters of a lesson."""
    text = _script(text, draw)
    new = set(draw.sample(sorted(set(text)), min(len(set(text)), draw.randrange(3, 15))))
    return _noted(text, lambda _, character: character in new)


def _new_words_toneless(text: str, draw: random.Random) -> str:
    text = _script(text, draw)
    new = set(draw.sample(sorted(set(text)), min(len(set(text)), draw.randrange(3, 15))))
    return _noted(text, lambda at, character: text.index(character) == at and character in new, tones=False)


def _reader(text: str, draw: random.Random) -> str:
    return _noted(_script(text, draw)[:600], lambda _, __: True)


def _half_a_reader(text: str, draw: random.Random) -> str:
    text = _script(text, draw)[:600]
    return _noted(text, lambda _, __: draw.random() < 0.4)


def _poem(text: str, draw: random.Random) -> str:
    text = "".join(character for character in _script(text, draw) if "\u4e00" <= character <= "\u9fff")
    lines = [text[at : at + 7] for at in range(0, min(len(text), 112), 7)]
    return "\n".join(_noted(line, lambda _, __: draw.random() < 0.3) for line in lines)


def _lyrics(text: str, draw: random.Random) -> str:
    lines = [line[:20] for line in _script(text, draw).splitlines() if line]
    return "\n".join(f"{line}\n({' '.join(_readings(line))})" for line in lines[:20])


def _dictionary(text: str, draw: random.Random) -> str:
    text = _script(text, draw)
    words = [text[at : at + 2] for at in range(0, min(len(text) - 2, 200), 2)]
    return "\n".join(f"{_noted(word, lambda _, __: True)}：{text[:20]}。" for word in words)


def _word_list(text: str, draw: random.Random) -> str:
    text = _script(text, draw)
    hanzi = sorted({character for character in text if "\u4e00" <= character <= "\u9fff"})
    draw.shuffle(hanzi)
    return draw.choice("、 ，/|\n").join(_noted(character, lambda _, __: True) for character in hanzi[:80])


def _script(text: str, draw: random.Random) -> str:
    """Return a text in one of the scripts that people write: simplified, or traditional by phrases."""
    name = draw.choice(("", "s2t", "s2tw", "s2twp", "s2hk"))
    return str(_converter(name).convert(text)) if name else text


def _genuine(text: str, draw: random.Random) -> str:
    return str(_converter(draw.choice(("s2t", "s2tw", "s2twp", "s2hk"))).convert(text))


def _enumerated(text: str, draw: random.Random) -> str:
    parts = _script(text, draw).split("，")
    return "，".join(f"({chr(0x61 + number % 26)}){part}" for number, part in enumerate(parts))


def _with_units(text: str, draw: random.Random) -> str:
    return _noted_with(_script(text, draw), draw, _UNITS)


def _with_english(text: str, draw: random.Random) -> str:
    return _noted_with(_script(text, draw), draw, ("law", "the", "plan", "a", "fee", "shi", "an", "men", "you", "he"))


def _noted_with(text: str, draw: random.Random, words: tuple[str, ...]) -> str:
    share = draw.uniform(0.01, 0.1)
    return "".join(
        f"{character}({draw.choice(words)})"
        if "\u4e00" <= character <= "\u9fff" and draw.random() < share
        else character
        for character in text
    )


_KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "hard characters, once": _hard_once,
    "hard characters, always": _hard_always,
    "new characters of a lesson, always": _new_words,
    "new characters, toneless, once": _new_words_toneless,
    "readers": _reader,
    "readers, in parts": _half_a_reader,
    "poems with readings": _poem,
    "lyrics sheets": _lyrics,
    "dictionaries": _dictionary,
    "word lists": _word_list,
    "genuine traditional script": _genuine,
    "(a) (b) (c)": _enumerated,
    "units in brackets": _with_units,
    "words in brackets": _with_english,
}
