"""Bytes that went missing from GBK and Big5: where text goes bad to the next ASCII, the byte that brings it back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from repair.bytewise.channels import BACKSLASH, Missing
from repair.bytewise.mended import Mended
from repair.bytewise.reading import DEAR, bad_suffix, bits_of, excess_of, latest_bad, loss_of, shares, worst_stretch
from repair.channel import Loss, UndamageableError

_RUN = re.compile("[^\x00-\x7f\ufffd]{5,}\ufffd?")
_BACK, _FORTH = 3, 2
"""How far from where a run goes bad the byte may be missing: the model notices a character or two late."""
_SLACK = 8.0
"""Bits by which characters that are only a little dear may lie before that: a run goes bad where they end."""
_LOST_BITS = 24.0
"""What each missing byte must gain beyond the number of candidates: damage of this kind is rare."""
_PROMISING = 8.0
_DEAREST, _EDGES = 9.0, 24.0
_AROUND = 6
_LINE = re.compile(r"[^\n]*[^\x00-\x7f\n]{3}[^\n]*")
_LONGEST = 400
_MOST_STRIPPED = 12
_STRIPPED_BITS, _EACH_BITS = 24.0, 12.0
_ASCII = 0x80


def realigned(seen: str) -> Iterator[Mended]:
    """Yield the runs of GBK that one missing byte explains, with every byte that may have been there."""
    excess = excess_of(seen)
    for match in _RUN.finditer(seen):
        marked = match.group().endswith("\ufffd")
        run = match.group().removesuffix("\ufffd")
        own = excess[match.start() : match.start() + len(run)]
        first, dear = bad_suffix(own)
        if marked or (dear >= DEAR and len(run) - first > 1):
            before = seen[max(match.start() - _AROUND, 0) : match.start()].rpartition("\n")[2]
            after = seen[match.end() : match.end() + _AROUND].partition("\n")[0]
            places = range(first - _BACK, latest_bad(own, _SLACK) + _FORTH)
            yield from _realigned(match.start(), _Run(before, run, marked, after), places)


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of hanzi, whether U+FFFD closes it, and what surrounds it on its line."""

    before: str
    text: str
    marked: bool
    after: str


@dataclass(frozen=True, slots=True)
class _Shift:
    """A run from ``at`` on, byte ``missing`` (0 or 1) of its first character put in; the rest; the last byte."""

    at: int
    character: str
    missing: int
    rest: str
    left_over: int


def _realigned(offset: int, run: _Run, near: range) -> Iterator[Mended]:
    """Weigh every byte at every place near where the run goes bad."""
    last = len(run.text) - (not run.marked)
    places = _promising(run, range(max(near.start, 0), min(near.stop, last)))
    shifts = [shift for at in places for shift in _shifts(run.text, at)]
    if not shifts:
        return
    bits = bits_of([run.before + run.text[: shift.at] + _closed(shift, run) for shift in shifts])
    best = int(np.argmin(bits))
    shift, likely = shifts[best], shares(bits)
    same = [index for index, other in enumerate(shifts) if other.at == shift.at]
    loss = loss_of(0, 1, [shifts[index].character for index in same], likely[same])
    for mended in _ended(offset, run, shift, loss):
        kept = run.before + run.text[: shift.at]
        found = kept + run.text[shift.at :] + "\ufffd" * run.marked + run.after
        tried = len(shifts) * (len(mended.losses[-1].alternatives) if len(mended.losses) > 1 else 1)
        costs = bits_of([found, kept + mended.text + run.after, mended.text])
        good = costs[2] <= _DEAREST * len(mended.text) + _EDGES and _varied(mended.text)
        missing = 1 if run.marked else len(mended.losses)
        if good and costs[0] - costs[1] - np.log2(tried) >= _LOST_BITS * missing:
            yield mended


def _promising(run: _Run, places: range) -> list[int]:
    """Return the places behind which the text reads better one byte on: most need no look at every byte."""
    rests = [(at, _rest(run.text[at:])) for at in places]
    known = [(at, rest) for at, rest in rests if rest is not None]
    bits = bits_of([text for at, rest in known for text in (run.text[at + 1 :] + "\ufffd" * run.marked, rest)])
    return [at for index, (at, _) in enumerate(known) if bits[2 * index] - bits[2 * index + 1] >= _PROMISING]


def _rest(run: str) -> str | None:
    """Return what follows the first character of a run where the bytes are one further on; None where it is no GBK."""
    data = _pairs(run)
    try:
        rest = data[1:-1].decode("gb18030") if data else None
    except UnicodeError:
        return None
    return rest if rest is not None and 2 * len(rest) == len(run) * 2 - 2 else None


def _pairs(run: str) -> bytes:
    """Return the codes of a run in GB18030, empty where one has four bytes.

    GBK has the same codes, but where text is misaligned there are also those that GB18030 reads as private use.
    """
    try:
        data = run.encode("gb18030")
    except UnicodeEncodeError:  # half a surrogate pair
        return b""
    return data if len(data) == 2 * len(run) else b""


@cache
def _encoding(run: str) -> str:
    """Return the encoding that reads the bytes of a run as it is: GBK where it can."""
    try:
        run.encode("gbk")
    except UnicodeEncodeError:
        return "gb18030"
    return "gbk"


def _varied(text: str) -> bool:
    """Say whether a text is more than one character over and over, as rulers are and what comes of them."""
    return len(set(text)) > len(text) // 2


