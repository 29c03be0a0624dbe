"""Chinese text in seven bits: HZ (RFC 1843), ISO-2022-CN (RFC 1922), UTF-7 (RFC 2152), and what is left of them.

In HZ and ISO-2022-CN a hanzi of GB 2312 is two printable ASCII characters, its bytes without their high bits; escapes
say where such pairs begin and end. Where the escapes are lost, only the language model tells the pairs from other text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from repair.channel import Candidate, Cuts, UndamageableError
from repair.escapes.running import HANZI, Spot, convincing, cuts_by_character, hanzi_in, replayed, running_lines

_HIGH = 0x80
_PAIR = "[!-w][!-~]"
_NOTHING = re.compile(r"(?!)")
_TOKEN = re.compile(r"(?<![!-~])[!-~]{12,}(?![!-~])")
# The first halves of GB 2312's punctuation and level 1, which make up nearly all of modern text.
_COMMON = re.compile("[!#0-W]")
_COMMON_SHARE = 0.7
_FEWEST_BARE, _FEWEST_MARKED = 6, 2
_SURE = 40.0


@dataclass(frozen=True, slots=True)
class SevenBit:
    """Characters of GB 2312 as pairs of seven-bit bytes between two marks; the marks of HZ are ``~{`` and ``~}``.

    Marks without the tilde, the designation of ISO-2022-CN without its escape, or no marks at all: what programs leave
    that drop what they do not know.

    >>> SevenBit("~{", "~}").damage("数据")
    '~{J}>]~}'
    """

    kind: ClassVar[str] = "seven-bit"
    opening: str = ""
    closing: str = ""

    def damage(self, text: str) -> str:
        """Write all of a text as pairs; raise `UndamageableError` for what GB 2312 lacks, ASCII included."""
        return self.opening + _pairs(text) + self.closing

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read a slice that begins and ends with the marks."""
        inner = seen[len(self.opening) : len(seen) - len(self.closing)]
        text = _unpaired(inner) if len(seen) > len(self.opening) + len(self.closing) else None
        if text:
            yield from replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield slices between the marks; without an opening mark, words that read as Chinese and as nothing else."""
        if not self.opening:
            yield from _bare(seen)
            return
        behind = re.escape(self.closing) if self.closing else "(?![!-~])"
        pattern = re.compile(f"(?<![!-~]){re.escape(self.opening)}(?:{_PAIR})+?{behind}")
        if self.opening == "~{":
            pattern = re.compile(f"~{{(?:{_PAIR})+?~}}")
        found = [
            Spot(match.span(), line, candidate.text)
            for line in running_lines(seen, self.opening, _NOTHING)
            for match in pattern.finditer(seen, *line)
            for candidate in self.undo(match.group())
            if self.opening == "~{" or hanzi_in(candidate.text) >= _FEWEST_MARKED
        ]
        yield from convincing(seen, found, announced=self.opening == "~{")

    def align(self, text: str, seen: str) -> Cuts:
        """Cut after each pair."""
        inner = cuts_by_character(text, lambda _: 2)
        last = len(text)
        shifted = ((a, b + len(self.opening)) for a, b in inner[1:-1])
        return ((0, 0), *shifted, (last, len(seen)))

    def describe(self) -> str:
        """Name what is left of the marks."""
        if (self.opening, self.closing) == ("~{", "~}"):
            return "HZ"
        marks = f"between {self.opening!r} and {self.closing!r}" if self.opening else "without any escapes"
        return f"GB 2312 in seven bits {marks}"


def _bare(seen: str) -> Iterator[tuple[int, int]]:
    """Yield words that are pairs of seven-bit bytes, beyond doubt; one sign may follow the last pair."""
    found: list[Spot] = []
    for match in _TOKEN.finditer(seen):
        word = match.group()[: len(match.group()) // 2 * 2]
        leads = word[::2]
        if "://" in word or len(_COMMON.findall(leads)) < _COMMON_SHARE * len(leads):
            continue
        text = _unpaired(word)
        if text and hanzi_in(text) >= _FEWEST_BARE:
            span = match.start(), match.start() + len(word)
            found.append(Spot(span, span, text))
    yield from convincing(seen, found, _SURE)


def _pairs(text: str) -> str:
    try:
        data = text.encode("gb2312")
    except UnicodeError as error:
        raise UndamageableError(f"{text[:20]!r} does not exist in GB 2312") from error
    if len(data) != 2 * len(text):
        raise UndamageableError("ASCII between the pairs")
    return bytes(byte - _HIGH for byte in data).decode()


def _unpaired(pairs: str) -> str | None:
    try:
        return bytes(byte + _HIGH for byte in pairs.encode("ascii")).decode("gb2312")
    except (UnicodeError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Iso2022Cn:
    r"""ISO-2022-CN (RFC 1922) read as ASCII: shift out, pairs, shift in, GB 2312 designated on each line that needs it.

    ``escape`` is U+001B, or empty where a program dropped it. Python has no such codec.

    >>> Iso2022Cn("").damage("a数据")
    'a$)A\x0eJ}>]\x0f'
    """

    kind: ClassVar[str] = "iso-2022-cn"
    escape: str = "\x1b"

    def damage(self, text: str) -> str:
        """Write every line; raise `UndamageableError` for what GB 2312 lacks."""
        return "\n".join(map(self._line, text.split("\n")))

    def _line(self, line: str) -> str:
        """Shift out before each run beyond ASCII and in behind it."""
        if re.search("[\x0e\x0f\x1b]", line):
            raise UndamageableError("controls that would read as shifts")
        shifted = re.sub("[^\x00-\x7f]+", lambda match: f"\x0e{_pairs(match.group())}\x0f", line)
        return shifted.replace("\x0e", f"{self.escape}$)A\x0e", 1)

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read lines with shifts."""
        bare = seen.replace(f"{self.escape}$)A\x0e", "\x0e")
        try:
            text = re.sub("\x0e([!-~]+)\x0f", lambda match: _unpaired(match[1]) or "\x0e", bare)
        except ValueError:
            return
        if text != seen and "\x0e" not in text:
            yield from replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield the lines with shifts."""
        for start, end in running_lines(seen, "\x0e", _NOTHING):
            if any(hanzi_in(candidate.text) for candidate in self.undo(seen[start:end])):
                yield start, end

    def align(self, text: str, seen: str) -> Cuts:
        """Cut at the ends: shifts belong to no character."""
        return ((0, 0), (len(text), len(seen)))

    def describe(self) -> str:
        """Say whether the escape is there."""
        return "ISO-2022-CN" + ("" if self.escape else " without its escapes")


@dataclass(frozen=True, slots=True)
class Utf7:
    """UTF-7 read as ASCII: ``+ZXBjbg-``, written as Python writes it.

    >>> Utf7().damage("数据")
    '+ZXBjbg-'
    """

    kind: ClassVar[str] = "utf-7"

    def damage(self, text: str) -> str:
        """Write the text."""
        return text.encode("utf-7").decode()

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Read strictly."""
        try:
            text = seen.encode("ascii").decode("utf-7")
            text.encode()
        except UnicodeError:
            return
        if text != seen:
            yield from replayed(self, text, seen)

    def spans(self, seen: str) -> Iterator[tuple[int, int]]:
        """Yield runs of base64 behind ``+`` that are Chinese text and nothing else; a sign or line end may close them.

        A line that has such a run is yielded as a whole where all of it is UTF-7: behind a digit a run begins too.
        """
        for start, end in running_lines(seen, "+", _NOTHING):
            line = start, end + seen.startswith("\n", end)
            found = [
                Spot(match.span(), line, candidate.text)
                for match in _BASE64.finditer(seen, *line)
                for candidate in self.undo(match.group())
                if _CHINESE.fullmatch(candidate.text)
            ]
            spans = list(convincing(seen, found)) if found else []
            whole = spans and any(_TEXT.fullmatch(one.text) for one in self.undo(seen[slice(*line)]))
            yield from [line] if whole else spans

    def align(self, text: str, seen: str) -> Cuts:
        """Cut at the ends: characters share digits."""
        return ((0, 0), (len(text), len(seen)))

    def describe(self) -> str:
        """Name it."""
        return "UTF-7"


_BASE64 = re.compile(r"(?<![A-Za-z0-9+/])\+[A-Za-z0-9+/]{5,}(?:-|[ -*,.:-@\[-`{-~\n])")
_CHINESE = re.compile(f"[{HANZI}\u3001-\u301f\uff01-\uff65“”‘’—…·]{{2,}}[ -~\n]?")
_TEXT = re.compile(f"[{HANZI}\u3001-\u301f\uff01-\uff65“”‘’—…· -~]+\n?")
