"""Count the sources, estimate, prune, write the model and the note that says what it was made of."""

from collections import Counter
from pathlib import Path

import click
import numpy as np

from flows.build_model.counts import Weighted, arrays, ngrams
from flows.build_model.sources import NPM, PYPI, fetch, sources
from repair.language import FORMAT
from repair.language.vocabulary import Vocabulary

DATA = Path(__file__).parents[2] / "repair" / "data"
_MOST_CHARACTERS = 13_000
_MOST_NGRAMS = 520_000


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="Folder with laws.txt.xz, reports.txt.xz.")
@click.option("--downloads", type=click.Path(path_type=Path), default=Path("build/sources"), show_default=True)
def main(corpus: Path, downloads: Path) -> None:
    """Build the language model; the same sources give the same bytes."""
    fetch(downloads)
    named = list(sources(downloads, corpus))
    vocabulary = Vocabulary(_characters([source for _, source in named]))
    counted = ngrams((source for _, source in named), vocabulary)
    packed = arrays(*counted, vocabulary, _MOST_NGRAMS)
    path = DATA / "language.npz"
    np.savez_compressed(path, format=np.array(FORMAT), **packed)  # type: ignore[arg-type] # numpy names one keyword
    (DATA / "language.md").write_text(_note(named, packed), "utf-8")
    click.echo(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, {vocabulary.size} units")


def _characters(weighted: list[Weighted]) -> str:
    """Return all of GB2312 and Big5's first level, and the most frequent other characters, in code point order."""
    counts: Counter[str] = Counter()
    for source in weighted:
        for text, weight in zip(source.texts, source.weights, strict=True):
            if weight:
                for character in text:
                    counts[character] += weight  # type: ignore[assignment,operator] # a weighted counter
    chosen = {*_square("gb2312", 0xA1, 0xF7, 0xA1), *_square("big5", 0xA4, 0xC6, 0x40), *map(chr, range(0x20, 0x7F))}
    frequent = (character for character, count in counts.most_common() if count >= 2 and _stands_alone(character))  # noqa: PLR2004
    for character in frequent:
        if len(chosen) >= _MOST_CHARACTERS:
            break
        chosen.add(character)
    return "".join(sorted(character for character in chosen if _stands_alone(character)))


def _stands_alone(character: str) -> bool:
    """Leave folded letters and digits, controls, private use and loss marks to their classes."""
    code = ord(character)
    folded = character.isascii() and character.isalnum()
    wide = 0xFF10 <= code <= 0xFF5A and chr(code - 0xFEE0).isalnum()
    return character.isprintable() and not (folded or wide) and code != 0xFFFD and not 0xE000 <= code <= 0xF8FF


def _square(codec: str, first: int, last: int, trail: int) -> set[str]:
    """Return the characters of a two-byte code from one lead byte to another."""
    codes = (bytes([lead, low]) for lead in range(first, last + 1) for low in range(trail, 0xFF))
    return {character for code in codes if len(character := code.decode(codec, "ignore")) == 1}


def _note(named: list[tuple[str, Weighted]], packed: dict[str, "np.ndarray[tuple[int], np.dtype[np.generic]]"]) -> str:
    rows = [f"| {name} | {sum(map(len, source.texts)):,} |" for name, source in named]
    return "\n".join([
        "# language.npz", "",
        "Format 1, read by `repair.language`; built by `python -m flows.build_model`. Licence of the counts: Apache-2.0.", "",
        f"Units: {len(packed['unigram_bits'])}; bigrams: {len(packed['bigram_units'])}; trigrams: {len(packed['trigram_units'])}.",
        "One paragraph in fifty of laws and reports is held out for measuring (`benchmarks/language.py`).", "",
        f"Packages: {', '.join((*PYPI, *NPM))} (MIT or Apache-2.0);",
        "laws and reports are official documents of the PRC, outside copyright (Copyright Law of the PRC, article 5);",
        "traditional forms by OpenCC (Apache-2.0).", "", "| source | characters |", "|---|---|", *rows, "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
