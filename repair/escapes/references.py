"""Numeric character references of HTML, and signs that were escaped once more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from repair.channel import Candidate, Cuts
from repair.escapes.running import MARKUP, URL, cuts_by_character, replayed, running_lines, runs

_MAXIMUM = 0x10FFFF
_LITERAL = re.compile(r"[`{}\[\]<>]|[=:,(]\s*[\"']")


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
        if codes and all(0 < code <= _MAXIMUM for code in codes):
            yield from replayed(self, "".join(map(chr, codes)), seen)

    def _read(self, digits: str) -> int:
        try:
            return int(digits) if self.form == "decimal" else int(digits.lstrip("xX"), 16)
        except ValueError:
            return 0

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the runs of references in its own form, none in markup."""
        digits = r"[0-9]{2,7}" if self.form == "decimal" else r"x[0-9a-fA-F]{2,6}"
        if "&#" in seen and not MARKUP.search(seen):
            yield from runs(f"&#{digits};", seen, running_lines(seen, "&#", _LITERAL))

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each reference."""
        return cuts_by_character(text, lambda character: len(self._write(ord(character))))

    def describe(self) -> str:
        """Name the form."""
        return f"written as {'decimal' if self.form == 'decimal' else 'hexadecimal'} character references"


_SIGNS = {
    "&": ("&amp;", r"&(?:amp;)+#[xX]?[0-9A-Fa-f]{2,7};", MARKUP),
    "%": ("%25", r"%(?:25)+[0-9A-Fa-f]{2}", URL),
    "\\": ("\\\\", r"\\{2,}u[0-9A-Fa-f]{4}", re.compile(r"""["'`{}\[\]=;<>]""")),
}


@dataclass(frozen=True, slots=True)
class Again:
    r"""A sign that begins escapes, itself escaped once more: ``&`` as ``&amp;``, ``%`` as ``%25``, ``\`` as ``\\``.

    >>> Again("&").damage("&#25968;")
    '&amp;#25968;'
    """

    kind: ClassVar[str] = "again"
    sign: Literal["&", "%", "\\"]
    times: int = 1

    @property
    def written(self) -> str:
        """Return what the sign is written as."""
        plain: str = self.sign
        for _ in range(self.times):
            plain = plain.replace(self.sign, _SIGNS[self.sign][0])
        return plain

    def damage(self, text: str) -> str:
        """Escape every sign."""
        return text.replace(self.sign, self.written)

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Take one layer of escaping away; none where a sign stands unescaped."""
        text = seen.replace(self.written, self.sign)
        if text != seen:
            yield from replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the runs of doubly escaped characters, none in markup, addresses or source code."""
        _, unit, unwanted = _SIGNS[self.sign]
        written = self.written
        if written in seen and not (self.sign == "&" and MARKUP.search(seen)):
            yield from runs(unit, seen, running_lines(seen, written, unwanted))

    def align(self, text: str, seen: str) -> Cuts:  # noqa: ARG002 - the protocol's signature
        """Cut after each character."""
        return cuts_by_character(text, lambda character: len(self.written) if character == self.sign else 1)

    def describe(self) -> str:
        """Name the sign."""
        return f"{self.sign} escaped " + ("once more" if self.times == 1 else f"{self.times} times more")
