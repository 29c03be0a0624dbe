import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import pytest

from flows.planning import grouped, plan
from flows.settings import Settings
from flows.sites import site_of
from flows.sources import NoSourceError, Source, hashed, list_sources


def test_every_file_once_in_order(archive: Path) -> None:
    sources, _ = list_sources([str(archive), str(archive / "*.txt")])
    uris = [source.uri for source in sources]
    assert uris == sorted(set(uris))
    assert str(archive / "rows.csv") in uris


def test_a_loop_of_links_is_told_and_left(archive: Path) -> None:
    _, skipped = list_sources([str(archive)])
    assert [(Path(s.uri).name, s.why) for s in skipped] == [("loop", "a link back to a folder that it lies in")]


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert list_sources([str(tmp_path)])[1][0].why == "neither a file nor a folder"


def test_nothing_behind_a_name(tmp_path: Path) -> None:
    with pytest.raises(NoSourceError, match="nowhere"):
        list_sources([str(tmp_path / "nowhere")])


def test_a_name_of_any_bytes(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xca\xfd.txt"
    with open(name, "wb") as file:  # noqa: PTH123 - a name in bytes
        file.write(b"x")
    (source,), _ = list_sources([str(tmp_path)])
    assert source.uri.endswith(r"\xca\xfd.txt")
    assert [(own.size, seen) for own, seen in hashed([source], b"x".__eq__, 1)] == [(1, True)]


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_content_is_looked_at_up_to_a_size(tmp_path: Path, scheme: str) -> None:
    for name, content in (("a", "12"), ("b", "123"), ("c", "")):
        (tmp_path / name).write_text(content)
    found = [*list_sources([f"{scheme}{tmp_path}"])[0], Source(f"{scheme}{tmp_path}/gone", "gone")]
    looked: list[bytes] = []

    def look(data: bytes) -> bool:
        looked.append(data)
        return True

    known = hashed(found, look, 2)
    assert [(source.size, seen) for source, seen in known] == [(2, True), (3, False), (0, True), (0, False)]
    assert sorted(looked) == [b"", b"12"]
    assert known[0][0].sha256 == hashlib.sha256(b"12").hexdigest()


def test_workers_hash_alike(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}.txt").write_text(str(number))
    found = [*list_sources([str(tmp_path)])[0], Source(str(tmp_path / "gone"), "gone")]
    with ThreadPoolExecutor(2) as pool:
        assert hashed(found, b"7".__eq__, 1, pool) == hashed(found, b"7".__eq__, 1)


def test_urls_of_fsspec(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (source,), _ = list_sources([f"file://{tmp_path}"])
    with source.open() as file:
        assert file.read() == b"a"


def test_groups_are_bounded() -> None:
    sources = [Source(str(n), str(n), size) for n, size in enumerate((5, 5, 1, 20, 3))]
    assert [[s.size for s in group] for group in grouped(sources, 10)] == [[5, 5], [1], [20], [3]]


def test_a_changed_file_changes_its_shard_alone(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    before = plan([str(tmp_path)], Settings("r"), shard_bytes=1)
    (tmp_path / "b").write_text("c")
    after = plan([str(tmp_path)], Settings("r"), shard_bytes=1)
    assert [x.key == y.key for x, y in zip(before.shards, after.shards, strict=True)] == [True, False]


def test_a_site_is_told_alike_of_any_path() -> None:
    for uri in ("a.txt", "/a.txt", "a/b.txt", "a//b/c.txt", "./a/b.txt", "a b/c?d/e#f.txt"):
        assert site_of(uri) == str(PurePosixPath(uri).parent)
    assert site_of("s3://bucket/a/b.txt") == site_of("s3://bucket/c.txt") == "s3://bucket"


def test_a_folder_without_files_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(NoSourceError, match="no files to read"):
        list_sources([str(tmp_path)])
