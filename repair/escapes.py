"""Characters written out as escapes and never read back: references, backslashes, percent signs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar, Literal

from repair.channel import Candidate, Cuts, UndamageableError

MAXIMUM = 0x10FFFF
# A reference with these beside it stands in markup, an escape in a literal or a path: text that means what it says.
_MARKUP = re.compile(r"<[A-Za-z/!]")
_CODE = re.compile(r"""["'`{}\[\]=;<>]|\\[nrtx"'\\]""")
_URL = re.compile(r"[A-Za-z][A-Za-z+.-]*://|www\.|[/?&=#]|\]\(")


@dataclass(frozen=True, slots=True)
class Reference:
    """Every character written as a numeric character reference (HTML): ``&#25968;``, ``&#x6570;``.

    >>> Reference("decimal").damage("数据")
    '&#25968;&#25454;'
    """

    kind: ClassVar[str] = "reference"
    form: Literal["decimal", "hex", "HEX"]

    def damage(self, text: str) -> str:
        """Write every character as a reference."""
        return "".join(self._write(ord(character)) for character in text)

    def _write(self, code: int) -> str:
        return f"&#{code};" if self.form == "decimal" else f"&#x{code:{'x' if self.form == 'hex' else 'X'}};"

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read a run of references."""
        codes = [self._read(match) for match in re.findall(r"&#([xX]?[0-9A-Fa-f]{1,7});", seen)]
        if codes and all(0 < code <= MAXIMUM for code in codes):
            yield from _replayed(self, "".join(map(chr, codes)), seen)

    def _read(self, digits: str) -> int:
        try:
            return int(digits) if self.form == "decimal" else int(digits.lstrip("xX"), 16)
        except ValueError:
            return 0

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the runs of references, none in markup, whose references are its own."""
        digits = r"[0-9]{2,7}" if self.form == "decimal" else r"x[0-9a-fA-F]{2,6}"
        if "&#" in seen and not _MARKUP.search(seen):
            yield from (match.span() for match in re.finditer(f"(?:&#{digits};)+", seen))

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each reference."""
        return _cuts_by_character(text, lambda character: len(self._write(ord(character))))

    def describe(self) -> str:
        """Name the form."""
        return f"written as {'decimal' if self.form == 'decimal' else 'hexadecimal'} character references"


@dataclass(frozen=True, slots=True)
class Ampersand:
    """Every ``&`` written as ``&amp;``: text escaped once too often."""

    kind: ClassVar[str] = "ampersand"

    def damage(self, text: str) -> str:
        """Escape every ampersand."""
        return text.replace("&", "&amp;")

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Take one layer of escaping away; none where an ampersand stands unescaped."""
        text = seen.replace("&amp;", "&")
        if text != seen:
            yield from _replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the runs of doubly escaped references, none in markup."""
        if "&amp;#" in seen and not _MARKUP.search(seen):
            yield from (match.span() for match in re.finditer(r"(?:&amp;#[xX]?[0-9A-Fa-f]{2,7};)+", seen))

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each character."""
        return _cuts_by_character(text, lambda character: 5 if character == "&" else 1)

    def describe(self) -> str:
        """Name the escape."""
        return "ampersands escaped once more"


@dataclass(frozen=True, slots=True)
class Backslash:
    r"""Every character written as ``\uXXXX`` (JSON, Java, JavaScript), those outside the BMP as surrogate pairs.

    ``prefix`` is ``\u``, or ``%u`` for the old JavaScript ``escape()``.

    >>> Backslash("\\u", "x").damage("数据")
    '\\u6570\\u636e'
    """

    kind: ClassVar[str] = "backslash"
    prefix: str
    case: Literal["x", "X"]

    def damage(self, text: str) -> str:
        """Write every UTF-16 code unit as an escape."""
        units = text.encode("utf-16-be", "surrogatepass")
        return "".join(
            f"{self.prefix}{int.from_bytes(units[at : at + 2]):04{self.case}}" for at in range(0, len(units), 2)
        )

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read a run of escapes; a lone surrogate is no character."""
        digits = re.findall(re.escape(self.prefix) + r"([0-9A-Fa-f]{4})", seen)
        try:
            text = bytes.fromhex("".join(digits)).decode("utf-16-be")
        except UnicodeDecodeError:
            return
        if text:
            yield from _replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the runs of escapes on lines that do not look like source code."""
        for line in _lines_without(_CODE, self.prefix, seen):
            pattern = f"(?:{re.escape(self.prefix)}[0-9A-Fa-f]{{4}})+"
            yield from (match.span() for match in re.compile(pattern).finditer(seen, *line))

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each character."""
        return _cuts_by_character(text, lambda character: len(character.encode("utf-16-be", "surrogatepass")) * 3)

    def describe(self) -> str:
        """Name the escape."""
        return f"written as {self.prefix}XXXX escapes"


@dataclass(frozen=True, slots=True)
class Percent:
    """Every byte of a text written as ``%XX`` (RFC 3986, section 2.1), the text encoded in ``encoding``.

    >>> Percent("utf-8", "X").damage("数")
    '%E6%95%B0'
    """

    kind: ClassVar[str] = "percent"
    encoding: str
    case: Literal["x", "X"]

    def damage(self, text: str) -> str:
        """Write every byte as an escape; raise `UndamageableError` where the encoding refuses the text."""
        try:
            return "".join(f"%{byte:02{self.case}}" for byte in text.encode(self.encoding))
        except UnicodeError as error:
            raise UndamageableError(f"{text[:20]!r} does not exist in {self.encoding}") from error

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read a run of escapes."""
        try:
            text = bytes.fromhex("".join(re.findall(r"%([0-9A-Fa-f]{2})", seen))).decode(self.encoding)
        except UnicodeError:
            return
        if text:
            yield from _replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the runs of escapes on lines that hold no address."""
        for line in _lines_without(_URL, "%", seen):
            yield from (match.span() for match in re.compile(r"(?:%[0-9A-Fa-f]{2}){2,}").finditer(seen, *line))

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each character."""
        return _cuts_by_character(text, lambda character: 3 * len(character.encode(self.encoding)))

    def describe(self) -> str:
        """Name the encoding."""
        return f"percent-encoded {self.encoding.upper()}"


def _replayed(channel: Reference | Ampersand | Backslash | Percent, text: str, seen: str) -> Iterator[Candidate]:
    """Yield the text if it replays: another case of a digit or a stray character between is another damage."""
    try:
        if channel.damage(text) == seen:
            yield Candidate(text, ())
    except (UndamageableError, UnicodeError):
        return


def _lines_without(unwanted: re.Pattern[str], wanted: str, seen: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines that hold ``wanted`` and, but for the escapes themselves, nothing ``unwanted``."""
    for match in re.finditer(r"[^\n]+", seen):
        if wanted in match.group() and not unwanted.search(match.group()):
            yield match.span()


def _cuts_by_character(text: str, width: Callable[[str], int]) -> Cuts:
    """Cut after each character, given how wide each is written."""
    return tuple(enumerate(accumulate(map(width, text), initial=0)))
