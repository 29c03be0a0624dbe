"""Host names in punycode (RFC 3492) in running Chinese text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from repair.channel import Candidate, Cuts, UndamageableError
from repair.escapes.running import HANZI, hanzi_in, replayed, running_lines

_HOST = re.compile(
    r"(?<![A-Za-z0-9_@/.:%=&?-])(?:[a-z0-9-]{1,63}\.)*xn--[a-z0-9-]{2,59}(?:\.[a-z0-9-]{1,63})*(?![A-Za-z0-9_@/:%=&?-])"
)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z+.-]*://|@|[<>{}\[\]=;`\"']")
_HANZI = re.compile(f"[{HANZI}]")


@dataclass(frozen=True, slots=True)
class Punycode:
    """The labels of a host name that are not ASCII written in punycode behind ``xn--``.

    >>> Punycode().damage("www.数据库.com")
    'www.xn--dxty1ibyb.com'
    """

    kind: ClassVar[str] = "punycode"

    def damage(self, text: str) -> str:
        """Write every label; raise `UndamageableError` where one is too long or begins with ``xn--`` itself."""
        return ".".join(map(_written, text.split(".")))

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read the labels."""
        try:
            text = ".".join(map(_read, seen.split(".")))
        except (UnicodeError, ValueError, OverflowError):
            return
        if text != seen:
            yield from replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield hosts with hanzi in them on lines of Chinese text that hold no address and do not speak of domains."""
        for line in running_lines(seen, "xn--", _ADDRESS):
            if _HANZI.search(seen, *line):
                for match in _HOST.finditer(seen, *line):
                    if any(hanzi_in(candidate.text) for candidate in self.undo(match.group())):
                        yield match.span()

    def align(self, text: str, seen: str) -> Cuts:
        """Cut at the ends: the digits of a label stand for all of it."""
        return ((0, 0), (len(text), len(seen)))

    def describe(self) -> str:
        """Name it."""
        return "host names in punycode"


def _written(label: str) -> str:
    if label.isascii():
        if label.startswith("xn--"):
            raise UndamageableError("a label that is punycode already")
        return label
    return "xn--" + label.encode("punycode").decode()


def _read(label: str) -> str:
    return label.removeprefix("xn--").encode().decode("punycode") if label.startswith("xn--") else label
