"""The output folder: runs that are complete, one being staged, and ``latest``, which moves in one step."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.parquet import ARTICLES, fsync

_TABLES = ("clean", "quarantine", "repairs")
_BEGUN = "begun.json"


class OutputBusyError(RuntimeError):
    """Another run is writing to the same output folder."""


@dataclass(frozen=True, slots=True)
class Staging:
    """The folder of a run in the making. Nothing in it is seen from ``latest``."""

    folder: Path
    run_id: str
    started_at: str

    def shard(self, key: str) -> Path:
        """Return where a shard's files go."""
        return self.folder / "shards" / key

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
    """Take up a run with the same settings that was cut short, or begin a new one; leftovers of others go."""
    resumed: Staging | None = None
    for folder in sorted((output / ".staging").iterdir()):
        if not folder.is_dir():
            continue
        found = _begun(folder, key)
        if found and not resumed and not (output / "runs" / found.run_id).exists():
            resumed = found
        else:
            shutil.rmtree(folder)
    return resumed or _begin_new(output, key)


def _begun(folder: Path, key: str) -> Staging | None:
    try:
        told = json.loads((folder / _BEGUN).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return Staging(folder, told["run_id"], told["started_at"]) if told.get("key") == key else None


def _begin_new(output: Path, key: str) -> Staging:
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%S}.{now.microsecond:06d}Z-{key[:6]}"
    staging = Staging(output / ".staging" / run_id, run_id, now.isoformat(timespec="seconds"))
    (staging.folder / "shards").mkdir(parents=True)
    told = {"run_id": run_id, "started_at": staging.started_at, "key": key}
    written = staging.folder / f"{_BEGUN}.new"
    written.write_text(json.dumps(told), "utf-8")
    written.replace(staging.folder / _BEGUN)
    return staging


def assemble(staging: Staging, shards: Sequence[Path]) -> Path:
    """Put the shards' files together as a run, by links: a run that is cut short here is put together anew."""
    shutil.rmtree(staging.run, ignore_errors=True)
    for table in _TABLES:
        (staging.run / table).mkdir(parents=True)
        for number, shard in enumerate(shards):
            for path in sorted((shard / table).glob("*.parquet")):
                os.link(path, staging.run / table / f"{path.stem}-{number:05d}.parquet")
    return staging.run


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


def article_files(run: Path, table: str) -> list[Path]:
    """Return the article files of a run's table."""
    return sorted((run / table).glob(f"{ARTICLES}-*.parquet"))
