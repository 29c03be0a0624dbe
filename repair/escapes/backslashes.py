"""Escapes of programming languages that reached a text: code units, bytes, and whole byte strings as printed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from repair.channel import Candidate, Cuts, UndamageableError
from repair.escapes.running import (
    CODE,
    Spot,
    convincing,
    cuts_by_character,
    hanzi_in,
    replayed,
    running_lines,
    runs,
    stands_elsewhere,
)
from repair.misreading import encoding_name

# CODE without the escapes themselves; git prints names of files with octal escapes in double quotes.
# A call has a name before its bracket; text has brackets too. Signs behind an escape are trail bytes of GBK and Big5.
_CODE_OF_BYTES = re.compile(r"""["'=;<>]|(?<!\\x..)(?:[`{}\[\]]|(?<=\w)\()|\\[nrtu"'\\]""")
_CODE_OF_OCTAL = re.compile(r"""['=;<>]|(?<!\\...)(?:[`{}\[\]]|(?<=\w)\()|\\[nrtux"'\\]""")
_CODE_OF_STRINGS = re.compile(r"[`{}\[\]=;<>(),]")
_BARE = r"u(?:[4-9][0-9a-fA-F]{3}|30[0-9a-fA-F]{2}|[fF]{2}[0-6][0-9a-fA-F])"
_ASCII_UNIT = "u00(?:0[9aAdD]|[2-7][0-9a-fA-F])"
_FEWEST = 4
_SURE = 40.0


@dataclass(frozen=True, slots=True)
class Backslash:
    r"""Every character written as ``\uXXXX`` (JSON, Java, JavaScript), those outside the BMP as surrogate pairs.

    ``prefix`` is ``\u``, ``%u`` for the old JavaScript ``escape()``, or ``u`` alone where a program took the
    backslashes away.

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
        yield from replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the runs of escapes on lines that do not look like source code."""
        lines = running_lines(seen, self.prefix, CODE)
        if self.prefix == "u":
            several = rf"(?:(?:{_ASCII_UNIT})*{_BARE}){{{_FEWEST},}}(?:{_ASCII_UNIT})*"
            pattern = re.compile(rf"(?<![0-9A-Za-z\\%]){several}(?![0-9A-Za-z])")
            yield from (match.span() for line in lines for match in pattern.finditer(seen, *line))
        else:
            yield from runs(rf"(?<!\\){re.escape(self.prefix)}[0-9A-Fa-f]{{4}}", seen, lines)

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each character."""
        width = len(self.prefix) + 4
        return cuts_by_character(text, lambda one: len(one.encode("utf-16-be", "surrogatepass")) // 2 * width)

    def describe(self) -> str:
        """Name the escape."""
        return f"written as {self.prefix}XXXX escapes"


@dataclass(frozen=True, slots=True)
class ByteEscape:
    r"""Every byte beyond ASCII written as ``\xE6`` or, octal, as ``\346``; ASCII stays, a backslash is not met.

    >>> ByteEscape("utf-8", "octal").damage("数")
    '\\346\\225\\260'
    """

    kind: ClassVar[str] = "byte-escape"
    encoding: str
    form: Literal["x", "X", "octal"]

    def damage(self, text: str) -> str:
        """Write the bytes; raise `UndamageableError` for a backslash, and where the encoding refuses the text."""
        try:
            data = text.encode(self.encoding)
        except UnicodeError as error:
            raise UndamageableError(f"{text[:20]!r} does not exist in {self.encoding}") from error
        if b"\\" in data:
            raise UndamageableError("a backslash would read as an escape")
        return "".join(map(self._write, data))

    def _write(self, byte: int) -> str:
        if byte < 0x80:  # noqa: PLR2004 - ASCII
            return chr(byte)
        return f"\\{byte:03o}" if self.form == "octal" else f"\\x{byte:02{self.form}}"

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read the escapes of a slice that holds only these and ASCII."""
        unit = r"\\([0-7]{3})" if self.form == "octal" else r"\\x([0-9A-Fa-f]{2})"
        base = 8 if self.form == "octal" else 16
        try:
            data = re.sub(unit, lambda match: chr(int(match.group(1), base)), seen).encode("latin-1")
            text = data.decode(self.encoding)
        except UnicodeError:
            return
        if text != seen:
            yield from replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield runs of escapes on lines that do not look like source code.

        In GBK and Big5 a trail byte may be ASCII; at the end of a run it belongs to it where the number is odd.
        """
        octal = self.form == "octal"
        unit = r"\\[23][0-7]{2}" if octal else r"\\x[89a-fA-F][0-9a-fA-F]"
        trail = "" if self.encoding == "utf-8" else r"[@-\[\]-~]?"
        pattern = re.compile(f"(?:{unit}{trail})*{unit}{unit}{trail}(?:{unit}{trail})*")
        found: list[Spot] = []
        for line in running_lines(seen, "\\" if octal else "\\x", _CODE_OF_OCTAL if octal else _CODE_OF_BYTES):
            for match in pattern.finditer(seen, *line):
                start, end = match.span()
                whole = any(self.undo(match.group()))
                end -= not whole and trail != ""
                found += [Spot((start, end), line, candidate.text) for candidate in self.undo(seen[start:end])]
        yield from convincing(seen, found, encoding=self.encoding, announced=True)

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each character."""
        return cuts_by_character(text, lambda one: sum(len(self._write(byte)) for byte in one.encode(self.encoding)))

    def describe(self) -> str:
        """Name the encoding and the form."""
        form = r"\346" if self.form == "octal" else r"\xE6"
        return f"the bytes of {encoding_name(self.encoding)} written as {form} escapes"


@dataclass(frozen=True, slots=True)
class Printed:
    r"""A byte string as Python prints it: ``b'\xe6\x95\xb0'``.

    >>> Printed("utf-8").damage("数\n")
    "b'\\xe6\\x95\\xb0\\n'"
    """

    kind: ClassVar[str] = "printed"
    encoding: str

    def damage(self, text: str) -> str:
        """Print the bytes; raise `UndamageableError` where the encoding refuses the text."""
        try:
            return repr(text.encode(self.encoding))
        except UnicodeError as error:
            raise UndamageableError(f"{text[:20]!r} does not exist in {self.encoding}") from error

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read a literal."""
        try:
            data = ast.literal_eval(seen) if seen.startswith(("b'", 'b"')) else b""
            text = data.decode(self.encoding) if isinstance(data, bytes) else ""
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return
        yield from replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield literals that hold Chinese text, on lines that hold no source code beside them."""
        found = [
            Spot(match.span(), line, candidate.text)
            for line in running_lines(seen, "\\x", re.compile(r"(?!)"))
            for match in _LITERAL.finditer(seen, *line)
            if not _CODE_OF_STRINGS.search(seen[line[0] : match.start()] + seen[match.end() : line[1]])
            for candidate in self.undo(match.group())
            if hanzi_in(candidate.text) >= _FEWEST and not stands_elsewhere(candidate.text, seen, *match.span())
        ]
        yield from convincing(seen, found, _SURE, self.encoding)

    def align(self, text: str, seen: str) -> Cuts:
        """Cut at the ends: how a quote is written depends on the others."""
        return ((0, 0), (len(text), len(seen)))

    def describe(self) -> str:
        """Name the encoding."""
        return f"a byte string in {encoding_name(self.encoding)}, as Python prints it"


_LITERAL = re.compile(r"(?<!\w)b(?:'(?:[^'\\\n]|\\[^\n])*'|\"(?:[^\"\\\n]|\\[^\n])*\")")
