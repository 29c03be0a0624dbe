"""Where characters from a wrong block stand in running text, and what may stand there instead.

A spot is a place worth weighing; `repair.compat.weighing` decides. What names such characters on purpose has none:
lines about radicals, code points or fonts, lists of them, and text in other languages, where some of them belong.
Surrogates alone are never meant: no text has them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from repair.compat.meanings import HONG_KONG, Meaning, meanings
from repair.compat.private import halves_936

_HANZI = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_AROUND = f"{_HANZI}\u3001-\u301f\uff01-\uff65"
_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
MARKS = re.compile(f"[\x80-\x9f{_INVISIBLE}\u2e80-\u2fd5\ud800-\udbff\ue000-\uf8ff\uf900-\ufaff\U0002f800-\U0002fa1f]")
"""Characters without which no text needs a look."""
_TOPIC = re.compile(
    "部首|偏旁|康熙|字典|私用|私有|造字|字体|字形|字型|字體|零宽|零寬|不可见字符"
    r"|U\+[0-9A-Fa-f]{4}|\\[ux][0-9A-Fa-f]{2}|Unicode|\bPUA\b|radical|ideograph|\bfont\b|\bicon\b|zero.width|\bGBK?\d*\b",
    re.IGNORECASE,
)
_KANA_OR_HANGUL = re.compile("[\u3041-\u30ff\u3131-\u318e\uac00-\ud7a3]")
_ORDINARY = re.compile(f"[{_HANZI}]")
_FEWEST_ORDINARY = 3
_MEANT = re.compile("[\u2e80-\u2fd5\ue000-\uf8ff\uf900-\ufaff\U0002f800-\U0002fa1f]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HIDDEN = re.compile(f"(?<=[{_AROUND}])[{_INVISIBLE}]+(?=[{_AROUND}])")
_CONTROL = re.compile("(?<![\x80-\xff])[\x80\x85\x91-\x97\x99](?![\x80-\xff])")
_ACCENTS = re.compile("[\xa1-\xff]")
_UNIFIED = re.compile("[\u4e00-\u9fff]")
_STOPS = tuple("、，。；：！？")
_FEWEST_TRADITIONAL = 2
_FEWEST_CODES = 4
_MOST_COMMON = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """A slice of what was seen, and what may be meant there."""

    start: int
    end: int
    possible: tuple[Meaning, ...]


def spots(seen: str) -> Iterator[list[Spot]]:
    """Yield for each line that may need it its spots, rising and apart."""
    if not MARKS.search(seen):
        return
    codes = _colour_codes(seen)
    for match in re.finditer(r"[^\n\r]+", seen):
        line = match.group()
        if MARKS.search(line):
            rules = (_surrogates,) if _TOPIC.search(line) else (*_RULES, codes)
            found = [spot for rule in rules for spot in rule(line)]
            if found:
                yield [
                    Spot(match.start() + spot.start, match.start() + spot.end, spot.possible) for spot in _apart(found)
                ]


def _apart(found: list[Spot]) -> Iterator[Spot]:
    """Yield the spots in order, the first of those that overlap."""
    end = 0
    for spot in sorted(found, key=lambda spot: spot.start):
        if spot.start >= end:
            yield spot
            end = spot.end


def _elsewhere(line: str) -> Iterator[Spot]:
    """Characters with a meaning elsewhere, in running text: not alone between blanks, not listed, not explained."""
    known = meanings()
    places = [match.start() for match in _MEANT.finditer(line)]
    if not places or _KANA_OR_HANGUL.search(line):
        return
    hanzi = len(_ORDINARY.findall(line)) + sum(any(map(_is_hanzi, _texts(known.get(line[at], ())))) for at in places)
    if hanzi < _FEWEST_ORDINARY:
        return
    for at in places:
        possible = tuple(m for m in known.get(line[at], ()) if HONG_KONG not in m.standard or _traditional(line))
        if possible and _runs_on(line, at) and not _listed(line, at) and not _explained(line, at, possible):
            yield Spot(at, at + 1, possible)


def _texts(possible: tuple[Meaning, ...]) -> Iterator[str]:
    return (meaning.text for meaning in possible)


def _is_hanzi(text: str) -> bool:
    return bool(_ORDINARY.match(text))


def _runs_on(line: str, at: int) -> bool:
    """Say whether the text runs on before or behind the character: a hanzi, one that means one, or a stop."""
    before, after = line[max(at - 1, 0) : at], line[at + 1 : at + 2]
    beside = before + after
    return (
        any(_ORDINARY.match(character) or character in meanings() for character in beside)
        or (before.isdigit() and not after.strip())
        or (not before and after in _STOPS)
    )


def _listed(line: str, at: int) -> bool:
    """Say whether the character stands among neighbours in the order of their block, as in a table; two may meet."""
    steps = [ord(after) - ord(before) for before, after in pairwise(line[max(at - 2, 0) : at + 3])]
    return any(pair in ((1, 1), (-1, -1)) for pair in pairwise(steps))


def _explained(line: str, at: int, possible: tuple[Meaning, ...]) -> bool:
    """Say whether what it means stands close by in its ordinary form: a text about the character."""
    around = line[max(at - 3, 0) : at] + line[at + 1 : at + 4]
    return any(meaning.text in around for meaning in possible)


def _traditional(line: str) -> bool:
    """Say whether a line is in traditional script, as text with HKSCS is: two that GB 2312 lacks, none simplified."""
    hanzi = set(_UNIFIED.findall(line))
    beyond = sum(not _in_charset(character, "gb2312") for character in hanzi)
    return beyond >= _FEWEST_TRADITIONAL and all(_in_charset(character, "big5hkscs") for character in hanzi)


@cache
def _in_charset(character: str, charset: str) -> bool:
    try:
        return bool(character.encode(charset))
    except UnicodeEncodeError:
        return False


def _surrogates(line: str) -> Iterator[Spot]:
    """Pairs of surrogates: one character as UTF-16 and CESU-8 write it."""
    for match in _PAIR.finditer(line):
        joined = match.group().encode("utf-16-be", "surrogatepass").decode("utf-16-be")
        yield Spot(*match.span(), (Meaning(joined, "surrogate pairs: UTF-16, CESU-8", sure=True),))


def _hidden(line: str) -> Iterator[Spot]:
    """Invisible characters between hanzi; between letters, kana, emoji they may be meant."""
    if _RIGHT_TO_LEFT.search(line):
        return
    for match in _HIDDEN.finditer(line):
        if _ORDINARY.search(line[match.start() - 1] + line[match.end()]):
            yield Spot(*match.span(), (Meaning("", "invisible characters inside Chinese text"),))


def _controls(line: str) -> Iterator[Spot]:
    """C1 controls that are punctuation in Windows-1252; beside letters with accents they are other mojibake."""
    if _ACCENTS.search(line):
        return
    for match in _CONTROL.finditer(line):
        if any(character.isalnum() for character in line[max(match.start() - 2, 0) : match.end() + 2]):
            meant = match.group().encode("latin-1").decode("cp1252")
            yield Spot(*match.span(), (Meaning(meant, "C1 controls: Windows-1252"),))


def _colour_codes(seen: str) -> Callable[[str], Iterator[Spot]]:
    """Return the rule for a sign of Latin-1 and a letter behind it that were read as one user-defined character.

    Only where a text is strewn with them, one sign before all, one code (the one that ends the others) common.
    """
    letters = {character: pair for character in set(_MEANT.findall(seen)) if (pair := _sign_and_letter(character))}
    counts = Counter({character: seen.count(character) for character in letters})
    signs = {pair[0] for pair in letters.values()}
    if counts.total() < _FEWEST_CODES or len(signs) > 1 or max(counts.values()) * _MOST_COMMON < counts.total():
        return lambda _line: iter(())
    reason = "a sign and a letter read as one character: Windows-936, user-defined area"
    return lambda line: (
        Spot(at, at + 1, (Meaning(letters[character], reason, sure=True),))
        for at, character in enumerate(line)
        if character in letters
    )


def _sign_and_letter(character: str) -> str:
    halves = halves_936(character)
    if halves is None or not chr(halves[1]).isascii() or not chr(halves[1]).isalpha():
        return ""
    return chr(halves[0]) + chr(halves[1])


_RULES: tuple[Callable[[str], Iterator[Spot]], ...] = (_surrogates, _elsewhere, _hidden, _controls)
