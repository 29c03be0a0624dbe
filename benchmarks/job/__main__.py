"""The command."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import click

from benchmarks.job.archives import Row, rows, write_json, write_pages, write_tables
from benchmarks.job.others import bare, script
from benchmarks.job.processes import Took, watched

_WRITERS = {"csv": write_tables, "jsonl": write_json, "txt": write_pages}
_MB = 1_000_000
_TIMES = 5
"""How often the bare read and write is done: the least time counts."""
_COLUMNS = (
    f"{'':6}{'MB':>5} |{'bare':>7}{'script':>8} |{'1 worker':>9}{'2':>7}{'x bare':>8}{'x script':>9}{'scaling':>8} |"
    f"{'bare':>7}{'script':>8}{'job':>7}{'x bare':>8}{'x script':>9} |{'memory':>7}"
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--megabytes", default=100, show_default=True, help="Size of each archive.")
@click.option("--script-megabytes", default=2, show_default=True, help="Size of the archive that the script is given.")
@click.option("--kind", "kinds", type=click.Choice(list(_WRITERS)), multiple=True, default=tuple(_WRITERS))
@click.option("--every", default=100, show_default=True, help="One row in so many is damaged.")
@click.option("--larger", default=4, show_default=True, help="How much larger the archive is for scaling and memory.")
@click.option("--times", default=3, show_default=True, help="How often each job is run; the least time counts.")
def main(  # noqa: PLR0913, PLR0917 - one for each option
    folder: Path, megabytes: int, script_megabytes: int, kinds: tuple[str, ...], every: int, larger: int, times: int
) -> None:
    """Measure the job; FOLDER holds laws.txt.xz and reports.txt.xz, one paragraph a line.

    The job is the command as users run it. What it takes for an archive of a few rows, with as many workers, is its
    start, which is printed and taken off; it differs from run to run by more than a second, so every job is run several
    times and the least time counts. How much faster two workers are than one is told by medians, of the larger archive:
    on one of a few seconds it is an accident of how long the start took. First by the clock: seconds, how many times
    those of the bare read and write, how many times faster than the script, both with two workers, and how much faster
    two workers are than one. Then by the processor: the seconds of all cores, which other work on the machine disturbs
    less; there a ratio to bare of 6 is one of 3 on two cores.
    Memory is the most that one process held, in MB.
    """
    with tempfile.TemporaryDirectory() as temporary:
        bench = _Bench(Path(temporary), rows(folder, every), times)
        bench.job("csv", 0.001, 2)  # compiles, and makes the engine's database
        starts = bench.both("csv", 0.001)
        for workers, start in enumerate(map(_least_of, starts), 1):
            print(f"start with {workers}: {start.seconds:.1f} s, {start.processor:.1f} s of the processor")
        print(_COLUMNS)
        for kind in kinds:
            bench.row(kind, (megabytes, megabytes * larger), script_megabytes, starts)


class _Bench:
    """Archives and what is measured on them."""

    def __init__(self, folder: Path, source: Iterator[Row], times: int) -> None:
        self.folder, self.source, self.times = folder, source, times

    def archive(self, kind: str, megabytes: float) -> Path:
        """Return an archive of this size, made when it is first asked for."""
        path = self.folder / f"{kind}-{megabytes}"
        if not path.exists():
            _WRITERS[kind](path, self.source, int(megabytes * _MB))
        return path

    def row(self, kind: str, sizes: tuple[int, int], script_megabytes: int, starts: Sequence[Sequence[Took]]) -> None:
        """Measure everything about archives of one kind, of two sizes, and print it."""
        archive, small = self.archive(kind, sizes[0]), self.archive(kind, script_megabytes)
        simple = _least([self._other(bare, archive) for _ in range(_TIMES)])
        scale = _size(archive) / _size(small)
        by_script = tuple(scale * took for took in self._other(script, small))
        runs = self.both(kind, sizes[0])
        longer = runs if sizes[0] == sizes[1] else self.both(kind, sizes[1])
        (one, two), least = map(_least_of, runs), list(map(_least_of, starts))
        by_one, by_two = one.seconds - least[0].seconds, two.seconds - least[1].seconds
        used = two.processor - least[1].processor
        print(f"{kind:6}{sizes[0]:5} |{simple[0]:7.2f}{by_script[0]:8.1f} |{by_one:9.1f}{by_two:7.1f}", end="")
        print(f"{by_two / simple[0]:8.1f}{by_script[0] / by_two:9.1f}{_scaling(longer, starts):8.2f} |", end="")
        print(
            f"{simple[1]:7.2f}{by_script[1]:8.1f}{used:7.1f}{used / simple[1]:8.1f}{by_script[1] / used:9.1f} |", end=""
        )
        print(f"{max(one.memory, two.memory):7.0f}")
        if longer is not runs:
            memory = max(took.memory for by_workers in longer for took in by_workers)
            print(f"{kind:6}{sizes[1]:5}{memory:{len(_COLUMNS) - 11}.0f}", flush=True)

    def both(self, kind: str, megabytes: float) -> tuple[list[Took], list[Took]]:
        """Run the job several times with one worker and with two, by turns: what disturbs one disturbs the other."""
        runs = [(self.job(kind, megabytes, 1), self.job(kind, megabytes, 2)) for _ in range(self.times)]
        return [one for one, _ in runs], [two for _, two in runs]

    def job(self, kind: str, megabytes: float, workers: int) -> Took:
        """Run the job as a command."""
        archive, target = self.archive(kind, megabytes), self.folder / "out"
        shutil.rmtree(target, ignore_errors=True)
        mojimend = str(Path(sys.executable).parent / "mojimend")
        command = (mojimend, "run", str(archive), "--output", str(target), "--json", "--workers", str(workers))
        counts, took = watched(command, {**os.environ, "PREFECT_HOME": str(self.folder / "prefect")})
        if not counts["records"]:
            raise RuntimeError(f"no records came of {archive}")
        return took

    def _other(self, work: Callable[[Path, Path], None], archive: Path) -> tuple[float, float]:
        """Return the seconds that some work takes, and those of the processor."""
        target = self.folder / "other"
        shutil.rmtree(target, ignore_errors=True)
        began, used = time.perf_counter(), time.process_time()
        work(archive, target)
        return time.perf_counter() - began, time.process_time() - used


def _least_of(runs: Sequence[Took]) -> Took:
    """Return the least that runs took, and the most that one held."""
    return Took(
        min(took.seconds for took in runs), min(took.processor for took in runs), max(took.memory for took in runs)
    )


def _scaling(runs: Sequence[Sequence[Took]], starts: Sequence[Sequence[Took]]) -> float:
    """Return how much faster two workers are than one, the start taken off."""
    one, two = (
        median(took.seconds for took in own) - median(took.seconds for took in start)
        for own, start in zip(runs, starts, strict=True)
    )
    return one / two


def _least(taken: list[tuple[float, float]]) -> tuple[float, float]:
    return min(seconds for seconds, _ in taken), min(used for _, used in taken)


def _size(archive: Path) -> int:
    return sum(path.stat().st_size for path in archive.iterdir())


if __name__ == "__main__":
    main()
