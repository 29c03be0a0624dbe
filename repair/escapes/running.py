"""What escapes share: where they stand in running text, and how a text lines up with them.

An escape in source code, markup, an address or a text about encodings means what it says; elsewhere it is a character
that was never read back.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol

from repair.channel import Candidate, Cuts, UndamageableError
from repair.language import load

MARKUP = re.compile(r"<[A-Za-z/!]")
CODE = re.compile(r"""["'`{}\[\]=;<>]|\\[nrtx"'\\]""")
URL = re.compile(r"[A-Za-z][A-Za-z+.-]*://|www\.|[/?&=#]|\]\(")
_TOPIC = re.compile(
    "乱码|亂碼|文字化け|mojibake|garbled|charset|encod|decod|escap|编码|編碼|解码|解碼|转义|轉義|转码|内码|字符集|字元集"
    r"|Unicode|\bUTF\b|\bUTF-?\d|\bUCS|\bGB ?K\b|\bGB ?2312|\bGB ?18030|\bBig-?5|\bHZ\b|base-?64|quoted-printable"
    r"|punycode|域名|domain|U\+[0-9A-F]{4}",
    re.IGNORECASE,
)
HANZI = "\u3400-\u9fff"
_HANZI = re.compile(f"[{HANZI}]")
_BESIDE = re.compile(f"[{HANZI}\u3001-\u301f\uff01-\uff65“”‘’—…·]")
_DEAREST, _FIRST_BITS = 10.5, 20.0
"""Bits a character that an unescaped text may cost on average, and all of it besides: modern Chinese costs 5-9, the
hanzi that come out of a hash or of a table of codes 13 and more."""
_UTF_8_BITS = 4.0
"""Bits more that each hanzi may cost whose bytes are UTF-8: three bytes at random are once in 256 times."""


class Undone(Protocol):
    """What `replayed` needs of a channel."""

    def damage(self, text: str) -> str:
        """Return what the channel makes of a text."""
        ...


def replayed(channel: Undone, text: str, seen: str) -> Iterator[Candidate]:
    """Yield the text if it replays: another case of a digit or a stray character between is another damage."""
    try:
        if text and channel.damage(text) == seen:
            yield Candidate(text, ())
    except (UndamageableError, UnicodeError):
        return


def cuts_by_character(text: str, width: Callable[[str], int]) -> Cuts:
    """Cut after each character, given how wide each is written."""
    return tuple(enumerate(accumulate(map(width, text), initial=0)))


def running_lines(seen: str, wanted: str, unwanted: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of lines that hold ``wanted``, nothing ``unwanted``, and do not speak of encodings.

    Nor does a line before them that ends in a colon: what follows it is an example.
    """
    if wanted not in seen:
        return
    before = ""
    for match in re.finditer(r"[^\n]+", seen):
        line = match.group()
        introduced = before.rstrip().endswith((":", "：")) and speaks_of_encodings(before)
        if wanted in line and not unwanted.search(line) and not speaks_of_encodings(line) and not introduced:
            yield match.span()
        before = line if line.strip() else before


def speaks_of_encodings(line: str) -> bool:
    """Say whether a line names encodings or escapes: what looks escaped there is an example."""
    return bool(_TOPIC.search(line))


def runs(unit: str, seen: str, lines: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the runs of an escape on these lines.

    An escape alone, with no hanzi beside it and no longer run on its line, stands in a table of codes.
    """
    one, several = re.compile(unit), re.compile(f"(?:{unit})+")
    for start, end in lines:
        found = [match.span() for match in several.finditer(seen, start, end)]
        long = any(_more_than_one(one, seen, span) for span in found)
        yield from (span for span in found if long or beside_hanzi(seen, *span))


def _more_than_one(one: re.Pattern[str], seen: str, span: tuple[int, int]) -> bool:
    match = one.match(seen, *span)
    return match is not None and match.end() < span[1]


def beside_hanzi(seen: str, start: int, end: int) -> bool:
    """Say whether Chinese text touches a slice."""
    return any(_BESIDE.match(character) for character in seen[max(start - 1, 0) : start] + seen[end : end + 1])


def hanzi_in(text: str) -> int:
    """Count the distinct hanzi of a text."""
    return len(set(_HANZI.findall(text)))


class Reading(NamedTuple):
    """What an escape may mean, what was seen, and the encoding of the bytes that were escaped, empty for none."""

    text: str
    seen: str
    encoding: str = ""


class Spot(NamedTuple):
    """A slice of a text that may be an escape, the line that it stands on, and what it means."""

    span: tuple[int, int]
    line: tuple[int, int]
    text: str


def read_as_chinese(readings: Sequence[Reading], gain: float) -> list[bool]:
    """Say of each reading whether it reads as Chinese and gains so many bits on what was seen."""
    bits = load().log_probabilities([item for one in readings for item in (one.text, one.seen)]).tolist()
    return [
        -bits[2 * at] <= _dearest(one) and bits[2 * at] - bits[2 * at + 1] >= gain for at, one in enumerate(readings)
    ]


def _dearest(reading: Reading) -> float:
    proof = _UTF_8_BITS * len(_HANZI.findall(reading.text)) if reading.encoding == "utf-8" else 0.0
    return _DEAREST * len(reading.text) + _FIRST_BITS + proof


def convincing(
    seen: str, spots: Sequence[Spot], gain: float = 0.0, encoding: str = "", *, announced: bool = False
) -> Iterator[tuple[int, int]]:
    """Yield the spans of the spots that read as Chinese; ``announced``: and of the others on a line with one."""
    read = read_as_chinese([Reading(spot.text, seen[slice(*spot.span)], encoding) for spot in spots], gain)
    good = {spot for spot, well in zip(spots, read, strict=True) if well and hanzi_in(spot.text)}
    shown = {spot.line for spot in good if announced}
    yield from (spot.span for spot in spots if spot in good or spot.line in shown)


def stands_elsewhere(text: str, seen: str, start: int, end: int) -> bool:
    """Say whether the unescaped text stands beside its escapes: a table or an explanation."""
    return text in seen[max(start - 4 * len(text) - 20, 0) : start] or text in seen[end : end + 4 * len(text) + 20]
