"""What no search brings back: the marks that destroyed text leaves."""

import re
from collections.abc import Iterator

from repair.result import Edit, Grade

_REASONS = {
    "replaced": "bytes replaced by U+FFFD",
    "kun": "锟斤拷: bytes replaced by U+FFFD, saved, and read as GBK",
    "bom": "ï¿½: bytes replaced by U+FFFD, saved, and read as Latin-1",
    "memory": "uninitialised memory (bytes CC, CD or DD) read as text",
    "marks": "characters replaced by question marks",
}
_LOST = re.compile(
    "(?P<replaced>\ufffd+)"
    "|(?P<kun>锟?斤拷(?:锟斤拷|锟斤|锟)*|锟斤(?![拷\u4e00-\u9fff])|(?:锟斤拷)+)"
    "|(?P<bom>(?:ï¿½)+)"
    "|(?P<memory>烫{3,}|屯{3,}|葺{3,})"
)
_SHOWN_BY = ("\ufffd", "斤拷", "锟斤", "ï¿½", "烫烫烫", "屯屯屯", "葺葺葺")
"""One of these is in every match of `_LOST`: to look for them takes a twentieth of its time."""
RESIDUE = "\ufffd|斤拷|ï¿½|烫烫烫|屯屯屯|葺葺葺|[\u0080-\u009f]|â€|Ã[\u0080-\u00bf]|锟斤"
"""Signs of damage in running text, as a regular expression for RE2 and `re` alike."""
_MARKS = re.compile(r"\?(?:[\s?]*\?)+")
_MANY_MARKS = 4


def lost_places(text: str) -> Iterator[Edit]:
    """Yield the places of ``text`` whose original is gone, as edits that change nothing.

    >>> [(edit.start, edit.end) for edit in lost_places("关于锟斤拷的通知")]
    [(2, 5)]
    """
    for match in _LOST.finditer(text) if any(mark in text for mark in _SHOWN_BY) else ():
        yield _edit(match.span(), match.group(), _REASONS[match.lastgroup or "replaced"])
    for start, end in _question_marks(text):
        yield _edit((start, end), text[start:end], _REASONS["marks"])


def _question_marks(text: str) -> Iterator[tuple[int, int]]:
    """Yield runs of question marks in a text that holds little else: in running text they are punctuation."""
    marks = text.count("?")
    if marks >= _MANY_MARKS and marks * 2 > len(text.replace(" ", "")) and text.isascii():
        yield from (match.span() for match in _MARKS.finditer(text))


def _edit(span: tuple[int, int], found: str, reason: str) -> Edit:
    return Edit(*span, seen=found, text=found, grade=Grade.LOST, alternatives=(), reason=reason)
