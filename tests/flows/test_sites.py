"""Sites: what one page shows of a mirror's program helps its neighbours, however the pages are cut into shards."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.finished_run import stored_edits, stored_records
from flows.settings import Settings
from flows.sites import LARGEST, programs_of, shows_notes, site_of, write_sites
from flows.sources import Source, hashed
from flows.verification import verify
from repair.mirror import Mirror, NamedProgram
from repair.programs import resolved
from repair.stored import chain_from_json
from tests.flows.plain_run import run_plainly

SITE = Mirror(
    "会议总结当单进认势县车严请级领导执报点场长发现问题时还将组织专业员开检",
    "會議總結當單進認勢縣車嚴請級領導執報點場長發現問題時還將組織專業員開檢",
    (("會", "huì"), ("報", "bào"), ("嚴", "yán"), ("請", "qǐng"), ("車", "chē"), ("開", "kāi"), ("問", "wèn")),
)
LONG = """县委召开会议,总结当前工作,要求各单位进一步认清形势。
会议指出,我县车辆管理严格,请各级领导重视,执行日报告制度,管严重点场所,保障人民群众生命安全。
县长强调,要发现问题,及时解决问题。县里还将组织专业人员开展检查。县领导参加会议。
"""
MIRRORED = {
    "1.txt": LONG,
    "2.txt": "各级领导要严格执行日报告制度。\n" + LONG,
    "short.txt": "会议要求各单位总结问题,请县长检查。\n",
}
HONEST = {
    "lesson.txt": "生词:龑(yǎn)、彧(yù)、晟(shèng)、旸(yáng)。請跟老師讀:龑(yǎn)、彧(yù)、晟(shèng)、旸(yáng)。\n",
    "genuine.txt": "縣長說,開會的時間還沒有決定,請各位先把問題寫下來。\n",
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive" / "mirror.example"
    folder.mkdir(parents=True)
    for name, text in MIRRORED.items():
        (folder / name).write_text(SITE.damage(text), "utf-8")
    for name, text in HONEST.items():
        (folder / name).write_text(text, "utf-8")
    return tmp_path / "archive"


def _sources(archive: Path) -> list[Source]:
    found = [Source(str(path), str(path)) for path in sorted(archive.rglob("*.txt"))]
    return [source for source, noted in hashed(found, shows_notes, LARGEST) if noted]


def _texts(output: Path) -> dict[str, str]:
    """Return what each record's edits make of its bytes."""
    from flows.verification import edited  # noqa: PLC0415 - only this needs it

    edits = stored_edits(output / "latest")
    rows = [record.row for record in stored_records(output / "latest")]
    return {
        Path(row["source_uri"]).name: edited(row["original"].decode(), edits.get(row["record_id"], [])) for row in rows
    }


@pytest.mark.parametrize("shard_bytes", [1, 8 << 20])
def test_neighbours_show_what_a_short_page_does_not(archive: Path, tmp_path: Path, shard_bytes: int) -> None:
    output = tmp_path / "out"
    run_plainly(archive, output=output, shard_bytes=shard_bytes)
    assert _texts(output) == {**MIRRORED, **HONEST}
    *_, verified = verify(output / "latest")
    assert verified.mismatches == ()
    (site,) = pq.read_table(output / "latest" / "sites" / "sites.parquet").to_pylist()
    assert site["site"].endswith("mirror.example")
    assert site["damage"].startswith("mirror site: ")
    (program,) = chain_from_json(site["chain"])
    assert isinstance(program, Mirror)
    chains = {edit["chain"] for edits in stored_edits(output / "latest").values() for edit in edits}
    assert all(NamedProgram(site["program"]) in chain_from_json(chain) for chain in chains)
    assert all(program in resolved(chain_from_json(chain), {site["program"]: program}) for chain in chains)
    assert max(map(len, chains)) < 200 < len(site["chain"])


def test_a_page_and_a_cell_alone_store_their_program_once_too(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    seen = SITE.damage(LONG)
    (archive / "page.txt").write_text(seen, "utf-8")
    quoted = seen.replace('"', '""')
    (archive / "table.csv").write_text(f'id,body\n1,"{quoted}"\n2,"{quoted}"\n', "utf-8")
    output = tmp_path / "out"
    run_plainly(archive, output=output)
    *_, verified = verify(output / "latest")
    assert verified.mismatches == ()
    assert verified.replayed == 3
    (site,) = pq.read_table(output / "latest" / "sites" / "sites.parquet").to_pylist()
    assert site["pages"] == 1
    chains = {edit["chain"] for edits in stored_edits(output / "latest").values() for edit in edits}
    assert all(NamedProgram(site["program"]) in chain_from_json(chain) for chain in chains)


def test_a_program_that_is_missing_is_found_out(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    run_plainly(archive, output=output)
    write_sites(tmp_path, ())
    (tmp_path / "sites" / "sites.parquet").replace(output / "latest" / "sites" / "sites.parquet")
    *_, verified = verify(output / "latest")
    assert len(verified.mismatches) == len(MIRRORED)
    assert all(mismatch.what.startswith("no program ") for mismatch in verified.mismatches)


def test_an_archive_without_mirrors_has_an_empty_table(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "genuine.txt").write_text(HONEST["genuine.txt"], "utf-8")
    run_plainly(archive, output=tmp_path / "out")
    assert pq.read_table(tmp_path / "out" / "latest" / "sites" / "sites.parquet").num_rows == 0


STREWN = {
    "long.txt": (
        "县委书记、县新冠肺炎疫情防控指挥部第一指挥长强调,全县各级要认清形势。\n",
        "縣(xian)(xian)委書記、縣(xian)新冠肺炎疫情防控指揮(hui)(hui)(hui)部第一指揮長強(qiang)(qiang)調,全縣各級要認清形勢。\n",
    ),
    "short.txt": ("县长强调防控形势。\n", "縣(xian)長強調防(fang)(fang)控形勢。\n"),
}


def test_neighbours_show_that_a_site_strews_notes(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    for name, (_, seen) in STREWN.items():
        (archive / name).write_text(seen, "utf-8")
    output = tmp_path / "out"
    run_plainly(archive, output=output)
    assert _texts(output) == {name: text for name, (text, _) in STREWN.items()}
    *_, verified = verify(output / "latest")
    assert verified.mismatches == ()


def test_the_program_depends_on_the_sources_alone(archive: Path) -> None:
    sources = _sources(archive)
    found = programs_of(sources, Settings("r").record_limit)
    assert len(found) == 1
    assert found == programs_of(sources[::-1], Settings("r").record_limit)


def test_a_site_is_a_host_or_a_folder() -> None:
    assert site_of("https://example.org/a/b.html") == "https://example.org"
    assert site_of("a/example.org/b.html") == "a/example.org"
