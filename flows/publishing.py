"""The output folder: runs that are complete, one being staged, and ``latest``, which moves in one step."""

import fcntl
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.parquet import ARTICLES, fsync

_TABLES = ("clean", "quarantine", "repairs")
_SHARDS = "shards"
_NAME = "name"


class OutputBusyError(RuntimeError):
    """Another run is writing to the same output folder."""


@dataclass(frozen=True, slots=True)
class Staging:
    """The folder of a run in the making, and that of finished shards. Nothing in them is seen from ``latest``.

    Finished shards outlive their run: the next one takes those whose content and settings are the same, whether the
    run was killed or published. ``cache`` is the name of their folder's present life; a folder made anew has another.
    """

    folder: Path
    shards: Path
    cache: str
    run_id: str
    started_at: str

    def shard(self, key: str) -> Path:
        """Return where a shard's files go."""
        return self.shards / key

    @property
    def run(self) -> Path:
        """Return where the run is put together."""
        return self.folder / "run"


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Hold the output folder for one run; the lock ends with the process, however it ends."""
    staging = output / ".staging"
    staging.mkdir(parents=True, exist_ok=True)
    with (staging / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputBusyError(f"another run is writing to {output}") from error
        yield


def begin(output: Path, key: str) -> Staging:
    """Begin a run; ``key`` tells its settings. What a killed run left half-written goes, its finished shards stay."""
    staging = output / ".staging"
    shards = staging / _SHARDS
    shards.mkdir(exist_ok=True)
    for folder in (*staging.iterdir(), *shards.glob("*.unfinished")):
        if folder.is_dir() and folder != shards:
            shutil.rmtree(folder)
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%S}.{now.microsecond:06d}Z-{key[:6]}"
    return Staging(staging / run_id, shards, _cache_name(shards, run_id), run_id, now.isoformat(timespec="seconds"))


def _cache_name(shards: Path, run_id: str) -> str:
    """Return the name of the folder of shards, which it keeps as long as it lives."""
    path = shards / _NAME
    if not path.is_file():
        new = path.with_name(f"{_NAME}.new")
        new.write_text(run_id, "utf-8")
        new.replace(path)
    return path.read_text("utf-8")


def assemble(staging: Staging, shards: Sequence[Path]) -> Path:
    """Put the shards' files together as a run, by links: a run that is cut short here is put together anew."""
    shutil.rmtree(staging.run, ignore_errors=True)
    for table in _TABLES:
        (staging.run / table).mkdir(parents=True)
        for number, shard in enumerate(shards):
            for path in sorted((shard / table).glob("*.parquet")):
                _link(path, staging.run / table / f"{path.stem}-{number:05d}.parquet")
    return staging.run


def _link(path: Path, new: Path) -> None:
    """Give a file a second name, or a copy where the file system has no links."""
    try:
        os.link(path, new)
    except OSError:
        shutil.copyfile(path, new)


def publish(output: Path, staging: Staging) -> Path:
    """Move the assembled run to its place, then ``latest`` to it, each in one step; return the run's folder."""
    runs = output / "runs"
    runs.mkdir(exist_ok=True)
    for path in staging.run.rglob("*"):
        fsync(path)
    final = runs / staging.run_id
    staging.run.rename(final)
    fsync(runs)
    link = output / ".staging" / "latest"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("runs") / staging.run_id)
    link.replace(output / "latest")
    fsync(output)
    shutil.rmtree(staging.folder, ignore_errors=True)
    return final


def forget(staging: Staging, kept: Collection[str]) -> None:
    """Remove the finished shards that the published run did not use."""
    for folder in staging.shards.iterdir():
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def article_files(run: Path, table: str) -> list[Path]:
    """Return the article files of a run's table."""
    return sorted((run / table).glob(f"{ARTICLES}-*.parquet"))
