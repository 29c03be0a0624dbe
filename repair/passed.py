"""UTF-8 that passed through GBK and back: where the code page refused a byte, it and the ASCII after it became ``?``.

All other bytes are as they were, so the file is nearly UTF-8: characters at the end of a run lost their last byte. The
bytes that are left of them are known, what stood in the ``?`` is searched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from repair.channel import Candidate, Chain, Cuts, Loss, join_pieces
from repair.decoders import decode
from repair.written import REPLACEMENT, Written

_MARKED = re.compile(f"{REPLACEMENT}\\?")
_AROUND = 24
"""Characters on each side that the language model sees."""
_CONTINUATIONS = [bytes([byte]) for byte in range(0x80, 0xC0)]
_EATEN = [b"", *(bytes([byte]) for byte in (0x09, 0x0A, *range(0x20, 0x7F)))]
_HABIT = "windows"


@dataclass(frozen=True, slots=True)
class Passed:
    """UTF-8 read as ``through`` by a Windows code page, saved in the same again, and read as the UTF-8 that it was.

    >>> Passed("gbk").damage("具)")
    '�?'
    """

    kind: ClassVar[str] = "passed"
    through: str

    def damage(self, text: str) -> str:
        """Read, save and read again; what is no UTF-8 any more shows as U+FFFD."""
        between = decode(text.encode(), self.through, _HABIT)
        euro = between.replace("€", "\x80")
        parts = (part.encode(self.through, "replace") for part in euro.split("\x80"))
        return b"\x80".join(parts).decode("utf-8", "replace")

    def undo(self, seen: str) -> Iterator[Candidate]:  # noqa: ARG002 - the protocol's signature
        """Yield nothing: what is left of a broken character only the bytes tell."""
        return iter(())

    def describe(self) -> str:
        """Name the code page."""
        return f"UTF-8 passed through {self.through.upper()} and back"


def mend_passed(text: str, written: Written) -> tuple[Candidate, Chain] | None:
    """Return the text with its broken characters, and the chain that breaks them; None where there are none.

    ``written`` says which bytes each U+FFFD of the text stands for.
    """
    raw = {start: data for start, end, data in written.exceptions if start < end}
    places = [place for match in _MARKED.finditer(text) if (place := _place(text, match.start(), raw))]
    if not places or written.encoding != "utf-8":
        return None
    parts: list[tuple[str, Chain]] = []
    cuts: list[tuple[int, int]] = [(0, 0)]
    losses: list[Loss] = []
    at = shift = 0
    for start, mark, candidate in places:
        if start < at:
            continue
        new = candidate.text
        parts += (text[at:start], ()), (new, (Passed("gbk"),))
        cuts += [(at + shift, at), (start + shift, start), (mark + shift, mark)]
        losses += [
            Loss(mark + shift, start + shift + len(new), loss.alternatives, sole=loss.sole) for loss in candidate.losses
        ]
        at, shift = mark + 2, shift + len(new) - (mark + 2 - start)
        cuts.append((at + shift, at))
    whole, chain = join_pieces([*parts, (text[at:], ())])
    return Candidate(whole, _rising((*cuts, (len(whole), len(text)))), tuple(losses)), chain


def _rising(cuts: Cuts) -> Cuts:
    return tuple(dict.fromkeys(cuts))


def _place(text: str, mark: int, raw: dict[int, bytes]) -> tuple[int, int, Candidate] | None:
    """Return where the run of a broken character begins, where the mark is, and what the run was."""
    from repair.lattice import solve_options  # noqa: PLC0415 - compiled code, which importing does not wait for

    known = raw.get(mark, b"")
    if len(known) not in (1, 2) or known[0] < 0xE0:  # noqa: PLR2004 - a character of three bytes, its last one lost
        return None
    start = mark
    while start and not text[start - 1].isascii() and text[start - 1] != REPLACEMENT:
        start -= 1
    before = text[max(0, mark - _AROUND) : mark].rpartition("\n")[2]
    after = text[mark + 2 : mark + 2 + _AROUND].partition(REPLACEMENT)[0]
    options = [[known], [last + eaten for last in _CONTINUATIONS for eaten in _EATEN]]
    known_before, known_after = ([[character.encode()] for character in part] for part in (before, after))
    found = solve_options([*known_before, *options, *known_after], "utf-8")
    if found is None or len(found.losses) != 1:
        return None
    (loss,) = found.losses
    run = text[start:mark] + found.text[loss.start : loss.end]
    if Passed("gbk").damage(run) != text[start : mark + 2]:
        return None
    return start, mark, Candidate(run, (), (loss,))
