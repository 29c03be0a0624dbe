"""The command."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.job.archives import Row, rows, write_json, write_pages, write_tables
from benchmarks.job.others import bare, script

_WRITERS = {"csv": write_tables, "jsonl": write_json, "txt": write_pages}
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of the whole command, and the most megabytes that any of its processes held."""

    seconds: float
    memory: float


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--megabytes", default=100, show_default=True, help="Size of each archive.")
@click.option("--script-megabytes", default=2, show_default=True, help="Size of the archive that the script is given.")
@click.option("--kind", "kinds", type=click.Choice(list(_WRITERS)), multiple=True, default=tuple(_WRITERS))
@click.option("--every", default=100, show_default=True, help="One row in so many is damaged.")
@click.option("--larger", default=4, show_default=True, help="How much larger the archive is that memory is seen on.")
@click.option("--work", type=click.Path(path_type=Path), help="Folder for the archives.  [a temporary one]")
def main(  # noqa: PLR0913, PLR0917 - options
    folder: Path,
    megabytes: int,
    script_megabytes: int,
    kinds: tuple[str, ...],
    every: int,
    larger: int,
    work: Path | None,
) -> None:
    """Measure the job; FOLDER holds laws.txt.xz and reports.txt.xz, one paragraph a line.

    The job is the command as users run it, its start included; "beyond the start" is what is left when the time for an
    archive of a few rows is taken off.
    """
    source = rows(folder, every)
    with tempfile.TemporaryDirectory(dir=work) as temporary:
        bench = _Bench(Path(temporary), source)
        start = min(bench.job("csv", 0.001, workers).seconds for workers in (1, 2, 2))
        print(f"start alone: {start:.1f} s")
        print(f"{'':6}{'MB':>6}{'bare s':>9}{'script s':>10}{'1 worker':>10}{'2 workers':>10}", end="")
        print(f"{'x bare':>8}{'x script':>9}{'scaling':>8}{'MB of memory':>14}   beyond the start: x bare, x script")
        for kind in kinds:
            bench.row(kind, megabytes, script_megabytes, start)
            if larger > 1:
                took = bench.job(kind, megabytes * larger, 2)
                print(f"{kind:6}{megabytes * larger:6}{took.seconds:48.1f}{took.memory:39.0f}", flush=True)


class _Bench:
    """Archives and what is measured on them."""

    def __init__(self, folder: Path, source: Iterator[Row]) -> None:
        self.folder, self.source = folder, source

    def archive(self, kind: str, megabytes: float) -> Path:
        """Return an archive of this size, made when it is first asked for."""
        path = self.folder / f"{kind}-{megabytes}"
        if not path.exists():
            _WRITERS[kind](path, self.source, int(megabytes * _MB))
        return path

    def row(self, kind: str, megabytes: int, script_megabytes: int, start: float) -> None:
        """Measure everything about one kind of archive, and print it."""
        archive, small = self.archive(kind, megabytes), self.archive(kind, script_megabytes)
        by_bare = min(self._seconds(bare, archive) for _ in range(3))
        by_script = self._seconds(script, small) * _size(archive) / _size(small)
        one, two = (self.job(kind, megabytes, workers) for workers in (1, 2))
        print(f"{kind:6}{megabytes:6}{by_bare:9.2f}{by_script:10.1f}{one.seconds:10.1f}{two.seconds:10.1f}", end="")
        print(f"{two.seconds / by_bare:8.1f}{by_script / two.seconds:9.1f}", end="")
        beyond = two.seconds - start
        print(f"{(one.seconds - start) / beyond:8.2f}{max(one.memory, two.memory):14.0f}", end="")
        print(f"   {beyond / by_bare:.1f}, {by_script / beyond:.1f}", flush=True)

    def job(self, kind: str, megabytes: float, workers: int) -> Took:
        """Run the job as a command."""
        archive, target = self.archive(kind, megabytes), self.folder / "out"
        shutil.rmtree(target, ignore_errors=True)
        command = [
            str(Path(sys.executable).parent / "mojimend"),
            "run",
            str(archive),
            "--output",
            str(target),
            "--json",
        ]
        environment = {**os.environ, "PREFECT_HOME": str(self.folder / "prefect")}
        began = time.perf_counter()
        process = subprocess.Popen([*command, "--workers", str(workers)], env=environment, stdout=subprocess.PIPE)  # noqa: S603 - our own command
        counts = json.loads(process.communicate()[0])
        seconds = time.perf_counter() - began
        if process.returncode or not counts["records"]:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
        return Took(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000)

    def _seconds(self, work: Callable[[Path, Path], None], archive: Path) -> float:
        target = self.folder / "other"
        shutil.rmtree(target, ignore_errors=True)
        began = time.perf_counter()
        work(archive, target)
        return time.perf_counter() - began


def _size(archive: Path) -> int:
    return sum(path.stat().st_size for path in archive.iterdir())


if __name__ == "__main__":
    main()
