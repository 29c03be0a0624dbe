"""Slots of bytes through a layer of damage: read them in the right encoding, write them in the next wrong one.

A layer that lost bytes leaves not one text below it but, at each loss, every text that fits. Those go on through the
layer below as they are, and only the text at the bottom is weighed by the language model: what lies between two layers
is mojibake itself, of which the model knows nothing.
"""

import codecs
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, product
from math import prod
from typing import Generic, NamedTuple, TypeVar

from repair.decoders import decode, habits, passed_over
from repair.lattice.slots import END, UNKNOWN, fillings, several_options
from repair.lattice.tables import encoder
from repair.layers.layer import Layer

MOST_OPTIONS = 1 << 12
"""Texts that are carried on for one place; where more fit, too much is lost."""
_MOST_STEPS = 1 << 16
_ASCII = 0x80


Piece = TypeVar("Piece", bytes, str)


class Place(NamedTuple, Generic[Piece]):
    """A slice of what was seen and every piece that may have stood there one layer down."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


def characters_of(seen: str) -> list[Place[str]]:
    """Return what was seen as places with one character each."""
    return [Place(at, at + 1, (character,)) for at, character in enumerate(seen)]


def below(places: list[Place[str]], layer: Layer) -> list[Place[str]] | None:
    """Return what may have stood below a layer; None where nothing fits or too much."""
    written = bytes_of(places, layer)
    return None if written is None else _read(written, layer)


def bytes_of(places: list[Place[str]], layer: Layer) -> list[Place[bytes]] | None:
    """Return the bytes that a layer may have read as these characters; None where there are none or too many."""
    written: list[Place[bytes]] = []
    after = END
    for place in reversed(places):
        pieces = _written(place.pieces, layer.wrong, layer.habit, after)
        if not pieces or len(pieces) > MOST_OPTIONS:
            return None
        written.append(Place(place.start, place.end, pieces))
        first = {piece[0] for piece in pieces}
        after = first.pop() if len(first) == 1 else UNKNOWN
    return written[::-1]


@lru_cache(maxsize=1 << 14)
def _written(pieces: tuple[str, ...], wrong: str, habit: str | None, after: int) -> tuple[bytes, ...]:
    """Return every byte sequence that is read as one of the pieces before the byte ``after``; none where too many."""
    options = [_options(piece, wrong, habit, after) for piece in pieces]
    if sum(prod(map(len, several)) for several in options) > _MOST_STEPS:
        return ()
    spelled = (_spelled(piece, several, wrong, habit) for piece, several in zip(pieces, options, strict=True))
    return tuple(dict.fromkeys(chain.from_iterable(spelled)))


def _options(piece: str, wrong: str, habit: str | None, after: int) -> list[Sequence[bytes]]:
    """Return what may have been read as each character of a piece."""
    options: list[Sequence[bytes]] = []
    for character in reversed(piece):
        options.append(_codes(character, wrong, habit, after))
        first = {data[0] for data in options[-1]}
        after = first.pop() if len(first) == 1 else UNKNOWN
    return options[::-1]


def _spelled(piece: str, options: list[Sequence[bytes]], wrong: str, habit: str | None) -> Iterable[bytes]:
    spelled = (b"".join(parts) for parts in product(*options))
    mark = habits()[habit].mark if habit else ""
    if not habit or piece.count(mark) < 2:  # noqa: PLR2004 - two marks, whose bytes may belong together
        return spelled
    return (data for data in spelled if decode(data, wrong, habit) == piece)


@lru_cache(maxsize=1 << 14)
def _codes(character: str, wrong: str, habit: str | None, after: int) -> tuple[bytes, ...]:
    """Return every byte sequence that is read as a character before the byte ``after``: several where it is a mark."""
    if habit and character == habits()[habit].mark:
        packed = fillings(wrong, habit, after)
    elif ord(character) in several_options(wrong):
        packed = several_options(wrong)[ord(character)]
    else:
        return _known(character, wrong, habit)
    return tuple(int(code).to_bytes(int(length), "big") for code, length in packed.tolist())


def _known(character: str, wrong: str, habit: str | None) -> tuple[bytes, ...]:
    point = ord(character)
    table = encoder(wrong, habit)
    if point >= len(table.length):
        return (character.encode("gb18030"),) if wrong == "gb18030" else ()
    length = int(table.length[point])
    return (int(table.code[point]).to_bytes(length, "big"),) if length else ()


class _Way(NamedTuple):
    """Characters read, the bytes of one that is not finished, and the byte guessed last if it came last, else 0."""

    text: str = ""
    rest: bytes = b""
    guessed: int = 0


def _read(places: list[Place[bytes]], layer: Layer) -> list[Place[str]] | None:
    """Read bytes as the encoding that they were written in; None where nothing parses.

    What all ways agree on is a place of its own, so that what they differ in stays small.
    """
    found: list[Place[str]] = []
    ways = {_Way()}
    start = places[0].start if places else 0
    for place in places:
        if len(ways) * len(place.pieces) > _MOST_STEPS:
            return None
        ways = set(_advanced(ways, place.pieces, layer))
        if not ways or len(ways) > MOST_OPTIONS:
            return None
        if not any(way.rest for way in ways):
            found += _emitted(start, place.end, sorted({way.text for way in ways}))
            ways, start = {way._replace(text="") for way in ways}, place.end
        elif shared := _shared([way.text for way in ways]):
            found += _emitted(start, place.end, [shared])
            ways, start = {way._replace(text=way.text[len(shared) :]) for way in ways}, place.start
    ended = sorted({way.text for way in ways if not way.rest})
    if not ended:
        return None
    return found if ended == [""] else [*found, *_emitted(start, places[-1].end, ended)]


def _emitted(start: int, end: int, texts: list[str]) -> Iterator[Place[str]]:
    """Yield a place for each character of the texts where any goes with any, else one for what they differ in."""
    columns = [sorted(set(column)) for column in zip(*texts, strict=False)]
    if all(len(text) == len(columns) for text in texts) and prod(map(len, columns)) == len(texts):
        yield from (Place(start, end, tuple(column)) for column in columns)
        return
    first = len(_shared(texts))
    rest = [text[first:] for text in texts]
    last = len(_shared([text[::-1] for text in rest]))
    yield from (Place(start, end, (character,)) for character in texts[0][:first])
    yield Place(start, end, tuple(text[: len(text) - last] for text in rest))
    yield from (Place(start, end, (character,)) for character in rest[0][len(rest[0]) - last :])


def _shared(texts: Sequence[str]) -> str:
    """Return what all texts begin with."""
    first, last = min(texts), max(texts)
    end = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None)
    return first[:end] if end is not None else min(first, last, key=len)


def _advanced(ways: set[_Way], pieces: tuple[bytes, ...], layer: Layer) -> Iterator[_Way]:
    passed = passed_over(layer.wrong, layer.habit) if layer.habit else ()
    several = len(pieces) > 1
    for text, rest, guessed in ways:
        for piece in pieces:
            if guessed and passed[guessed][piece[0]] != 1:
                continue  # the wrong encoding would have read the two bytes together
            step = _parsed(rest + piece, layer.original)
            if step:
                lone = several and layer.habit and len(piece) == 1 and piece[0] >= _ASCII
                yield _Way(text + step[0], step[1], piece[0] if lone else 0)


@lru_cache(maxsize=1 << 16)
def _parsed(data: bytes, original: str) -> tuple[str, bytes] | None:
    """Return the characters that bytes begin with, and the bytes of one that is not finished; None for bad bytes."""
    decoder = _decoder(original)(errors="strict")
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return None
    return text, decoder.getstate()[0]


@cache
def _decoder(original: str) -> type[codecs.IncrementalDecoder]:
    return codecs.getincrementaldecoder(original)  # type: ignore[return-value] # a class in all of Python's codecs
