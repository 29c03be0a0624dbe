"""Text from public places that looks risky and is not damaged: it must come out as it is."""

from pathlib import Path

import pytest

from repair import repair_text

_MOST = 40_000  # characters: the longer files take seconds each
FOLDER = Path(__file__).parents[3] / "shared" / "wild" / "negative"
FILES = sorted(path for path in FOLDER.glob("*") if path.name != "index.jsonl" and path.stat().st_size < _MOST)


@pytest.mark.skipif(not FILES, reason="the collection of real text is not part of the project")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_risky_text_is_not_changed(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    assert repair_text(text).text == text
