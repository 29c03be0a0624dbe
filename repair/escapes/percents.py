"""Percent-encoding (RFC 3986, section 2.1) outside addresses."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal
from urllib.parse import quote_from_bytes, unquote_to_bytes

from repair.channel import Candidate, Cuts, UndamageableError
from repair.escapes.running import URL, cuts_by_character, replayed, running_lines

_ESCAPE = "%[0-9A-Fa-f]{2}"
_LETTER = "[A-Za-z0-9_~]"
_RUN = re.compile(f"(?:{_ESCAPE}){{2,}}")
_MIXED = re.compile(f"(?:{_ESCAPE}|{_LETTER}(?={_ESCAPE})|(?<=%..){_LETTER})+")
_WORD = re.compile(f"(?:{_ESCAPE}|[A-Za-z0-9._~-])*%[89A-Fa-f][0-9A-Fa-f](?:{_ESCAPE}|[A-Za-z0-9._~-])*")
_ESCAPED_ASCII = re.compile("%[2-7][0-9A-Fa-f]")


@dataclass(frozen=True, slots=True)
class Percent:
    """The bytes of a text written as ``%XX``, the text encoded in ``encoding``.

    ``unreserved``: whether letters, digits and ``-._~`` are kept, also as trail bytes of GBK and Big5 (most programs),
    or are escaped as well.

    >>> Percent("utf-8", "X").damage("数")
    '%E6%95%B0'
    >>> Percent("gb18030", "X", "kept").damage("镕2")
    '%E9F2'
    """

    kind: ClassVar[str] = "percent"
    encoding: str
    case: Literal["x", "X"]
    unreserved: Literal["kept", "escaped"] = "escaped"

    def damage(self, text: str) -> str:
        """Write the bytes as escapes; raise `UndamageableError` where the encoding refuses the text."""
        try:
            data = text.encode(self.encoding)
        except UnicodeError as error:
            raise UndamageableError(f"{text[:20]!r} does not exist in {self.encoding}") from error
        if self.unreserved == "escaped":
            return "".join(f"%{byte:02{self.case}}" for byte in data)
        quoted = quote_from_bytes(data, safe="")
        return quoted if self.case == "X" else re.sub(_ESCAPE, lambda match: match.group().lower(), quoted)

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read a run of escapes."""
        try:
            text = unquote_to_bytes(seen).decode(self.encoding)
        except UnicodeError:
            return
        if text != seen:
            yield from replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the runs of escapes on lines that hold no address; with letters among them where those are kept."""
        pattern, told = self._pattern()
        for line in running_lines(seen, "%", URL):
            for match in pattern.finditer(seen, *line):
                if told(match.group()):
                    yield match.span()

    def _pattern(self) -> tuple[re.Pattern[str], Callable[[str], object]]:
        """Return what the runs look like, and what tells that one is no other damage than with all escaped."""
        if self.unreserved == "escaped":
            return _RUN, bool
        return (_WORD, _ESCAPED_ASCII.search) if self.encoding == "utf-8" else (_MIXED, _several)

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each character."""
        return cuts_by_character(text, lambda character: len(self.damage(character)))

    def describe(self) -> str:
        """Name the encoding."""
        return f"percent-encoded {self.encoding.upper()}"


def _several(run: str) -> bool:
    """Say whether a run has letters among its escapes: without, it is no other damage than with all escaped."""
    return run.count("%") > 1 and len(run) != 3 * run.count("%")
