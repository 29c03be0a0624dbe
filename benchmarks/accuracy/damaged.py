"""Damage by every channel of the catalogue, and by some of them twice and more; what the repair makes of it."""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy.outcome import Outcome, outcome
from benchmarks.accuracy.peers import menders
from benchmarks.accuracy.texts import LENGTHS, samples
from repair.catalogue import catalogue
from repair.channel import Chain, UndamageableError, damage, describe
from repair.escapes.hosts import Punycode
from repair.escapes.references import Again
from repair.misreading import Misreading

_FULL = {"4-7": 8, "8-19": 8, "20-120": 6, "document": 1}
_QUICK = {"4-7": 4, "8-19": 4, "20-120": 3, "document": 1}
_TRIED = 100
"""Texts that are tried for each one that is wanted: strict damage by a multi-byte encoding meets few that pass."""
_FOREIGN = ("cp932", "shift_jis", "euc_jp", "cp949", "euc_kr")
_DOCUMENTS = 8
"""Unless one is asked for, one channel in so many is measured on a document."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of the table: a chain of damage at one length."""

    folder: Path
    chain: Chain
    length: str
    samples: int

    @property
    def name(self) -> str:
        """Return the damage and the length in words."""
        first = describe(self.chain[:1])
        if set(self.chain) == set(self.chain[:1]):
            return f"{first}{f', {len(self.chain)} times' if len(self.chain) > 1 else ''}, {self.length}"
        return f"{describe(self.chain)}, {self.length}"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured in a cell, apart where nothing was lost and where something was."""

    cell: Cell
    whole: Outcome
    losing: Outcome
    seconds: float
    """Processor time, of the repairs and of what is measured beside."""

    @property
    def total(self) -> Outcome:
        """Return both together."""
        both = Outcome()
        both.add(self.whole)
        both.add(self.losing)
        return both


def measured(folder: Path, channel: str, length: str, *, quick: bool, times: int, jobs: int) -> Iterator[Measured]:
    """Measure every cell whose description and length hold what was asked for."""
    chosen = _cells(folder, channel, length, quick=quick, times=times)
    if jobs == 1:
        yield from map(measure, chosen)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(measure, chosen)


def _cells(folder: Path, channel: str, length: str, *, quick: bool, times: int) -> list[Cell]:
    sizes = _QUICK if quick else _FULL
    found = []
    for number, chain in enumerate(chains()):
        if channel.lower() in describe(chain).lower():
            for name in LENGTHS:
                skipped = not channel and name == "document" and number % _DOCUMENTS
                if length in ("", name) and not skipped:
                    found.append(Cell(folder, chain, name, times * sizes[name]))
    return found


def chains() -> tuple[Chain, ...]:
    """Return every channel of the catalogue alone, then the commonest ones in layers.

    Left out is what Chinese prose does not meet: escapes escaped once more, host names, and encodings of Japanese and
    Korean, in which it cannot be written.
    """
    layered = (Misreading("utf-8", "sloppy-windows-1252"), Misreading("utf-8", "latin-1"), Misreading("utf-8", "cp437"))
    lossy = tuple(
        channel
        for channel, _ in catalogue()
        if (getattr(channel, "original", ""), getattr(channel, "wrong", "")) == ("utf-8", "gbk")
        and getattr(channel, "habit", "") in ("replace", "question")
    )
    return (
        *((channel,) for channel, _ in catalogue() if _met_by_prose(channel)),
        *((channel,) * depth for channel in layered for depth in (2, 3)),
        *((channel,) * depth for channel in lossy for depth in (2, 3, 4)),
        (Misreading("gb18030", "latin-1"), Misreading("utf-8", "latin-1")),
        (Misreading("gb18030", "sloppy-windows-1252"), Misreading("utf-8", "sloppy-windows-1252")),
    )


def _met_by_prose(channel: object) -> bool:
    return not isinstance(channel, Again | Punycode) and getattr(channel, "original", "") not in _FOREIGN


def written_in(chain: Chain) -> str:
    """Return the encoding in which a text must be written to meet this damage."""
    first = chain[0]
    return str(getattr(first, "original", "") or getattr(first, "encoding", "") or "utf-8")


def measure(cell: Cell) -> Measured:
    """Damage the first texts that the chain can meet, and repair them."""
    began = time.process_time()
    whole, losing = Outcome(), Outcome()
    original = written_in(cell.chain)
    for text in samples(cell.folder, cell.length, original)[: cell.samples * _TRIED]:
        try:
            seen = damage(cell.chain, text)
        except UndamageableError:
            continue
        if seen == text:
            continue
        one = outcome(cell.chain, text, seen, menders())
        (losing if one.lost else whole).add(one)
        if whole.samples + losing.samples == cell.samples:
            break
    return Measured(cell, whole, losing, time.process_time() - began)
