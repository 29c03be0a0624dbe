"""Speed of columns on one core: ``python -m benchmarks.speed FOLDER``; ratios to other programs in the same run."""

import lzma
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import ftfy
import plsfix
import pyarrow as pa
import pyarrow.compute as pc

from repair import repair_column
from repair.triage import suspicious_values

_SEED = 5
_DAMAGE = (
    ("UTF-8 read as Latin-1", "utf-8", "latin-1", "strict"),
    ("GB18030 read as KOI8-R", "gb18030", "koi8-r", "strict"),
    ("UTF-8 read as GBK, bytes lost", "utf-8", "gbk", "replace"),
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--clean", default=20_000, show_default=True, help="Lines of clean text.")
@click.option("--damaged", default=60, show_default=True, help="Lines of each kind of damage.")
def main(folder: Path, clean: int, damaged: int) -> None:
    """Measure clean columns, columns of which one value in a hundred is damaged, and columns damaged throughout."""
    lines = _lines(folder)[:clean]
    column = pa.array(lines)
    repair_column(column[:100])  # compiles and loads
    size = column.nbytes / 1e6
    print(f"{'':44}{'MB/s':>10}{'x ftfy':>10}{'x plsfix':>10}")
    slow = lines[: clean // 10]
    share = sum(len(line.encode()) for line in slow) / 1e6
    by_ftfy = share / _seconds(lambda: [ftfy.fix_encoding(line) for line in slow])
    by_plsfix = share / _seconds(lambda: [plsfix.fix_text(line) for line in slow])
    for name, speed in (
        ("clean: Arrow utf8_length", size / _seconds(lambda: pc.utf8_length(column))),
        ("clean: triage alone", size / _seconds(lambda: suspicious_values(column))),
        ("clean: repair_column, its searches included", size / _seconds(lambda: repair_column(column))),
        ("clean: ftfy.fix_encoding", by_ftfy),
        ("clean: plsfix.fix_text", by_plsfix),
    ):
        _print(name, speed, by_ftfy, by_plsfix)
    for name, original, wrong, errors in _DAMAGE:
        seen = [line.encode(original).decode(wrong, errors) for line in _lines(folder)[-damaged:]]
        mixed = pa.array([*lines[: 99 * damaged], *seen])
        _measure(f"1 % {name}", mixed)
        _measure(f"all {name}", pa.array(seen))


def _measure(name: str, column: pa.Array) -> None:
    values = column.to_pylist()[-2000:]
    part = sum(len(value.encode()) for value in values) / 1e6
    by_ftfy = part / _seconds(lambda: [ftfy.fix_encoding(value) for value in values])
    by_plsfix = part / _seconds(lambda: [plsfix.fix_text(value) for value in values])
    _print(name, column.nbytes / 1e6 / _seconds(lambda: repair_column(column), 1), by_ftfy, by_plsfix)


def _print(name: str, speed: float, by_ftfy: float, by_plsfix: float) -> None:
    print(f"{name:44}{speed:10.2f}{speed / by_ftfy:10.2f}{speed / by_plsfix:10.2f}", flush=True)


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the least time that some work takes."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def _lines(folder: Path) -> Sequence[str]:
    """Return lines of 20 to 120 characters in a fixed order.

    The model was trained on most of them, which flatters how few of the clean ones are searched.
    """
    texts = (lzma.decompress((folder / f"{name}.txt.xz").read_bytes()).decode() for name in ("laws", "reports"))
    lines = [line for text in texts for line in text.splitlines() if 20 <= len(line) <= 120]
    random.Random(_SEED).shuffle(lines)
    return lines


if __name__ == "__main__":
    main()
