import json
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from prefect.settings import PREFECT_API_URL

from expectations import Requirement, Rules
from flows.parameters import RepairParameters
from flows.policy_file import UserPolicy
from flows.repair_archive import ThresholdError, repair_archive
from tests.flows.archives import PAGE

pytestmark = [pytest.mark.usefixtures("prefect"), pytest.mark.slow]


def parameters(archive: Path, output: Path, **more: object) -> RepairParameters:
    return RepairParameters(sources=[str(archive)], output=str(output), **more)  # type: ignore[arg-type]


def run(given: RepairParameters) -> dict[str, Any]:
    """Run the flow; a broken threshold is no matter here."""
    try:
        return repair_archive(given)
    except ThresholdError:
        return json.loads((Path(given.output) / "latest" / "manifest.json").read_text("utf-8"))  # type: ignore[no-any-return]


def test_the_flow_publishes_and_leaves_nothing_behind(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    manifest = run(parameters(archive, output, workers=1))
    assert (output / "latest").resolve().name == manifest["run_id"]
    assert (output / "latest" / "report" / "index.html").is_file()
    assert sorted(path.name for path in (output / ".staging").iterdir()) == ["lock", "shards"]
    assert (output / "latest" / "report" / "data_docs" / "index.html").is_file()


def test_processes_and_shards_change_nothing(archive: Path, tmp_path: Path) -> None:
    run(parameters(archive, tmp_path / "one", workers=1))
    run(parameters(archive, tmp_path / "many", workers=2, shard_bytes=700))
    assert rows_of(tmp_path / "one") == rows_of(tmp_path / "many")


def rows_of(output: Path) -> list[str]:
    """Return every record of the latest run as text, what differs between runs left out."""
    rows = []
    for table in ("clean", "quarantine", "repairs"):
        for path in (output / "latest" / table).glob("*.parquet"):
            rows += [repr((table, sorted({**row, "run_id": ""}.items()))) for row in pq.read_table(path).to_pylist()]
    return sorted(rows)


def test_a_second_run_keeps_the_first(archive: Path, tmp_path: Path) -> None:
    first = run(parameters(archive, tmp_path / "out", workers=1))
    second = run(parameters(archive, tmp_path / "out", workers=1))
    assert first["run_id"] != second["run_id"]
    assert len(list((tmp_path / "out" / "runs").iterdir())) == 2


def test_a_second_run_shows_cached_shards(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, "utf-8")
    for _ in range(2):
        manifest = run(parameters(tmp_path / "a.txt", tmp_path / "out", workers=1))
    asked = {"task_runs": {"name": {"like_": "repair-shard"}}, "sort": "EXPECTED_START_TIME_DESC", "limit": 1}
    (latest,) = httpx.post(f"{PREFECT_API_URL.value()}/task_runs/filter", json=asked).json()
    assert latest["state"]["name"] == "Cached"
    assert manifest["timings"] | {"seconds": 0} == {"seconds": 0, "shards": 1, "reused": 1}


def test_a_broken_threshold_fails_after_publishing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, "utf-8")
    strict = UserPolicy(rules=Rules(required=(Requirement(field="url", source="*.txt", mostly=0.9),)))
    with pytest.raises(ThresholdError, match=r"rule url-present\[\*\.txt\] on url: 1 of 1 records break it"):
        repair_archive(parameters(tmp_path / "a.txt", tmp_path / "out", policy=strict))
    assert (tmp_path / "out" / "latest" / "manifest.json").is_file()


def test_artifacts_show_the_run(archive: Path, tmp_path: Path) -> None:
    manifest = run(parameters(archive, tmp_path / "out", workers=1))
    assert "quarantine" in artifact("mojimend-counts")
    assert f"{manifest['run_id']}/report/index.html" in artifact("mojimend-report")
    assert str(manifest["run_id"]) in artifact("mojimend-run")


def artifact(key: str) -> str:
    """Return the latest artifact of a key, asked of the server as its UI does."""
    asked = {"artifacts": {"key": {"any_": [key]}}, "sort": "UPDATED_DESC", "limit": 1}
    answer = httpx.post(f"{PREFECT_API_URL.value()}/artifacts/filter", json=asked).json()
    return str(answer[0]["data"])


def test_no_source_is_a_clear_message(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such file, folder or pattern"):
        repair_archive(parameters(tmp_path / "nowhere", tmp_path / "out"))
