import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations import Requirement, Rules
from flows.blocks import provenance_of
from flows.clean_pages import CleanPages
from flows.fields import ArticleFields, Articles, Bytes, Places, extract, extract_all
from flows.finished_run import NotARunError, run_folder
from flows.finishing import ConservationError
from flows.mending import Mended
from flows.parquet import ShardWriter
from flows.policy_file import UserPolicy
from flows.publishing import OutputBusyError, begin, locked
from flows.readers import decode_pages
from flows.records import Layout, Place, Record
from flows.undoing import UndoError, original_bytes
from flows.verification import ReplayError, edited, verify
from tests.flows.archives import PAGE, write_archive
from tests.flows.plain_run import run_plainly

BAD = {
    "invalid-json": 4,
    "lone-surrogate": 2,
    "wrong-column-count": 3,
    "unreadable": 2,
    "binary": 1,
    "empty": 1,
    "lost-share": 1,
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    run_plainly(write_archive(folder / "archive"), output=folder / "out")
    return folder


def manifest_of(finished: Path) -> dict[str, Any]:
    return json.loads((finished / "out" / "latest" / "manifest.json").read_text("utf-8"))  # type: ignore[no-any-return]


def test_every_bad_input_has_its_reason(finished: Path) -> None:
    reasons = manifest_of(finished)["counts"]["quarantined_by_reason"]
    assert {reason: count for reason, count in reasons.items() if not reason.startswith("rule:")} == BAD


def test_nothing_is_lost(finished: Path) -> None:
    run = finished / "out" / "latest"
    rows = {t: sum(pq.read_metadata(p).num_rows for p in (run / t).glob("*.parquet")) for t in ("clean", "quarantine")}
    counts = manifest_of(finished)["counts"]
    assert rows["clean"] + rows["quarantine"] == counts["records"]
    assert rows["clean"] == counts["clean"]


def test_record_ids_are_unique(finished: Path) -> None:
    run = finished / "out" / "latest"
    ids = [i for p in run.glob("[cq]*/*.parquet") for i in pq.read_table(p)["record_id"].to_pylist()]
    assert len(ids) == len(set(ids))


def test_every_original_comes_back(finished: Path) -> None:
    for name in ("clean.txt", "gbk.txt", "damaged.txt", "page.html", "binary.dat", "hopeless.txt"):
        path = finished / "archive" / name
        assert original_bytes(finished / "out" / "latest", str(path)) == path.read_bytes()


def test_undo_says_what_it_cannot_find(finished: Path) -> None:
    run = finished / "out" / "latest"
    with pytest.raises(UndoError, match="no record"):
        original_bytes(run, "nothing")
    with pytest.raises(UndoError, match="answer to"):
        original_bytes(run, str(finished / "archive" / "rows.csv"))


def test_the_run_verifies(finished: Path) -> None:
    *_, last = verify(finished / "out" / "latest")
    assert last.mismatches == ()
    assert last.replayed >= 1
    assert last.records == manifest_of(finished)["counts"]["records"]


def test_damage_is_repaired_alike_whatever_the_encoding(finished: Path) -> None:
    run = finished / "out" / "latest"
    bodies = {
        Path(row["source_uri"]).name: (row["title"], row["body"], row["grade"])
        for p in run.glob("[cq]*/articles-*.parquet")
        for row in pq.read_table(p).to_pylist()
    }
    assert bodies["damaged.txt"][:2] == bodies["gbk.txt"][:2] == bodies["clean.txt"][:2]
    assert bodies["damaged.txt"][2] == "exact"
    assert bodies["clean.txt"][2] == "clean"


def test_a_table_keeps_its_own_columns(finished: Path) -> None:
    (path,) = (finished / "out" / "latest" / "clean").glob("rows-*.parquet")
    table = pq.read_table(path)
    assert {"编号", "标题", "sha256 (own)"} <= set(table.column_names)
    assert table["标题"].to_pylist()[0] == "关于做好,防汛工作"


def test_tampering_is_found(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("编号,标题\n1,全县防汛工作会议\n", "utf-8")
    run_plainly(source, output=tmp_path / "out")
    (path,) = (tmp_path / "out" / "latest" / "clean").glob("a-*.parquet")
    table = pq.read_table(path)
    pq.write_table(table.set_column(table.column_names.index("标题"), "标题", [["改过的标题"]]), path)
    *_, last = verify(tmp_path / "out" / "latest")
    assert ["标题" in mismatch.what for mismatch in last.mismatches] == [True]


def test_edits_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ReplayError, match="does not fit"):
        edited("abc", [{"start": 1, "end": 2, "seen": "x", "text": "y"}])


def test_finished_shards_of_a_killed_run_are_not_done_again(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr("tests.flows.plain_run.finish", _killed)
        with pytest.raises(KeyboardInterrupt):
            run_plainly(archive, output=output, shard_bytes=500)
    done = {path.name for path in (output / ".staging" / "shards").iterdir() if path.is_dir()}
    manifest = run_plainly(archive, output=output, shard_bytes=500)
    assert manifest["timings"]["shards"] == len(done) > 3
    assert manifest["timings"]["reused"] == len(done) - 2  # what could not be read is tried again


def test_a_later_run_takes_over_what_has_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(PAGE, "utf-8")
    run_plainly(tmp_path, output=tmp_path / ".out", shard_bytes=1)
    (tmp_path / "b.txt").write_text(PAGE * 2, "utf-8")
    assert run_plainly(tmp_path, output=tmp_path / ".out", shard_bytes=1)["timings"]["reused"] == 1
    monkeypatch.setattr("flows.processing.read_records", _killed)
    assert run_plainly(tmp_path, output=tmp_path / ".out", shard_bytes=1)["timings"]["reused"] == 2


def test_a_policy_of_its_own_takes_nothing_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE, "utf-8")
    run_plainly(tmp_path, output=tmp_path / ".out")
    stricter = UserPolicy(rules=Rules(required=(Requirement(field="url"),)))
    manifest = run_plainly(tmp_path, output=tmp_path / ".out", policy=stricter)
    assert manifest["timings"]["reused"] == 0
    assert manifest["counts"]["quarantined_by_reason"] == {"rule:url-present": 1}


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_two_runs_do_not_share_an_output(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(OutputBusyError), locked(tmp_path):
        pass


def test_a_new_run_clears_what_was_half_written(tmp_path: Path) -> None:
    with locked(tmp_path):
        first = begin(tmp_path, "a" * 32)
        first.run.mkdir(parents=True)
        first.shard("b").mkdir()
        first.shard("c.1.unfinished").mkdir()
        second = begin(tmp_path, "a" * 32)
    assert second.cache == first.cache
    assert second.shard("b").exists()
    assert not first.folder.exists()
    assert not first.shard("c.1.unfinished").exists()


@pytest.mark.parametrize("broken", ["dropped", "doubled"])
@pytest.mark.parametrize("text", [PAGE, PAGE.encode().decode("latin-1")], ids=["clean", "damaged"])
def test_a_run_that_lost_or_doubled_a_record_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, broken: str
) -> None:
    (tmp_path / "a.txt").write_text(text, "utf-8")
    monkeypatch.setattr("flows.processing.ShardWriter", {"dropped": Dropping, "doubled": Doubling}[broken])
    with pytest.raises(ConservationError, match=r"a\.txt"):
        run_plainly(tmp_path / "a.txt", output=tmp_path / "out")
    assert not (tmp_path / "out" / "latest").exists()


class Dropping(ShardWriter):
    def write(self, mended: Sequence[Mended]) -> None:
        super().write(mended[1:])

    def write_pages(self, pages: CleanPages) -> None:
        """Leave clean pages out."""


class Doubling(ShardWriter):
    def write(self, mended: Sequence[Mended]) -> None:
        super().write([*mended, *mended])

    def write_pages(self, pages: CleanPages) -> None:
        super().write_pages(pages)
        super().write_pages(pages)


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    with pytest.raises(NotARunError, match="no finished run"):
        run_folder(tmp_path)


def test_one_record_that_trips_the_code_does_not_cost_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trips(text: str) -> ArticleFields:
        if "trap" in text:
            raise RuntimeError("tripped")
        return extract(text)

    def trips_over_all(data: Bytes, bounds: Places) -> Articles:
        if b"trap" in data.tobytes():
            raise RuntimeError("tripped")
        return extract_all(data, bounds)

    monkeypatch.setattr("flows.mending.extract", trips)
    monkeypatch.setattr("flows.clean_pages.extract_all", trips_over_all)
    for name, text in (("a.txt", "trap"), ("b.txt", "全县防汛工作会议召开")):
        (tmp_path / name).write_text(text, "utf-8")
    manifest = run_plainly(tmp_path / "a.txt", tmp_path / "b.txt", output=tmp_path / "out")
    assert manifest["counts"]["quarantined_by_reason"]["failed"] == 1
    assert manifest["counts"]["records"] == 2


def test_pages_that_trip_the_decoder_do_not_cost_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trips(pages: Sequence[Record]) -> list[Record]:
        if any(b"trap" in (page.original or b"") for page in pages):
            raise RuntimeError("tripped")
        return decode_pages(pages)

    monkeypatch.setattr("flows.mending.decode_pages", trips)
    for number in range(9):
        (tmp_path / f"{number}.txt").write_text("trap" if number == 4 else PAGE, "utf-8")
    counts = run_plainly(tmp_path, output=tmp_path / ".out")["counts"]
    assert (counts["clean"], counts["quarantined_by_reason"]) == (8, {"failed": 1})


@pytest.mark.parametrize("html", [False, True])
def test_a_page_in_several_encodings_is_read_by_segments(tmp_path: Path, *, html: bool) -> None:
    damaged = "鍏ㄩ潰钀藉疄闃叉睕璐ｄ换\n"
    parts = (PAGE.encode("gb18030"), (damaged + PAGE).encode())
    source = tmp_path / ("a.html" if html else "a.txt")
    data = b"".join(parts)
    source.write_bytes(data.replace(b"\n", b"<br>\n") if html else data)
    run_plainly(source, output=tmp_path / "out")
    run = tmp_path / "out" / "latest"
    (row,) = (row for path in run.glob("clean/*.parquet") for row in pq.read_table(path).to_pylist())
    assert [part["encoding"] for part in row["segments"]] == ["gb18030", "utf-8"]
    assert row["segments"][-1]["end"] == row["byte_length"]
    assert row["encoding"] == "utf-8"
    assert "全面落实防汛责任" in row["body"]
    assert row["body"].count("防汛工作会议召开") == 2
    *_, last = verify(run)
    assert (last.mismatches, last.replayed) == ((), 1)
    assert original_bytes(run, str(source)) == source.read_bytes()


def test_bytes_that_are_kept_elsewhere_are_null() -> None:
    records = [Record(Place("a", "", 0, 1), Layout("txt"), data, "0") for data in (b"x", None, b"", b"yz")]
    assert provenance_of(records)["original"].to_pylist() == [b"x", None, b"", b"yz"]


def test_a_line_of_many_megabytes(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    long = b'{"a": "' + b"x" * (20 << 20) + b'"}\n'
    source.write_bytes(b'{"a": "1"}\n' + long + b'{"a": "2"}\n')
    manifest = run_plainly(source, output=tmp_path / "out")
    assert manifest["counts"]["quarantined_by_reason"] == {"too-large": 1}
    (path,) = (tmp_path / "out" / "latest" / "quarantine").glob("*.parquet")
    (row,) = pq.read_table(path).to_pylist()
    assert row["original"] == long
    assert "line 2, byte 11" in row["detail"]
