"""The repository itself: imports point one way, tables say what they are, starting is quick and light."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "repair": {"expectations", "flows", "prefect", "great_expectations", "pandas"},
    "expectations": {"flows", "prefect"},
}


@pytest.mark.parametrize(("package", "forbidden"), FORBIDDEN.items())
def test_imports_point_one_way(package: str, forbidden: set[str]) -> None:
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not forbidden & {name.split(".")[0] for name in names}, path


@pytest.mark.parametrize("path", sorted((ROOT / "repair" / "data").glob("*.tsv")), ids=lambda path: path.name)
def test_tables_have_a_header_and_no_row_twice(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    header = " ".join(line for line in lines if line.startswith("#"))
    assert "Format:" in header
    assert "icence:" in header
    rows = [line for line in lines if not line.startswith("#")]
    assert len(rows) == len(set(rows))
    assert rows == sorted(rows)


def test_the_core_starts_without_the_heavy_libraries() -> None:
    code = (
        "import repair, flows.cli, sys; print(sorted({'prefect', 'great_expectations', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_the_model_is_small() -> None:
    assert (ROOT / "repair" / "data" / "language.npz").stat().st_size <= 4_000_000


def test_both_readmes_name_the_same_commands() -> None:
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    blocks = [re.findall(r"```(?:sh|python)\n(.*?)```", text, re.DOTALL) for text in (english, chinese)]
    assert blocks[0]
    assert blocks[0] == blocks[1]
