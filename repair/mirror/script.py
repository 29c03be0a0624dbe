"""The script of a site: which characters its table made traditional, read off its pages."""

from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from repair.channel import Loss
from repair.language import load
from repair.mirror.points import Points, points_of
from repair.mirror.tables import codes, simplified

Counts = npt.NDArray[np.int32]
"""int32[0x10000]: how often each character of the basic plane occurs, by code point."""
_SIMPLIFIED_TOO = {"著": "着"}
"""What sites convert though the character has its own words in simplified text."""
_BOUNDARY = 0x0A
_SIDE = 3
"""Characters at either side by which a character is chosen: the model looks back three."""
_ACCIDENTS, _UNSOLVED = 0.1, 0.05
"""Share of a pair's occurrences that the simplified form may have by accident: in broken places, and when these are
known in those that stay unsolved."""
_LEAST_MIXED = 3
_MIXED = 0.25


class Table(NamedTuple):
    """What a site has for characters of simplified text: ``own[i]`` for ``simple[i]``, each of ``own`` once."""

    own: Points
    simple: Points


NO_TABLE = Table(np.zeros(0, np.uint32), np.zeros(0, np.uint32))


@cache
def _convertible() -> Table:
    """Return what can be converted where GBK holds both, ``own`` rising: sites convert in GBK."""
    held = codes()
    pairs = [
        (character, simple)
        for character, simple in sorted((simplified() | _SIMPLIFIED_TOO).items())
        if ord(simple) < len(held) and held[ord(simple)] and held[ord(character)]
    ]
    return Table(points_of("".join(own for own, _ in pairs)), points_of("".join(simple for _, simple in pairs)))


def inverse(counts: Counts, sure: Points | None = None) -> Table:
    """Return a site's table, given how often each character occurs on its pages.

    A table replaces every occurrence, so a simplified form that still stands was not in it, and its traditional form
    was there before (于 beside 於, 里 beside 裡). One simplified form has one traditional form in a table: the most
    frequent. In broken places simplified forms stand by accident; where the counts are of what is outside these, more
    accidents are borne only for characters that are ``sure`` to be of the site's making. Empty where the pages were
    traditional before: they keep apart what a table would have made one.
    """
    every = _convertible()
    shown = np.flatnonzero(counts[every.own])
    shown = shown[np.argsort(-counts[every.own[shown]], kind="stable")]
    own, simple = every.own[shown], every.simple[shown]
    still, made = counts[simple], counts[own]
    accidents = np.full(len(counts), _ACCIDENTS if sure is None else _UNSOLVED)
    accidents[[] if sure is None else sure] = _ACCIDENTS
    converted = still <= accidents[own] * (still + made) + 0.5
    own, simple = own[converted], simple[converted]
    first = np.unique(simple, return_index=True)[1]
    if len(shown) - len(first) >= max(_LEAST_MIXED, _MIXED * len(first)):
        return NO_TABLE
    first = first[np.argsort(own[first])]
    return Table(own[first], simple[first])


def with_the_unseen(table: Table, counts: Counts) -> Table:
    """Add to a site's table the pairs of which pages show neither, but for simplified forms that it has already.

    These pairs are for reading broken places; the table of the program gets those that a place needs.
    """
    if not len(table.own):
        return table
    every = _convertible()
    known = counts != 0
    known[table.simple] = True
    more = ~(known[every.own] | known[every.simple])
    return Table(np.concatenate((every.own[more], table.own)), np.concatenate((every.simple[more], table.simple)))


def by_context(text: Points, script: Points, table: Table) -> tuple[Points, tuple[Loss, ...]]:
    """Choose anew where a character of the site's script is one of simplified text as well, and tell how likely it is.

    A table that makes 著 of 着 turns 着手 into 著手 and leaves 显著: the page alone does not tell them apart. Returns
    the text with the likelier characters, and where they stand.
    """
    own = table.own[_of_simplified()[table.own]]
    opened = np.zeros(0x10000, np.uint16)
    opened[own] = table.simple[_of_simplified()[table.own]]
    places = np.flatnonzero(opened[np.where(script < len(opened), script, 0)])
    if not len(places):
        return text, ()
    pairs = np.stack((opened[script[places]], script[places]), 1)
    bits = _bits_in_context(text, places, pairs)
    shares = 1 / (1 + np.exp2(np.clip(bits - bits[:, ::-1], -1000, 1000)))
    own_is_likelier = (shares[:, 1] > shares[:, 0]).astype(np.intp)
    text = text.copy()
    text[places] = pairs[np.arange(len(pairs)), own_is_likelier]
    losses = (
        Loss(at, at + 1, ((chr(a), p), (chr(b), q)) if p >= q else ((chr(b), q), (chr(a), p)))
        for at, (a, b), (p, q) in zip(places.tolist(), pairs.tolist(), shares.tolist(), strict=True)
    )
    return text, tuple(losses)


def _bits_in_context(text: Points, places: npt.NDArray[np.intp], pairs: Points) -> npt.NDArray[np.float64]:
    """Return what a text costs around places with each of the characters of ``pairs`` there: float64[places, 2]."""
    from repair.language.blocks import costs  # noqa: PLC0415 - it compiles, and clean text never gets there

    model = load()
    lines = np.concatenate((np.full(_SIDE, _BOUNDARY), text, np.full(_SIDE + 1, _BOUNDARY))).astype(np.uint32)
    windows = np.repeat(lines[places[:, None] + np.arange(2 * _SIDE + 2)][:, None], 2, 1)
    windows[:, :, _SIDE] = pairs
    windows[:, :, -1] = _BOUNDARY
    units = model.tables.unit_of[windows]
    found: npt.NDArray[np.float64] = costs(model.tables, units.ravel()).reshape(units.shape).sum(2, dtype=np.float64)
    return found


@cache
def _of_simplified() -> npt.NDArray[np.bool]:
    """Say of each character whether it belongs to GB 2312, the set of simplified script: bool[0x10000]."""
    held = np.zeros(0x10000, np.bool)
    for pair in product(range(0xA1, 0xF8), range(0xA1, 0xFF)):
        if text := bytes(pair).decode("gb2312", "ignore"):
            held[ord(text)] = True
    return held
