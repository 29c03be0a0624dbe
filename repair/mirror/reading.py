"""A page read backwards by a program that is known, or as far as it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import local

import numpy as np
import numpy.typing as npt

from repair.channel import Loss
from repair.language import load
from repair.mirror.lattice import Lattice, new_lattice
from repair.mirror.points import Points, points_of
from repair.mirror.program import Program
from repair.mirror.restoring import restore
from repair.mirror.script import Table
from repair.mirror.site import SIGNS, Site, reading_names, site_of
from repair.mirror.tables import characters
from repair.mirror.tracing import Restored, room_for

_DOUBT = (0.001, 0.1)
"""What each bit that a place costs more than usual text takes from the probability of its characters, and the most:
the share of places wrong as a whole, from 11,694 lost characters of 500 sites of `benchmarks.mirror`."""
_WELL = 20
"""Bits above usual text up to which a place may hold what is unique."""
_UNSEEN_DOUBT = (0.003, 0.3)
"""The same where bad bytes leave no sign, from 2,451 of 1,000 sites."""
_USUAL_LENGTH = 1 << 14
ENDLESS = 1 << 60
_CUT_UNSEEN = "".join(sign for sign in SIGNS if sign not in "＜／＞")
"""Signs that a site may cut out where bad bytes leave no sign: those of tags, folded, would all be searched through."""
_ASCII_SIGNS = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Page:
    """A page read backwards: its text, the same in the site's script, where each character began in what was seen.

    ``origins`` are -1 within a broken place. ``noted`` and ``signs`` are what broken places show of the program:
    characters with their readings, signs cut out. ``places`` are the broken ones, int64[places, 4]: start and end in
    the original, start and end in what was seen. ``bits`` is what they cost more than usual text.
    """

    text: Points
    script: Points
    origins: npt.NDArray[np.int64]
    losses: tuple[Loss, ...]
    noted: tuple[tuple[str, str], ...]
    signs: str
    places: npt.NDArray[np.int64]
    bits: int


_kept = local()


def _room(length: int) -> tuple[Lattice, Restored]:
    """Return the thread's own room to search and to write: to ask for it anew takes as long as to read a short page."""
    if not hasattr(_kept, "out"):
        _kept.lattice, _kept.out = new_lattice(), room_for(_USUAL_LENGTH)
    _kept.out.counts[:] = 0
    return _kept.lattice, _kept.out if length <= _USUAL_LENGTH else room_for(length)


def read_back(site: Site, seen: Points, *, with_losses: bool = True, most: int = ENDLESS) -> Page:
    """Read a page backwards; who only asks about the site needs no losses, nor more than ``most`` bits of places."""
    lattice, out = _room(len(seen))
    restore(site, load().tables, seen, lattice, out, with_losses, most)
    length, losses, _, events, places, bits = out.counts[:6].tolist()
    found = out.characters[:length]
    noted, signs = _events(out.events[:events].tolist())
    return Page(
        np.ascontiguousarray(found["text"]),
        np.ascontiguousarray(found["script"]),
        np.ascontiguousarray(found["origin"]),
        tuple(_loss(row, out.alternatives, hidden=not site.habit[0]) for row in out.losses[:losses].tolist()),
        noted,
        signs,
        out.places[:places].copy(),
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
    for _, note, sign in events:
        if note:
            noted.append((chr(int(characters()[note & 0xFFFF])), reading_names()[note >> 16]))
        if sign:
            signs.append(chr(int(characters()[sign])))
    return tuple(noted), "".join(signs)


def table_of(program: Program) -> Table:
    """Return the table of a program's script."""
    return Table(points_of(program.traditional), points_of(program.simplified))


def site_for(program: Program, unnoted: npt.NDArray[np.intp], table: Table) -> Site:
    """Return a program as arrays, open to what its pages have not shown yet but for notes of ``unnoted``."""
    perhaps_cut = SIGNS if program.mark else _CUT_UNSEEN
    folded = [sign for sign in _ASCII_SIGNS if program.folds and chr(ord(sign) + 0xFEE0) not in program.unfolded]
    habit = (program.mark, program.eats, program.undefined, program.repeat)
    return site_of(table, dict(program.notes), unnoted, program.cut, perhaps_cut, "".join(folded), habit)
