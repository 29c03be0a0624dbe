"""Characters that lost one byte, told by those that are left: text cut at a byte length, bytes dropped on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import ClassVar

from repair.broken import Broken, weighed
from repair.bytewise.reading import DEAR, bad_suffix, excess_of
from repair.channel import Candidate, UndamageableError
from repair.misreading import encoding_name
from repair.written import Written

_ENCODINGS = {"utf-8": 3, "gb18030": 2, "big5hkscs": 2, "big5": 2}
"""The encodings, and how many bytes a hanzi has in them."""
_PAIR = 2
_HIGH = range(0x80, 0x100)
_AROUND = 12


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Text in an encoding of which the byte at an offset was lost.

    >>> Incomplete("utf-8", 5).damage("规模")
    '规�'
    """

    kind: ClassVar[str] = "incomplete"
    encoding: str
    at: int

    def damage(self, text: str) -> str:
        """Take the byte out and read what is left; raise `UndamageableError` where there is no such byte."""
        try:
            data = text.encode(self.encoding)
        except UnicodeError as error:
            raise UndamageableError(f"{text[:20]!r} does not exist in {self.encoding}") from error
        if self.at >= len(data):
            raise UndamageableError("shorter than the offset of the byte that was lost")
        return (data[: self.at] + data[self.at + 1 :]).decode(self.encoding, "replace")

    def undo(self, seen: str) -> Iterator[Candidate]:  # noqa: ARG002 - the protocol's signature
        """Yield nothing: which bytes are left only the bytes tell."""
        return iter(())

    def describe(self) -> str:
        """Name the encoding."""
        return f"a byte of {encoding_name(self.encoding)} lost"


def incomplete_places(text: str, written: Written) -> Iterator[Broken]:
    """Yield the characters that lost a byte, each with what it was; ``written`` has the bytes that are left."""
    width = _ENCODINGS.get(written.encoding)
    for start, end, left in _runs(written):
        lone = width and len(left) == width - 1 and set(text[start:end]) == {"\ufffd"}
        if lone and not (width == _PAIR and _misaligned(text[:start])):
            whole = _whole(left, written.encoding)
            loss = weighed(text, start, end, [[character.encode() for character in whole]]) if whole else None
            best = loss.alternatives[0][0] if loss else ""
            if loss and (channel := _channel(best, left, written.encoding)).damage(best) == text[start:end]:
                yield Broken(start, start, end, best, channel, loss)


def _misaligned(before: str) -> bool:
    """Say whether the text before reads so badly that a byte is missing there, and the one left is the last of it."""
    return bool(before) and bad_suffix(excess_of(before[-_AROUND:]))[1] >= DEAR


def _runs(written: Written) -> Iterator[tuple[int, int, bytes]]:
    """Yield the irregular places, those that touch joined."""
    places = [place for place in written.exceptions if place[0] < place[1]]
    bounds = [0, *(at for at, (one, other) in enumerate(pairwise(places), 1) if one[1] != other[0]), len(places)]
    for low, high in pairwise(bounds):
        if low < high:
            yield places[low][0], places[high - 1][1], b"".join(data for _, _, data in places[low:high])


@cache
def _whole(left: bytes, encoding: str) -> tuple[str, ...]:
    """Return every character beyond ASCII that is these bytes and one more."""
    made = {left[:at] + bytes([byte]) + left[at:] for at in range(len(left) + 1) for byte in _bytes(encoding)}
    read = {data.decode(encoding, "ignore") for data in made}
    return tuple(sorted(text for text in read if len(text) == 1 and len(text.encode(encoding)) == len(left) + 1))


def _bytes(encoding: str) -> range:
    return _HIGH if encoding == "utf-8" else range(0x40, 0x100)


def _channel(character: str, left: bytes, encoding: str) -> Incomplete:
    """Return the channel that leaves these bytes of a character; the last byte where several do."""
    data = character.encode(encoding)
    return Incomplete(encoding, max(at for at in range(len(data)) if data[:at] + data[at + 1 :] == left))
