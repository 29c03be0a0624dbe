"""Letters turned to one case among the bytes of Chinese text: what each may have been, the language model decides."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product

from repair.bytewise.channels import Cased
from repair.bytewise.mended import Mended
from repair.bytewise.reading import DEAR, bits_of, excess_of, loss_of, shares, worst_stretch
from repair.channel import Loss, UndamageableError
from repair.escapes.running import HANZI, hanzi_in
from repair.language import load

Unit = tuple[str, ...]
"""What a slice of the seen text may have been, the slice itself first where it is among that."""

_WRONG = ("latin-1", "sloppy-windows-1252")
_ORIGINALS = ("gbk", "utf-8", "big5")
_RUN = re.compile(
    "[\x80-\xff\u0152\u0153\u0160\u0161\u017d\u017e\u0178\u0192\u02c6\u02dc\u039c\u2013-\u203a\u20ac\u2122]"
    "[ -~\x80-\xff\u0152\u0153\u0160\u0161\u017d\u017e\u0178\u0192\u02c6\u02dc\u039c\u2013-\u203a\u20ac\u2122]{6,}"
)
_LINE = re.compile(f"[^\n]*[{HANZI}]{{6}}[^\n]*")
_LONGEST = 400
_BEAM = 12
_FEWEST = 4
_SURE = 30.0
_DEAREST, _EDGES = 8.5, 16.0
_AROUND = 4


def misread(seen: str) -> Iterator[Mended]:
    """Yield runs of GBK, Big5 and UTF-8 read in Latin-1 or Windows-1252, then turned to lower or upper case."""
    for match in _RUN.finditer(seen):
        run = match.group()[:_LONGEST]
        for original, wrong, case in product(_ORIGINALS, _WRONG, ("lower", "upper")):
            turned = run.lower() if case == "lower" else run.upper()
            if turned == run:
                channel = Cased(original, wrong, case)  # type: ignore[arg-type] # product() forgets the literals
                yield from _mended(match.start(), run, channel, _units(run, channel))


def turned(seen: str) -> Iterator[Mended]:
    """Yield lines of Big5 and GBK that were read rightly after their bytes were turned to lower case."""
    excess = excess_of(seen)
    for match in _LINE.finditer(seen):
        line = match.group()
        dear = worst_stretch(excess[match.start() : match.end()])[2] >= DEAR
        if dear and len(line) <= _LONGEST and line.lower() == line:
            for encoding in ("big5", "gbk"):
                channel = Cased(encoding, encoding, "lower")
                units = [_trail_forms(character, encoding) for character in line]
                if all(units) and any(len(unit) > 1 for unit in units):
                    yield from _mended(match.start(), line, channel, units)


def _mended(start: int, run: str, channel: Cased, units: Sequence[Unit] | None) -> Iterator[Mended]:
    """Choose the likeliest of all units; every unit with a choice is a loss."""
    if not units or not all(units):
        return
    text = _likeliest(units)
    cost, found = bits_of([text, run])
    choices = sum(len(unit).bit_length() - 1 for unit in units)
    good = found - cost - choices >= _SURE and cost <= _DEAREST * len(text) + _EDGES and hanzi_in(text) >= _FEWEST
    if good and _replays(channel, text, run):
        yield Mended(start, start + len(run), text, channel, tuple(_losses(text, units)))


def _replays(channel: Cased, text: str, run: str) -> bool:
    """Say whether the channel makes of the text what was seen, and the same misreading without it does not."""
    try:
        return channel.damage(text) == run != text.encode(channel.original).decode(channel.wrong)
    except UndamageableError:
        return False


def _likeliest(units: Sequence[Unit]) -> str:
    """Return the likeliest text, one of each unit, by a beam search."""
    beam = [(0.0, "")]
    for unit in units:
        steps = [(bits, text, one) for bits, text in beam for one in unit]
        costs = load().conditional([(text[-2:], one) for _, text, one in steps]).tolist()
        grown = [(bits - cost, text + one) for (bits, text, one), cost in zip(steps, costs, strict=True)]
        beam = sorted(grown)[:_BEAM]
    return beam[0][1]


def _losses(text: str, units: Sequence[Unit]) -> Iterator[Loss]:
    """Yield a loss for each unit with a choice, weighed with what surrounds it."""
    at = 0
    for unit in units:
        length = len(unit[0])
        if len(unit) > 1:
            before, after = text[max(at - _AROUND, 0) : at], text[at + length : at + length + _AROUND]
            yield loss_of(at, at + length, unit, shares(bits_of([before + one + after for one in unit])))
        at += length


def _units(run: str, channel: Cased) -> list[Unit] | None:
    """Divide a misread run into characters of the original encoding; None where it is none of that encoding."""
    forms = _forms(channel.wrong, channel.case)
    units: list[Unit] = []
    at = 0
    while at < len(run):
        width = 1 if run[at].isascii() else _width(forms.get(run[at], b""), channel.original)
        choices = [forms.get(character, b"") for character in run[at : at + width]]
        unit = (run[at],) if width == 1 else _decoded(choices, channel.original)
        if not unit or len(choices) < width or width == 0:
            return None
        units.append(unit)
        at += width
    return units


def _width(leads: bytes, original: str) -> int:
    """Return how many bytes a character takes, by what its first may be: in UTF-8 turning the case may tell a lie."""
    if original != "utf-8":
        return 2 if leads else 0
    return 3 if any(0xE0 <= lead <= 0xEF for lead in leads) else 2 if leads else 0  # noqa: PLR2004 - RFC 3629


def _decoded(choices: list[bytes], original: str) -> Unit:
    """Return the characters that the bytes may be, one of each choice."""
    found: list[str] = []
    for code in product(*choices):
        try:
            text = bytes(code).decode(original)
        except UnicodeDecodeError:
            continue
        if len(text) == 1:
            found.append(text)
    return tuple(dict.fromkeys(found))


@cache
def _forms(wrong: str, case: str) -> dict[str, bytes]:
    """Return for each character that a case leaves as it is the bytes that may have been it."""
    found: dict[str, bytes] = {}
    for byte in range(256):
        read = bytes([byte]).decode(wrong)
        shown = read.lower() if case == "lower" else read.upper()
        found[shown] = found.get(shown, b"") + bytes([byte])
    return found


@cache
def _trail_forms(character: str, encoding: str) -> Unit:
    """Return what a character may have been before its trail byte was turned to lower case; none where it cannot be."""
    if character.isascii():
        return (character,)
    try:
        code = character.encode(encoding)
    except UnicodeEncodeError:
        return ()
    if code.lower() != code:
        return ()
    return tuple(dict.fromkeys((character, *_decoded([code[:1], bytes({code[1], *code[1:].upper()})], encoding))))
