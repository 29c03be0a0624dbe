from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.undoing import original_bytes
from flows.verification import verify
from tests.flows.plain_run import run_plainly

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed"

pytestmark = pytest.mark.skipif(not SEED.is_dir(), reason="the real page lies beside the repository only")


def test_the_real_page_is_mended_in_full(tmp_path: Path) -> None:
    run_plainly(SEED, output=tmp_path / "out")
    run = tmp_path / "out" / "latest"
    (row,) = [row for path in run.glob("[cq]*/articles-*.parquet") for row in pq.read_table(path).to_pylist()]
    assert row["published_at"].isoformat() == "2021-08-13T09:38:43+08:00"
    assert row["authors"] == ["兰亮", "李翔根"]
    assert row["source"] == "县融媒体中心"
    assert row["visits"] is None
    assert len(row["body"].strip().split("\n")) == 6
    (path,) = SEED.glob("*.txt")
    assert original_bytes(run, str(path)) == path.read_bytes()
    *_, last = verify(run)
    assert last.mismatches == ()
    assert last.replayed == 1
