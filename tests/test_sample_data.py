"""The sample archive: its files are what make.py makes, and a run over them gives the truth."""

import importlib.util
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.parquet as pq
import pytest

HERE = Path(__file__).parents[1] / "sample_data"
ROWS = [json.loads(line) for line in (HERE / "truth.jsonl").read_text("utf-8").splitlines()]


@cache
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make", HERE / "make.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["make"] = module
    spec.loader.exec_module(module)
    return module


def test_the_files_are_what_make_makes() -> None:
    made = {sample.name: sample.data for sample in make().samples()}
    assert {path.name: path.read_bytes() for path in (HERE / "archive").iterdir()} == made


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("samples")
    command = [str(Path(sys.executable).parent / "mojimend"), "run", str(HERE / "archive"), "-o", str(out)]
    given = ["--mappings", str(HERE / "mappings"), "--policy", str(HERE / "policy.toml")]
    done = subprocess.run([*command, *given], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    verified = subprocess.run([command[0], "verify", str(out / "latest")], check=False, capture_output=True, text=True)
    assert verified.returncode == 0, verified.stdout
    return out / "latest"


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found = (row for path in folder.glob("*.parquet") for row in pq.read_table(path).to_pylist())
    return [row for row in found if row["source_uri"].endswith(f"/{name}")]


@pytest.mark.slow
@pytest.mark.parametrize("truth", ROWS, ids=lambda row: row["name"])
def test_a_run_gives_the_truth(run: Path, truth: dict[str, Any]) -> None:
    clean, quarantine = rows(run / "clean", truth["name"]), rows(run / "quarantine", truth["name"])
    found = clean if truth["outcome"] == "clean" else quarantine
    assert len(found) == len(clean) + len(quarantine) > 0
    if truth["outcome"] == "clean":
        assert {row["grade"] for row in found} == {truth["grade"]}
    else:
        assert all(truth["grade"] in row["reasons"] for row in found)
    if truth["text"]:
        body = found[0]["body"].splitlines()
        lines = [line.strip() for line in truth["text"].splitlines()]
        assert [line for line in body if line not in lines] == []
        assert len(body) >= len(lines) - 2


@pytest.mark.slow
@pytest.mark.parametrize(("name", "columns"), [("table.csv", ("name", "title")), ("header.csv", ("姓名", "文件标题"))])
def test_short_values_follow_their_column(run: Path, name: str, columns: tuple[str, str]) -> None:
    found = [tuple(row[column] for column in columns) for row in rows(run / "clean", name)]
    assert found == list(make().PEOPLE)