def _closed(shift: _Shift, run: _Run) -> str:
    """Return the text of a shift, up to a last byte that is none of ASCII."""
    text = shift.character + shift.rest
    return text + chr(shift.left_over) + run.after if shift.left_over < _ASCII else text


def _shifts(run: str, at: int) -> Iterator[_Shift]:
    """Yield the run with each byte that may be missing from the character at ``at``; none where the rest is no GBK."""
    rest = _rest(run[at:])
    if rest is None:
        return
    data = _pairs(run[at:])
    for character in _with_trail(data[0]):
        yield _Shift(at, character, 0, rest, data[-1])
    for character in _with_lead(data[0]):
        yield _Shift(at, character, 1, rest, data[-1])


@cache
def _with_trail(byte: int) -> tuple[str, ...]:
    """Return the characters whose second byte is this one."""
    return tuple(one for lead in range(0x81, 0xFF) if (one := _character(bytes([lead, byte]))))


@cache
def _with_lead(byte: int) -> tuple[str, ...]:
    """Return the characters whose first byte is this one."""
    return tuple(one for trail in range(0x40, 0xFF) if (one := _character(bytes([byte, trail]))))


def _character(code: bytes) -> str:
    try:
        text = code.decode("gbk")
    except UnicodeDecodeError:
        return ""
    return text if len(text) == 1 else ""


def _ended(offset: int, run: _Run, shift: _Shift, loss: Loss) -> Iterator[Mended]:
    """Close the run: its last byte is ASCII again, or the first of a character whose second byte is gone as well."""
    text = shift.character + shift.rest
    start, end = offset + shift.at, offset + len(run.text) + run.marked
    seen = run.text[shift.at :] + "\ufffd" * run.marked
    at = (shift.missing,)
    losses = [loss]
    encoding = _encoding(run.text)
    if shift.left_over < _ASCII:
        channel = Missing(encoding, at)
        text += chr(shift.left_over)
    else:
        possible = _with_lead(shift.left_over)
        if not possible:
            return
        context = (run.before + run.text[: shift.at] + text)[-_AROUND:]
        likely = shares(bits_of([context + one + run.after for one in possible]))
        last = loss_of(len(text), len(text) + 1, possible, likely)
        losses.append(last)
        text += last.alternatives[0][0]
        channel = Missing(encoding, at, "replace") if run.marked else Missing(encoding, (*at, 2 * len(text) - 1))
    if _replays(channel, text, seen):
        yield Mended(start, end, text, channel, tuple(losses))


def _replays(channel: Missing, text: str, seen: str) -> bool:
    try:
        return channel.damage(text) == seen
    except UndamageableError:
        return False


def stripped(seen: str) -> Iterator[Mended]:
    """Yield the lines whose trail bytes 5C were taken out as backslashes (PHP's ``stripslashes``)."""
    excess = excess_of(seen)
    for match in _LINE.finditer(seen):
        line = match.group()
        if len(line) <= _LONGEST and worst_stretch(excess[match.start() : match.end()])[2] >= DEAR:
            for encoding in ("big5", "gbk"):
                for text, channel, losses in _unstripped(line, encoding):
                    yield Mended(match.start(), match.end(), text, channel, losses)


def _unstripped(line: str, encoding: str) -> Iterator[tuple[str, Missing, tuple[Loss, ...]]]:
    """Put 5C in where it helps most, again and again, until nothing helps any more."""
    text, saved = line, 0.0
    inserted: dict[int, float] = {}
    for _ in range(_MOST_STRIPPED):
        tried = _with_backslash(text, encoding)
        if not tried:
            break
        bits = bits_of([text, *(made for _, made in tried)])
        best = int(np.argmin(bits[1:]))
        if bits[0] - bits[best + 1] < _EACH_BITS:
            break
        at, text = tried[best]
        inserted = {(place if place < at else place + 1): sure for place, sure in inserted.items()}
        inserted[at] = float(shares(bits[1:])[best])
        saved += float(bits[0] - bits[best + 1]) - np.log2(len(tried))
    channel = Missing(encoding, tuple(sorted(inserted)))
    good = saved >= _STRIPPED_BITS and bits_of([text])[0] <= _DEAREST * len(text) + _EDGES
    if inserted and good and _replays(channel, text, line):
        yield text, channel, tuple(_losses(text, encoding, inserted))


def _with_backslash(text: str, encoding: str) -> list[tuple[int, str]]:
    """Return the text with 5C behind each lead byte in and before its worst stretch: (offset of 5C, text)."""
    start, end, dear = worst_stretch(excess_of(text))
    try:
        data = text.encode(encoding, "surrogateescape")
        first, last = (len(text[:at].encode(encoding, "surrogateescape")) for at in (max(start - _BACK, 0), end))
    except UnicodeEncodeError:
        return []
    if dear < _EACH_BITS:
        return []
    places = [at for at in range(first + 1, last + 1) if data[at - 1] >= _ASCII]
    made = (data[:at] + bytes([BACKSLASH]) + data[at:] for at in places)
    return list(zip(places, (one.decode(encoding, "surrogateescape") for one in made), strict=True))


def _losses(text: str, encoding: str, inserted: dict[int, float]) -> Iterator[Loss]:
    """Yield a loss for each character that got its 5C back, with how sure its place is."""
    offset = 0
    for at, character in enumerate(text):
        offset += len(character.encode(encoding))
        if offset - 1 in inserted:
            yield Loss(at, at + 1, ((character, inserted[offset - 1]),), sole=False)
