"""What is kept compiled is renewed when a file changes that it was compiled from."""

import ast
from pathlib import Path

import pytest

from repair import compiled

_PACKAGE = Path(compiled.__file__).parent
_COMPILED = [path for path in _PACKAGE.rglob("*.py") if "from repair.compiled import" in path.read_text("utf-8")]


def _modules(source: Path) -> set[Path]:
    """Return the files of the package that a file imports, as Python's own parser sees them."""
    nodes = [node for node in ast.walk(ast.parse(source.read_bytes())) if isinstance(node, ast.ImportFrom)]
    names = {name for node in nodes for name in (node.module, *(f"{node.module}.{one.name}" for one in node.names))}
    paths = {_PACKAGE.parent / f"{str(name).replace('.', '/')}.py" for name in names}
    return {path for path in paths if path.is_file() and path != _PACKAGE / "compiled.py"}


@pytest.mark.parametrize("source", _COMPILED, ids=lambda path: str(path.relative_to(_PACKAGE)))
def test_every_import_is_part_of_the_stamp(source: Path) -> None:
    assert compiled.imported(source) >= _modules(source)
