"""UTF-8 that passed through GBK and back: where the code page refused a byte, it and the ASCII after it became ``?``.

All other bytes are as they were, so the file is nearly UTF-8: characters at the end of a run lost their last byte. The
bytes that are left of them are known, what stood in the ``?`` is searched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from repair.broken import Broken, weighed
from repair.channel import Candidate
from repair.decoders import decode, passed_over
from repair.misreading import encoding_name
from repair.written import REPLACEMENT, Written

_MARKED = re.compile(f"{REPLACEMENT}\\?")
_CONTINUATIONS = range(0x80, 0xC0)
_ASCII = (0x09, 0x0A, 0x0D, *range(0x20, 0x7F))
_PAGE, _HABIT = "windows-936", "windows"


@dataclass(frozen=True, slots=True)
class Passed:
    """UTF-8 read as ``through`` by a Windows code page, saved in the same again, and read as the UTF-8 that it was.

    >>> Passed("windows-936").damage("具)")
    '�?'
    """

    kind: ClassVar[str] = "passed"
    through: str

    def damage(self, text: str) -> str:
        """Read, save and read again; what is no UTF-8 any more shows as U+FFFD."""
        between = decode(text.encode(), self.through, _HABIT)
        return between.encode(self.through, "replace").decode("utf-8", "replace")

    def undo(self, seen: str) -> Iterator[Candidate]:  # noqa: ARG002 - the protocol's signature
        """Yield nothing: what is left of a broken character only the bytes tell."""
        return iter(())

    def describe(self) -> str:
        """Name the code page."""
        return f"UTF-8 passed through {encoding_name(self.through)} and back"


def passed_places(text: str, written: Written) -> Iterator[Broken]:
    """Yield the broken characters of a text that passed through GBK, each with what it was.

    ``written`` says which bytes each U+FFFD of the text stands for.
    """
    if written.encoding != "utf-8":
        return
    raw = {start: data for start, end, data in written.exceptions if start < end}
    for match in _MARKED.finditer(text):
        place = _place(text, match.start(), raw)
        if place:
            yield place


def _place(text: str, mark: int, raw: dict[int, bytes]) -> Broken | None:
    """Return the run that a broken character ends."""
    known = raw.get(mark, b"")
    if len(known) not in (1, 2) or known[0] < 0xE0:  # noqa: PLR2004 - a character of three bytes, its last one lost
        return None
    start = mark
    while start and not text[start - 1].isascii() and text[start - 1] != REPLACEMENT:
        start -= 1
    loss = weighed(text, mark, mark + 2, [[known], _refused(ends=mark + 2 == len(text))])
    if loss is None:
        return None
    run = text[start:mark] + loss.alternatives[0][0]
    if Passed(_PAGE).damage(run) != text[start : mark + 2]:
        return None
    return Broken(start, mark, mark + 2, run, Passed(_PAGE), loss)


@cache
def _refused(*, ends: bool) -> tuple[bytes, ...]:
    """Return what a question mark may stand for: a last byte and the ASCII after it; that alone where the text ends."""
    if ends:
        return tuple(bytes([last]) for last in _CONTINUATIONS)
    passed = passed_over(_PAGE, _HABIT)
    return tuple(bytes([last, eaten]) for last in _CONTINUATIONS for eaten in _ASCII if passed[last][eaten])
