"""What spam mirrors strew over a page: toneless notes, doubled and tripled, invisible characters, emoji, invented tags.

Nothing of the page is lost, so all of it is taken out again, once doubled notes show that no person put them there.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from repair.channel import Candidate, Chain, Cuts
from repair.language import load
from repair.mirror.mirror import Mirror
from repair.mirror.points import points_of, text_of
from repair.mirror.script import Table, by_context, inverse
from repair.mirror.tables import reads, simplified

_HANZI = "\u4e00-\u9fff"
_NOTES = re.compile(f"(?<=[{_HANZI}])(?:\\([a-zü]{{1,6}}\\))+")
_INVISIBLE = re.compile(f"(?<=[{_HANZI}])[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_EMOJI = "[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?"
_INSIDE = re.compile(f"(?<=[{_HANZI}])(?:{_EMOJI}|<[a-z]{{3,12}}>)+(?=[{_HANZI}])")
_BEHIND = re.compile(f"(?<=[{_HANZI}])(?:{_EMOJI})+")
_TAG = re.compile(f"(?<=[{_HANZI}])<[a-z]{{3,12}}>")
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
_LEAST_KNOWN = 2
"""Notes from which on a page of a site that strews them has some of them, where none is doubled."""
_DOUBLED_PAGES = 0.6
"""Share of a site's pages with notes that must show a doubled one: three notes in four are."""
_WRONG = 0.1
"""Share of notes that may be no reading of the character before them: more of them are remarks, not notes."""
_LEAST_WITHIN, _SHARE_WITHIN = 2, 0.3
"""Emoji inside words, and their share of those behind hanzi, from which on a page's emoji are not its own: of those
that are strewn half are inside words, people put them at the ends of sentences."""
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


def undone(seen: str, site: Mirror | None = None) -> Swept | None:
    """Return a page before notes were strewn over it, in simplified script where the site converted it.

    ``site`` is the script of its site, where its neighbours have shown that the site strews notes. None where a person
    may have put the notes.
    """
    found = gathered(seen, known=site is not None)
    if found is None:
        return None
    strewn, script = found
    for program in (site, _script((script,))):
        if program and program.simplified:
            simple = script.translate(str.maketrans(program.traditional, program.simplified))
            table = Table(points_of(program.traditional), points_of(program.simplified))
            chosen, losses = by_context(points_of(simple), points_of(script), table)
            text = text_of(chosen)
            if program.damage(text) == script:
                return Swept(Candidate(text, strewn.align(text, seen), losses), (program, strewn), len(strewn.pieces))
    return Swept(Candidate(script, strewn.align(script, seen)), (strewn,), len(strewn.pieces))


def _script(pages: Sequence[str]) -> Mirror:
    """Return the script into which pages were converted, as a program that does nothing else."""
    from repair.mirror.counting import counted  # noqa: PLC0415 - it compiles, and clean text never gets there

    table = inverse(counted(map(points_of, pages)), points_of(""))
    return Mirror(text_of(table.simple), text_of(table.own), (), cut="", folds=False)


def infer(pages: Sequence[str]) -> Mirror | None:
    """Return the script of a site that strews notes over its pages; None where these do not show that it does."""
    noted = [found for found in map(_notes_of, pages) if found.own]
    doubled = [found for found in noted if found.doubled]
    everything = sum(noted, start=_Notes())
    if not everything.are_strewn() or len(doubled) < _DOUBLED_PAGES * len(noted):
        return None
    swept = [found for page in pages if (found := gathered(page, known=True))]
    return _script([script for _, script in swept])


@dataclass(frozen=True, slots=True)
class _Notes:
    """The toneless notes of a page, or of several: those that are readings, those of them doubled, how many in all."""

    own: tuple[re.Match[str], ...] = ()
    doubled: tuple[re.Match[str], ...] = ()
    count: int = 0

    def __add__(self, other: "_Notes") -> "_Notes":
        return _Notes(self.own + other.own, self.doubled + other.doubled, self.count + other.count)

    def are_strewn(self) -> bool:
        """Say whether no person put them there."""
        kinds = {match.string[match.start() - 1] for match in self.doubled}
        wrong = self.count - len(self.own)
        return len(self.doubled) >= _LEAST_DOUBLED and len(kinds) >= _LEAST_KINDS and wrong <= _WRONG * self.count

    def may_be_strewn(self) -> bool:
        """Say whether they look like those of a site that strews notes: all readings, and one doubled or several."""
        return self.count == len(self.own) and (bool(self.doubled) or len(self.own) >= _LEAST_KNOWN)


def _notes_of(page: str) -> _Notes:
    notes = list(_NOTES.finditer(page))
    own = tuple(match for match in notes if _is_note(match))
    return _Notes(own, tuple(match for match in own if match[0].count("(") > 1), len(notes))


def gathered(seen: str, *, known: bool = False) -> tuple[Strewn, str] | None:
    """Return what was strewn over a page and the page without it; None where a person may have put its notes.

    It is easier to believe where the site is ``known`` to do so.
    """
    notes = _notes_of(seen)
    if not notes.are_strewn() and not (known and notes.may_be_strewn()):
        return None
    spans = [match.span() for match in (*notes.own, *_INVISIBLE.finditer(seen))]
    spans = sorted([*spans, *_more(seen)])
    text = without(seen, spans)
    lengths = accumulate((end - start for start, end in spans), initial=0)
    pieces = tuple((start - gone, seen[start:end]) for (start, end), gone in zip(spans, lengths, strict=False))
    return Strewn(pieces), text


def _is_note(match: re.Match[str]) -> bool:
    readings = set(match[0][1:-1].split(")("))
    return len(readings) == 1 and reads(match.string[match.start() - 1], readings.pop())


def _more(seen: str) -> set[tuple[int, int]]:
    """Return the spans of signs and tags inside words, and where these show that all are strewn those of the others."""
    inside = set(_inside_words(seen))
    behind = {match.span() for match in _BEHIND.finditer(seen)}
    if len(behind & inside) >= max(_LEAST_WITHIN, _SHARE_WITHIN * len(behind)):
        inside |= behind
    if any(_TAG.match(seen, start, end) for start, end in inside):
        inside |= {match.span() for match in _TAG.finditer(seen) if not _HTML.search(match[0])}
    return {span for span in inside if not any(a <= span[0] and span[1] <= b for a, b in inside - {span})}


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
