"""How well the language model predicts text that it never saw: ``python -m benchmarks.language FOLDER``.

FOLDER holds laws.txt.xz and reports.txt.xz; the paragraphs that training left out are measured, in bits a character,
and beside them the bits by which the true text beats its misreadings at several lengths.
"""

import lzma
from pathlib import Path

import click

from repair.language import load
from repair.misreading import Misreading

_HELD_OUT = 50
_LENGTHS = (4, 8, 20)
_DAMAGE = (Misreading("gb18030", "latin-1"), Misreading("gb18030", "koi8-r"), Misreading("utf-8", "cp437"))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def main(folder: Path) -> None:
    """Print what held-out text costs; FOLDER holds laws.txt.xz and reports.txt.xz."""
    model = load()
    for name in ("laws", "reports"):
        lines = lzma.decompress((folder / f"{name}.txt.xz").read_bytes()).decode().splitlines()[::_HELD_OUT]
        bits = -float(model.log_probabilities(lines).sum())
        print(f"{name}: {bits / sum(map(len, lines)):.2f} bits a character, {sum(map(len, lines)):,} characters")
        for length in _LENGTHS:
            short = [line[:length] for line in lines if len(line) >= length and line[:length].isalpha()]
            for damage in _DAMAGE:
                gaps = model.log_probabilities(short) - model.log_probabilities([damage.damage(s) for s in short])
                print(
                    f"  {length:2} characters, {damage.describe()}: smallest gap {gaps.min():.0f} bits of {len(short)}"
                )


if __name__ == "__main__":
    main()
