"""Count the sources, estimate, prune, write the model, its list of words, and the note on what they are made of."""

from pathlib import Path

import click
import numpy as np

from flows.build_model.characters import characters
from flows.build_model.continuations import softened
from flows.build_model.counts import counted
from flows.build_model.endings import continued
from flows.build_model.estimates import estimated, pruned, unigram_probabilities
from flows.build_model.lexicon import lexicon
from flows.build_model.note import note
from flows.build_model.packages import fetch
from flows.build_model.packing import backoff_steps, packed, steps
from flows.build_model.sources import sources
from flows.build_model.words import jieba, jionlp
from repair.language import PATH
from repair.language.store import Arrays, write
from repair.language.vocabulary import Vocabulary

_MOST_NGRAMS = 1_735_000
"""What fits into 8 MB together with the words."""


@click.command()
@click.option(
    "--corpus", type=click.Path(path_type=Path), required=True, help="Folder with laws.txt.xz, reports.txt.xz."
)
@click.option("--downloads", type=click.Path(path_type=Path), default=Path("build/sources"), show_default=True)
@click.option("--output", type=click.Path(path_type=Path), default=PATH, show_default=True)
def main(corpus: Path, downloads: Path, output: Path) -> None:
    """Build the language model; the same sources give the same bytes."""
    fetch(downloads)
    named = list(sources(downloads, corpus))
    vocabulary = Vocabulary(characters(source for _, source in named))
    (text_units, text), (word_units, words) = (
        counted((source for _, source in named if source.whole == whole), vocabulary) for whole in (True, False)
    )
    ngrams = softened(continued(text, words))
    p1 = unigram_probabilities(text_units + word_units)
    kept, backoff = pruned(estimated(ngrams, p1), p1, _MOST_NGRAMS)
    arrays: Arrays = {
        "characters": np.frombuffer(vocabulary.characters.encode(), np.uint8),
        "unit_steps": steps(-np.log2(p1)),
        "backoff_steps": backoff_steps(backoff),
        "bigrams": (bigrams := packed(kept[0])),
        "trigrams": (trigrams := packed(kept[1])),
    }
    arrays |= lexicon((jieba(downloads), jionlp(downloads)), vocabulary, (bigrams, trigrams))
    write(output, arrays)
    output.with_suffix(".md").write_text(note(named, vocabulary.size, [len(order.ngrams) for order in kept]), "utf-8")
    click.echo(f"{output.name}: {output.stat().st_size / 1e6:.2f} MB, {vocabulary.size} units")


if __name__ == "__main__":
    main()
