"""Everything that announces itself: characters written out as escapes, transfer encodings, marks, never read back.

`channels` are undone like any other damage, in the spans that they name; `propose` yields what needs more than the
seen text to be written again (where lines were broken, which signs were kept), each place weighed by itself.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from repair.channel import Proposal
from repair.escapes import inline, marks, messages
from repair.escapes.backslashes import Backslash, ByteEscape, Printed
from repair.escapes.digits import Digits
from repair.escapes.hosts import Punycode
from repair.escapes.mail import Base64, EncodedWords, QuotedPrintable
from repair.escapes.marks import Mark
from repair.escapes.percents import Percent
from repair.escapes.references import Again, Reference
from repair.escapes.seven_bit import Iso2022Cn, SevenBit, Utf7

__all__ = ["MARKS", "Escape", "channel_classes", "channels", "may_hold_escapes", "propose"]
_SHORTEST = re.compile("[!-~]{4}")

Escape = (
    Again | Backslash | ByteEscape | Digits | Iso2022Cn | Percent | Printed | Punycode | Reference | SevenBit | Utf7
)
"""A channel that can be undone in a part of a text: it names the spans where it may have been at work."""

channel_classes = (
    Again,
    Backslash,
    Base64,
    ByteEscape,
    Digits,
    EncodedWords,
    Iso2022Cn,
    Mark,
    Percent,
    Printed,
    Punycode,
    QuotedPrintable,
    Reference,
    SevenBit,
    Utf7,
)
MARKS = (
    r"&(?:amp;)*#|(?:\\|%|u)[xu]?[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[23][0-7]{2}\\|%[0-9a-fA-F]{2}%"
    r"|=\?[A-Za-z0-9_.-]+\?[BbQq]\?|=[89A-F][0-9A-F]=|xn--|~\{|\$\)A|\x0e|\+[A-Za-z0-9+/]{5}"
    r"|(?:[0-9A-F]{4}){4}|(?:[0-9a-f]{4}){4}|[A-Za-z0-9+/]{32}|^(?:ï»¿|锘)|[!-~]{12}"
)
"""Signs, as a regular expression for RE2 and `re` alike, without one of which no text has anything here to undo."""

_ESCAPE_PRIOR = -6.0
"""log2: an escape announces itself; what it holds decides."""
_BARE_PRIOR = -14.0
"""Without its escapes seven-bit text is as unlikely as a rare misreading."""
_CASES: tuple[Literal["x"], Literal["X"]] = ("x", "X")
_ENCODINGS = ("utf-8", "gb18030", "big5")


@cache
def channels() -> tuple[tuple[Escape, float], ...]:
    """Return the channels that need nothing but what was seen, each with its log2 prior."""
    return (*((escape, _ESCAPE_PRIOR) for escape in _escapes()), (SevenBit(), _BARE_PRIOR))


def _escapes() -> Iterator[Escape]:
    yield from (
        Reference("decimal"),
        Reference("hex"),
        Reference("HEX"),
        Again("&"),
        Again("&", 2),
        Again("%"),
        Again("\\"),
    )
    yield from (Backslash(prefix, case) for prefix in ("\\u", "%u", "u") for case in _CASES)
    yield from (ByteEscape(encoding, form) for encoding in _ENCODINGS for form in (*_CASES, "octal"))
    yield from (Printed(encoding) for encoding in _ENCODINGS)
    yield from (Percent(encoding, case) for encoding in _ENCODINGS for case in _CASES)
    yield from (Percent(encoding, case, "kept") for encoding in _ENCODINGS for case in _CASES)
    yield from (SevenBit("~{", "~}"), SevenBit("{", "}"), SevenBit("$)A"), SevenBit("$)A", "$)B"))
    yield from (Iso2022Cn("\x1b"), Iso2022Cn(""), Utf7(), Punycode())
    yield from (Digits(encoding, case) for encoding in ("utf-16-be", "utf-16-le", *_ENCODINGS) for case in _CASES)


@cache
def _inline() -> tuple[Escape, ...]:
    """Return the escapes that a reader cannot take for anything else, however few."""
    return tuple(
        escape for escape, _ in channels() if isinstance(escape, Reference | Again | Backslash | Percent | Punycode)
    )


def may_hold_escapes(seen: str) -> bool:
    r"""Say whether there is a run of ASCII signs that is long enough for the shortest escape, such as ``\346``."""
    return _SHORTEST.search(seen) is not None


def propose(seen: str) -> Iterator[Proposal]:
    """Yield what takes more than the seen text to write again; its places are settled."""
    if may_hold_escapes(seen):
        yield from messages.propose(seen)
        yield from inline.propose(seen, _inline())
    yield from marks.propose(seen)
