"""The repository itself: imports point one way, tables say what they are, starting is quick and light."""

import ast
import re
import resource
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


def test_starting_is_quick(tmp_path: Path) -> None:
    """Compare with the libraries underneath: the core takes twice Arrow, a line of text four times Arrow and numba."""
    (tmp_path / "a.txt").write_text("鍏ㄩ潰钀藉疄闃叉睕璐ｄ换\n", "utf-8")
    run = (
        f"import sys; sys.argv = ['mojimend', 'text', {str(tmp_path / 'a.txt')!r}]; from flows.cli import main; main()"
    )
    assert _seconds("import repair") < 3 * _seconds("import pyarrow.compute")
    assert _seconds(run) < 6 * _seconds("import pyarrow.compute, numba")


def _seconds(code: str) -> float:
    """Return the processor's seconds in the least of three runs."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    return min(once() for _ in range(3))


def test_the_model_is_small() -> None:
    assert (ROOT / "repair" / "data" / "language.bin").stat().st_size <= 8_000_000


def test_both_readmes_name_the_same_commands() -> None:
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    blocks = [re.findall(r"```(?:sh|python)\n(.*?)```", text, re.DOTALL) for text in (english, chinese)]
    assert blocks[0]
    assert blocks[0] == blocks[1]
