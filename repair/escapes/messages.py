"""Where the transfer encodings of mail stand in a text, each place weighed by itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from repair.channel import Candidate, Proposal, align, join_pieces
from repair.escapes.mail import Base64, Mail, QuotedPrintable, read_base64, read_quoted, read_words
from repair.escapes.running import Reading, hanzi_in, read_as_chinese, speaks_of_encodings, stands_elsewhere
from repair.language import load

_CODECS = ("utf-8", "gb18030", "big5")
_WORD = r"=\?[A-Za-z0-9_.-]{2,20}\?[BbQq]\?[!->@-~]*\?="
_WORDS = re.compile(rf"{_WORD}(?:[ \t\r\n]*{_WORD})*")
# A line of quoted text holds two escapes of high bytes in a row; what follows its soft breaks belongs to it.
_QUOTED = re.compile(r"(?m)^(?=.*=[89A-F][0-9A-F]=?(?:\r?\n)?=?[89A-F]?)(?:[ -~\t]*=\r?\n)*[ -~\t]+$")
_PAIR = re.compile(r"=[89A-F][0-9A-F](?:=\r?\n)?=?[0-9A-Za-z]")
_BLOCK = re.compile(r"(?m)^[A-Za-z0-9+/]{16,}(?:\r?\n[A-Za-z0-9+/]+)*={0,2}$")
_HEADER = re.compile(r"(?im)^content-transfer-encoding:|^charset=|^content-type:")
_CODE = re.compile(r"""\w\(|["']{3}|^\s*(?:#|//|/?\*)""")
_NEAR = 400
"""Characters that are looked at for the line before and behind."""
_PRIOR = -4.0
_Coded = TypeVar("_Coded", QuotedPrintable, Base64)
_FEWEST_QUOTED, _FEWEST_BLOCK = 4, {"utf-8": 4, "gb18030": 8, "big5": 8}
"""Distinct hanzi: base64 has no mark of its own, and a hash or a key may look like it, though hardly ever UTF-8."""


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    text: str
    channel: Mail


def propose(seen: str) -> Iterator[Proposal]:
    """Yield one proposal with every place that reads as Chinese text once it is decoded; none where there is none.

    >>> [proposal.candidate.text for proposal in propose("=?gb2312?B?yv2+3b/i?=")]
    ['数据库']
    """
    found = list(_apart([*_words(seen), *_quoted(seen), *_blocks(seen)]))
    readings = [Reading(place.text, seen[place.start : place.end], place.channel.codec) for place in found]
    kept = [place for place, well in zip(found, read_as_chinese(readings, 0.0), strict=True) if well] if found else []
    if not kept:
        return
    parts: list[tuple[str, tuple[Mail, ...]]] = []
    at = 0
    for place in kept:
        parts += (seen[at : place.start], ()), (place.text, (place.channel,))
        at = place.end
    text, chain = join_pieces([*parts, (seen[at:], ())])
    yield Proposal(chain, Candidate(text, align(chain, text)), _PRIOR, settled=True)


def _apart(places: list[_Place]) -> Iterator[_Place]:
    end = 0
    for place in sorted(places, key=lambda place: (place.start, -place.end)):
        if place.start >= end:
            yield place
            end = place.end


def _words(seen: str) -> Iterator[_Place]:
    """Yield encoded words, which say what they are; a line that explains them or speaks of encodings quotes them."""
    for match in _WORDS.finditer(seen) if "=?" in seen else ():
        read = read_words(match.group())
        if read and hanzi_in(read[0]):
            beside = _WORDS.sub("", _line(seen, *match.span()))
            explained = read[0] in beside or speaks_of_encodings(beside)
            if not explained and not _between_code(seen, *match.span()):
                yield _Place(*match.span(), *read)


def _between_code(seen: str, start: int, end: int) -> bool:
    """Say whether the line before or behind the words is source code, such as a test of a mail program."""
    before = _WORDS.sub("", seen[max(start - _NEAR, 0) : start]).rstrip().rpartition("\n")[2]
    after = _WORDS.sub("", seen[end : end + _NEAR]).lstrip().partition("\n")[0]
    return any(map(_CODE.search, (before, after)))


def _line(seen: str, start: int, end: int) -> str:
    last = seen.find("\n", end)
    return seen[seen.rfind("\n", 0, start) + 1 : last if last >= 0 else len(seen)]


def _quoted(seen: str) -> Iterator[_Place]:
    """Yield runs of lines that are quoted-printable as a whole."""
    if not _PAIR.search(seen):
        return
    for match in _QUOTED.finditer(seen):
        span = match.span()
        best = _likeliest(list(read_quoted(match.group(), _CODECS)))
        if best and hanzi_in(best[0]) >= _FEWEST_QUOTED and not _quotes(seen, *span, best[0]):
            yield _Place(*span, *best)


def _blocks(seen: str) -> Iterator[_Place]:
    """Yield lines that are base64 and nothing else."""
    for match in _BLOCK.finditer(seen):
        best = _likeliest(list(read_base64(match.group(), _CODECS)))
        if best and hanzi_in(best[0]) >= _FEWEST_BLOCK[best[1].codec] and not _quotes(seen, *match.span(), best[0]):
            yield _Place(*match.span(), *best)


def _likeliest(read: Sequence[tuple[str, _Coded]]) -> tuple[str, _Coded] | None:
    """Return UTF-8 if it is that, which the others read as half as many hanzi again; else the likeliest text."""
    if not read or read[0][1].codec == "utf-8":
        return read[0] if read else None
    bits = load().log_probabilities([text for text, _ in read]).tolist()
    likeliest: int = bits.index(max(bits))
    return read[likeliest]


def _quotes(seen: str, start: int, end: int, text: str) -> bool:
    """Say whether the text around quotes what it decodes to, or speaks of encodings elsewhere than in mail headers."""
    line_before = seen[:start].rstrip().rpartition("\n")[2]
    example = speaks_of_encodings(line_before) and not _HEADER.match(line_before)
    return example or stands_elsewhere(text, seen, start, end)
