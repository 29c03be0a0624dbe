"""A page read backwards by a program that is known, or as far as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from repair.channel import Loss
from repair.language import load
from repair.mirror.lattice import Lattice, new_lattice
from repair.mirror.program import Program
from repair.mirror.restoring import restore
from repair.mirror.site import SIGNS, Site, reading_numbers, site_of
from repair.mirror.tables import characters
from repair.mirror.tracing import room_for

_DOUBT = (0.002, 0.15)
"""What each bit that a place costs more than usual text takes from the probability of its characters, and the most:
the share of places wrong as a whole, from 5,145 lost characters of 146 sites of `benchmarks.mirror`."""
_WELL = 20
"""Bits above usual text up to which a place may hold what is unique."""
_UNSEEN_DOUBT = (0.006, 0.3)
"""The same where bad bytes leave no sign."""
_ASCII_SIGNS = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Place:
    """A broken place: where it lies in the original and in what was seen."""

    start: int
    end: int
    seen_start: int
    seen_end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page read backwards: its text, the same in the site's script, where each character began in what was seen.

    ``origins`` are -1 within a broken place. ``noted`` and ``signs`` are what broken places show of the program:
    characters with their readings, signs cut out. ``bits`` is what broken places cost more than
    usual text.
    """

    text: str
    script: str
    origins: list[int]
    losses: tuple[Loss, ...]
    noted: tuple[tuple[str, str], ...]
    signs: str
    places: tuple[Place, ...]
    bits: int


@cache
def _lattice() -> Lattice:
    return new_lattice()


def read_back(site: Site, seen: str, *, with_losses: bool = True) -> Page:
    """Read a page backwards; who only asks about the site needs no losses."""
    codes = np.frombuffer(seen.encode("utf-32-le", "surrogatepass"), np.uint32)
    out = room_for(len(codes))
    restore(site, load().tables, codes, _lattice(), out)
    length, losses, _, events, places, bits = out.counts[:6].tolist()
    found = out.characters[:length]
    own = np.where(found["code"] < 0x80, found["code"], characters()[found["code"]]).astype(np.uint32)  # noqa: PLR2004
    script = np.where(found["code"] == 0, found["text"], own).astype("<u4")
    rows = out.losses[:losses].tolist() if with_losses else ()
    noted, signs = _events(out.events[:events].tolist())
    return Page(
        np.ascontiguousarray(found["text"], "<u4").tobytes().decode("utf-32-le", "surrogatepass"),
        script.tobytes().decode("utf-32-le", "surrogatepass"),
        found["origin"].tolist(),
        tuple(_loss(row, out.alternatives, hidden=not site.habit[0]) for row in rows),
        noted,
        signs,
        tuple(Place(*row) for row in out.places[:places].tolist()),
        bits,
    )


def _loss(row: list[int], alternatives: np.ndarray, *, hidden: bool) -> Loss:
    """Return a loss; unique is none where bad bytes leave no sign (``hidden``), nor where a place reads badly.

    Without a sign no place is searched through; a place that reads badly may come of a program that is not understood.
    """
    position, first, count, whole, excess = row
    own = alternatives[first : first + count].tolist()
    ranked = [own[0], *sorted(own[1:], key=lambda pair: -pair[1])]
    sole = count == 1 and bool(whole) and not hidden and excess <= _WELL
    doubt, most = _UNSEEN_DOUBT if hidden else _DOUBT
    right = 1.0 if sole else 1.0 - min(doubt * max(excess, 0), most)
    shares = tuple((chr(text) if text else "", share * right) for text, share in ranked)
    return Loss(position, position + 1, shares, sole=sole)


def _events(events: Iterable[list[int]]) -> tuple[tuple[tuple[str, str], ...], str]:
    noted: list[tuple[str, str]] = []
    signs: list[str] = []
    names = list(reading_numbers())
    for _, note, sign in events:
        if note:
            noted.append((chr(int(characters()[note & 0xFFFF])), names[note >> 16]))
        if sign:
            signs.append(chr(int(characters()[sign])))
    return tuple(noted), "".join(signs)


def site_for(program: Program, unnoted: Iterable[str], inverse: Mapping[str, str], perhaps_cut: str = SIGNS) -> Site:
    """Return a program as arrays, open to what its pages have not shown yet but for notes of ``unnoted``."""
    folded = [sign for sign in _ASCII_SIGNS if program.folds and chr(ord(sign) + 0xFEE0) not in program.unfolded]
    habit = (program.mark, program.eats, program.undefined, program.repeat)
    return site_of(inverse, dict(program.notes), unnoted, program.cut, perhaps_cut, "".join(folded), habit)
