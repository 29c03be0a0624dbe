"""The note beside the model: its sources, their licences and sizes."""

from flows.build_model.packages import NPM, PYPI
from flows.build_model.sources import HELD_OUT, Named
from repair.language.store import FORMAT

_NOTE = """# language.bin

Format {format}, read by `repair.language`; built by `python -m flows.build_model`. Licence of the counts: Apache-2.0.

Units: {units:,}; bigrams and trigrams: {kept}.
The list of words: those of jieba and jionlp, of two to four hanzi, in which all bigrams and trigrams are kept.
One paragraph in {held_out} of laws and reports is held out for measuring (`benchmarks/language.py`).

Laws and reports are official documents of the PRC, outside copyright (Copyright Law of the PRC, article 5); traditional
forms are made by OpenCC (Apache-2.0). The rest comes in packages:

| package | version | licence |
|---|---|---|
{packages}

| source | items | characters |
|---|---:|---:|
{sources}
"""


def note(named: list[Named], units: int, kept: list[int]) -> str:
    """Return the text of the note for sources by name, the size of the vocabulary, and the n-grams kept by order."""
    packages = {**PYPI, **NPM}.items()
    return _NOTE.format(
        format=FORMAT,
        units=units,
        kept=", ".join(f"{number:,}" for number in kept),
        held_out=HELD_OUT,
        packages="\n".join(f"| {name} | {version} | {licence} |" for name, (version, licence) in packages),
        sources="\n".join(
            f"| {name} | {len(source.texts):,} | {sum(map(len, source.texts)):,} |" for name, source in named
        ),
    )
