"""What spam mirrors strew over a page: toneless notes, doubled and tripled, invisible characters, emoji, invented tags.

Nothing of the page is lost, so all of it is taken out again, once doubled notes show that no person put them there.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from repair.channel import Candidate, Chain, Cuts
from repair.language import load
from repair.mirror.mirror import Mirror
from repair.mirror.script import inverse
from repair.mirror.tables import reads, simplified

_HANZI = "\u4e00-\u9fff"
_NOTES = re.compile(f"(?<=[{_HANZI}])(?:\\([a-zü]{{1,6}}\\))+")
_INVISIBLE = re.compile(f"(?<=[{_HANZI}])[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+(?=[{_HANZI}])")
_INSIDE = re.compile(f"(?<=[{_HANZI}])(?:[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?|<[a-z]{{3,12}}>)+(?=[{_HANZI}])")
_HTML = re.compile(
    r"\b(?:abbr|acronym|address|applet|area|article|aside|audio|base|basefont|bdi|bdo|big|blockquote|body|button|canvas|"
    r"caption|center|cite|code|col|colgroup|data|datalist|del|details|dfn|dialog|dir|div|embed|fieldset|figcaption|"
    r"figure|font|footer|form|frame|frameset|head|header|hgroup|html|iframe|img|input|ins|kbd|label|legend|link|main|"
    r"map|mark|menu|meta|meter|nav|noframes|noscript|object|optgroup|option|output|param|picture|pre|progress|ruby|"
    r"samp|script|search|section|select|slot|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|"
    r"template|textarea|tfoot|thead|time|title|track|var|video|wbr)\b"
)
"""Names of HTML's elements of three letters and more, those of old versions too: all other names are invented."""
_LEAST_DOUBLED, _LEAST_KINDS = 3, 2
"""Doubled notes, and characters that have some, from which on no person put them there."""
_WRONG = 0.1
"""Share of notes that may be no reading of the character before them: more of them are remarks, not notes."""
_WITHIN_BITS = 8.0
"""Bits up to which a character continues what stands before it: a sign between the two is inside a word."""


@dataclass(frozen=True, slots=True)
class Strewn:
    """Strings put into a text; ``pieces`` are (offset in the text, string), rising."""

    kind: ClassVar[str] = "strewn"
    pieces: tuple[tuple[int, str], ...]

    def damage(self, text: str) -> str:
        """Put the strings in."""
        parts: list[str] = []
        last = 0
        for at, piece in self.pieces:
            parts += text[last:at], piece
            last = at
        return "".join((*parts, text[last:]))

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield ``seen`` without the strings, if they stand there."""
        shifts = accumulate((len(piece) for _, piece in self.pieces), initial=0)
        spans = [(at + shift, at + shift + len(piece)) for (at, piece), shift in zip(self.pieces, shifts, strict=False)]
        text = without(seen, spans)
        if self.damage(text) == seen:
            yield Candidate(text, self.align(text, seen))

    def align(self, text: str, seen: str) -> Cuts:
        """Cut between all characters; a string belongs to the character before it."""
        places = [at for at, _ in self.pieces]
        shifts = [0, *accumulate(len(piece) for _, piece in self.pieces)]
        cuts = tuple((at, at + shifts[bisect_right(places, at)]) for at in range(1, len(text)))
        return ((0, 0), *cuts, (len(text), len(seen))) if text else ((0, 0),)

    def describe(self) -> str:
        """Count the strings."""
        return f"mirror site: notes and signs strewn in {len(self.pieces)} places"


@dataclass(frozen=True, slots=True)
class Swept:
    """A page without what was strewn over it, with the chain that makes of it what was seen."""

    candidate: Candidate
    chain: Chain
    pieces: int


def undone(seen: str) -> Swept | None:
    """Return a page before notes were strewn over it, in simplified script where the site converted it.

    None where a person may have put the notes.
    """
    found = gathered(seen)
    if found is None:
        return None
    strewn, script = found
    table = inverse(Counter(script), lenient=False)
    text = script.translate(str.maketrans(table))
    program = Mirror("".join(table.values()), "".join(table), (), cut="", folds=False)
    converted = table and program.damage(text) == script
    chain: Chain = (program, strewn) if converted else (strewn,)
    text = text if converted else script
    return Swept(Candidate(text, strewn.align(text, seen)), chain, len(strewn.pieces))


def gathered(seen: str) -> tuple[Strewn, str] | None:
    """Return what was strewn over a page and the page without it; None where a person may have put its notes."""
    notes = list(_NOTES.finditer(seen))
    own = [match for match in notes if _is_note(match)]
    doubled = [match for match in own if match[0].count("(") > 1]
    kinds = {seen[match.start() - 1] for match in doubled}
    if len(doubled) < _LEAST_DOUBLED or len(kinds) < _LEAST_KINDS or len(notes) - len(own) > _WRONG * len(notes):
        return None
    spans = [match.span() for match in (*own, *_INVISIBLE.finditer(seen))]
    spans = sorted([*spans, *_inside_words(seen)])
    text = without(seen, spans)
    lengths = accumulate((end - start for start, end in spans), initial=0)
    pieces = tuple((start - gone, seen[start:end]) for (start, end), gone in zip(spans, lengths, strict=False))
    return Strewn(pieces), text


def _is_note(match: re.Match[str]) -> bool:
    readings = set(match[0][1:-1].split(")("))
    return len(readings) == 1 and reads(match.string[match.start() - 1], readings.pop())


def _inside_words(seen: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of signs and tags inside words, where the model expects the next character after the last."""
    found = [match for match in _INSIDE.finditer(seen) if not _HTML.search(match[0])]
    sides = [_NOTES.sub("", seen[max(0, match.start() - 30) : match.start()])[-3:] for match in found]
    for match, before in zip(found, sides, strict=True):
        word = "".join(simplified().get(character, character) for character in before + seen[match.end()])
        bits = -load().per_character(word)
        if bits[-1] < _WITHIN_BITS:
            yield match.span()


def without(seen: str, spans: list[tuple[int, int]]) -> str:
    """Cut spans, rising and apart, out of a text."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(seen)]
    return "".join(seen[end:start] for end, start in zip(ends, starts, strict=True))
