import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL

from tests.flows.archives import PAGE, write_archive

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.usefixtures("prefect")]
KILLS = 10


def start(archive: Path, output: Path, home: Path) -> "subprocess.Popen[bytes]":
    """Start a run in a session of its own, so that its workers can be seen to end with it."""
    command = [sys.executable, "-c", "from flows.cli import main; main()", "run", str(archive), "--output", str(output)]
    given = ["--shard-bytes", "2000", "--workers", "2"]
    environment = {**os.environ, "PREFECT_HOME": str(home), "PREFECT_API_URL": PREFECT_API_URL.value()}
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*command, *given], env=environment, stdout=quiet, stderr=quiet, start_new_session=True)


def test_a_run_killed_at_any_moment_harms_nothing(tmp_path: Path) -> None:
    archive, output, home = write_archive(tmp_path / "archive"), tmp_path / "out", tmp_path / "prefect"
    for number in range(30):
        (archive / f"more{number}.txt").write_text(PAGE * (number + 1), "utf-8")
    began = time.monotonic()
    assert start(archive, output, home).wait(300) in {0, 1}
    lasted = time.monotonic() - began
    moments = random.Random(20211113)
    published = (output / "latest").resolve()
    for _ in range(KILLS):
        (archive / "more0.txt").write_text(PAGE * moments.randint(1, 99), "utf-8")
        kill_after(moments.uniform(0.3, 1) * lasted, archive, output, home)
        latest = (output / "latest").resolve()
        assert (latest / "report" / "index.html").is_file()
        assert (latest / "manifest.json").is_file()
    assert start(archive, output, home).wait(300) in {0, 1}
    assert (output / "latest").resolve() != published
    assert sorted(path.name for path in (output / ".staging").iterdir()) == ["lock", "shards"]


def kill_after(seconds: float, archive: Path, output: Path, home: Path) -> None:
    process = start(archive, output, home)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait(30)
