"""How fast columns pass and are mended, beside ftfy, plsfix, Python's codecs and Arrow, in one run.

``python -m benchmarks.speed FOLDER``; ``FOLDER`` holds ``laws.txt.xz`` and ``reports.txt.xz``, one paragraph a line.
Everything is one process's processor time on one core, so that other work on the machine disturbs little.
"""

import cProfile
import lzma
import pstats
import random
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import ftfy
import plsfix
import pyarrow as pa
import pyarrow.compute as pc

from repair import repair_column, repair_text
from repair.triage import suspicious, suspicious_values

_SEED = 5
_KINDS = (
    ("UTF-8 read as Latin-1", "utf-8", "latin-1", "strict"),
    ("UTF-8 read as Windows-1252", "utf-8", "sloppy-windows-1252", "strict"),
    ("UTF-8 read as GBK", "utf-8", "gbk", "strict"),
    ("GB18030 read as Windows-1252", "gb18030", "sloppy-windows-1252", "strict"),
    ("GB18030 read as KOI8-R", "gb18030", "koi8-r", "strict"),
    ("GB18030 read as Big5", "gb18030", "big5", "strict"),
    ("UTF-8 read as GBK, bytes lost", "utf-8", "gbk", "replace"),
    ("GBK read as cp932, bytes lost", "gbk", "cp932", "replace"),
)
_CLAUSE = re.compile("(?<=[，。；：])")
_FEWEST = 16
"""Characters of a clause."""
_STEPS = (
    ("suspicious_values", "triage"),
    ("_distinct", "each suspect once"),
    ("eligible", "lines that may be read outright"),
    ("verdicts_of", "the contest of misreadings"),
    ("_reread", "Python's codecs, there and back"),
    ("_needs_no_look", "triage of what was read"),
    ("_slices", "which characters changed"),
    ("answers_outright", "edits as columns"),
    ("_read_strictly", "all that is read outright or together"),
    ("_search_rest", "all that is searched"),
    ("joined_answers", "answers put together"),
    ("batch_of", "columns put together"),
    ("repair_column", "all"),
)


class Column(NamedTuple):
    """A column, how many of its values may be given to what is measured beside, and what it is."""

    name: str
    values: pa.Array
    sample: int = 2000


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--clean", default=40_000, show_default=True, help="Lines of clean text.")
@click.option("--damaged", default=3000, show_default=True, help="Lines of each kind of damage.")
@click.option("--profile/--no-profile", default=True, show_default=True, help="Print where the time goes.")
def main(folder: Path, clean: int, damaged: int, *, profile: bool) -> None:
    """Measure clean columns, columns of which one value in a hundred is damaged, and columns damaged throughout."""
    lines = _lines(folder)
    pure, rest = lines[:clean], lines[clean:]
    columns = [Column("clean", pa.array(pure), clean // 10)]
    for name, original, wrong, errors in _KINDS:
        count = damaged if errors == "strict" else damaged // 3
        seen = _damaged(rest, original, wrong, errors)[:count]
        if len(seen) < count // 2:  # few whole lines come through UTF-8 read as GBK without a loss
            seen = _damaged(_clauses(rest), original, wrong, errors)[:count]
        mixed = [*pure[: 99 * len(seen) // 4], *seen[: len(seen) // 4]]
        random.Random(_SEED).shuffle(mixed)
        columns += [Column(f"1 % {name}", pa.array(mixed)), Column(f"all {name}", pa.array(seen))]
    repair_column(pa.concat_arrays([column.values[-20:] for column in columns]))  # compiles and loads
    _limits(columns[0].values)
    print(f"\n{'':38}{'values':>8}{'MB/s':>9}{'ftfy':>9}{'plsfix':>9}{'x ftfy':>9}{'x plsfix':>9}")
    for column in columns:
        _measure(column)
    _single(columns)
    for column in (columns[0], columns[2], columns[-4]) if profile else ():
        _profile(column)


def _limits(column: pa.Array) -> None:
    """Print how fast the bytes of a clean column are looked at and decoded by others."""
    size = column.nbytes / 1e6
    data = "\n".join(column.to_pylist()).encode("gb18030")
    for name, work in (
        ("Arrow utf8_length", lambda: pc.utf8_length(column)),
        ("triage alone", lambda: suspicious_values(column)),
        ("Python's GB18030 codec, bytes to text", lambda: data.decode("gb18030")),
    ):
        print(f"clean: {name:38}{size / _seconds(work):9.0f} MB/s")


def _measure(column: Column) -> None:
    """Print one column's speed, in megabytes of Arrow's UTF-8 as seen, beside the others on a part of it."""
    part = column.values.to_pylist()[-column.sample :]
    size = sum(len(value.encode()) for value in part) / 1e6
    ours = column.values.nbytes / 1e6 / _seconds(lambda: repair_column(column.values))
    by_ftfy = size / _seconds(lambda: [ftfy.fix_encoding(value) for value in part])
    by_plsfix = size / _seconds(lambda: [plsfix.fix_text(value) for value in part])
    figures = f"{ours:9.2f}{by_ftfy:9.1f}{by_plsfix:9.1f}{ours / by_ftfy:9.2f}{ours / by_plsfix:9.2f}"
    print(f"{column.name:38}{len(column.values):8}{figures}", flush=True)


def _single(columns: Sequence[Column]) -> None:
    """Print what one call of `repair_text` takes: of a clean suspect, and of a value of each kind of damage."""
    suspects = [value for value in columns[0].values.to_pylist() if suspicious(value)]
    print(f"\nrepair_text, ms a value ({len(suspects)} of {len(columns[0].values)} clean lines are suspects)")
    for name, values in (("clean suspects", suspects), *((own.name, own.values.to_pylist()) for own in columns[2::2])):
        some = values[:100]
        if some:
            taken = _seconds(lambda some=some: [repair_text(value) for value in some])  # type: ignore[misc]
            print(f"{name:38}{1e3 * taken / len(some):9.2f}")


def _profile(column: Column) -> None:
    """Print where the time goes, by step."""
    profile = cProfile.Profile(time.process_time)
    profile.runcall(repair_column, column.values)
    stats = pstats.Stats(profile).get_stats_profile().func_profiles
    print(f"\n{column.name}: where the time goes, ms")
    for function, words in _STEPS:
        if function in stats:
            print(f"{words:42}{1e3 * stats[function].cumtime:9.1f}")


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the least processor time that some work takes."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return max(best, 1e-9)


def _damaged(lines: Sequence[str], original: str, wrong: str, errors: str) -> list[str]:
    """Return the lines that meet this damage, as seen."""
    found = []
    for line in lines:
        try:
            found.append(line.encode(original).decode(wrong, errors))
        except UnicodeError:
            continue
    return found


def _clauses(lines: Sequence[str]) -> list[str]:
    """Return the clauses of lines that are not short, each once."""
    clauses = (clause for line in lines for clause in _CLAUSE.split(line) if len(clause) >= _FEWEST)
    return list(dict.fromkeys(clauses))


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
