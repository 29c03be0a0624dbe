"""Parquet files of one shard, written row group by row group."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from flows.clean_pages import CleanPages
from flows.mending import Mended
from flows.mending_rows import GRADES, MendedRows, column_names
from flows.page_columns import page_columns
from flows.passing import Passing
from flows.records import Layout
from flows.sites import SiteProgram, site_of, write_sites
from flows.tables import COMPRESSION, DICTIONARY, RENAMED, REPAIRS, own_column, records_schema
from repair.mirror import Mirror

ARTICLES = "articles"
_CHAIN_CHARACTERS = 1 << 24
_GRADE_NAMES = list(map(str, GRADES))
_UNSAFE = re.compile(r"[^\w.-]+")


class ShardWriter:
    """Writes the records and repairs of a shard into a folder: ``clean/``, ``quarantine/``, ``repairs/``.

    The programs of mirror sites that the repairs name go to ``sites/``.
    """

    def __init__(self, folder: Path, run_id: str) -> None:
        self._folder, self._run_id = folder, run_id
        self._writers: dict[tuple[object, ...], pq.ParquetWriter] = {}
        self._names: set[str] = set()
        self._programs: dict[str, SiteProgram] = {}
        self.rows = {"clean": 0, "quarantine": 0, "repairs": 0}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers.values():
            writer.close()
        if kind is None:
            if self._programs:
                write_sites(self._folder, self._programs.values())
            for path in self._folder.rglob("*.parquet"):
                fsync(path)

    def write(self, mended: Sequence[Mended]) -> None:
        """Write records, each into the table of its kind, and their edits."""
        groups: dict[tuple[str, str, Layout], list[Mended]] = {}
        for one in mended:
            table = "quarantine" if one.reasons else "clean"
            groups.setdefault((table, *_table_of(one)), []).append(one)
        for (table, stem, layout), members in groups.items():
            columns = None if stem == ARTICLES else tuple(column_names(_found(layout, members)).values())
            renamed = {} if columns is None else column_names(_found(layout, members))
            metadata = _told(layout, {own_column(name): found for found, name in renamed.items() if name != found})
            schema = records_schema(columns, quarantine=table == "quarantine", metadata=metadata)
            self._write(table, stem, page_columns(members, schema, self._run_id))
        self._write_repairs([row for one in mended for row in self._edits(one)])
        for one in mended:
            self._keep(one.programs, one.record.place.source_uri)

    def write_pages(self, pages: CleanPages) -> None:
        """Write pages that nothing was done to."""
        for table, numbers in (("clean", pages.passed), ("quarantine", pages.rejected)):
            if len(numbers):
                schema = records_schema(None, quarantine=table == "quarantine", metadata=_told(Layout(""), {}))
                found = _chosen(pages, pages.columns(schema, self._run_id), numbers, schema)
                self._write(table, ARTICLES, found)

    def write_rows(self, rows: MendedRows) -> None:
        """Write the rows of a table as they are, in columns, and their edits."""
        block = rows.block
        columns = tuple(rows.names.values())
        metadata = _told(block.layout, {own_column(name): found for found, name in rows.names.items() if name != found})
        stem = _stem(str(block.provenance["member"][0].as_py() or block.source_uri))
        for table, numbers in (("clean", rows.passed), ("quarantine", rows.rejected)):
            if len(numbers):
                schema = records_schema(columns, quarantine=table == "quarantine", metadata=metadata)
                self._write(table, stem, self._table(rows, numbers, schema))
        self._write_repairs(list(self._row_edits(rows)))
        self._keep(rows.programs, block.source_uri)

    def _keep(self, programs: Mapping[str, Mirror], source: str) -> None:
        """Keep the programs that the chains of a source name, for the table of sites."""
        for key, program in programs.items():
            self._programs.setdefault(key, SiteProgram(site_of(source), program, 1))

    def _table(self, rows: MendedRows, numbers: npt.NDArray[np.int64], schema: pa.Schema) -> pa.Table:
        """Return some rows in the columns of a schema."""
        count = len(rows)
        own = [
            rows.repairs[name]["text"] if rows.repairs else pa.nulls(count, pa.string()) for name in rows.names.values()
        ]
        without = rows.grades < 0
        grades = pa.DictionaryArray.from_arrays(pa.array(np.maximum(rows.grades, 0), mask=without), _GRADE_NAMES)
        verdict = [grades.cast(pa.string()), pa.array(rows.evidence, mask=without), pa.repeat(self._run_id, count)]
        return _chosen(rows, [*rows.block.provenance.columns, *own, *verdict], numbers, schema)

    def _row_edits(self, rows: MendedRows) -> Iterator[dict[str, Any]]:
        ids = rows.block.provenance["record_id"]
        for row, name, cell in rows.edits():
            told = {"chain": cell["chain"], "evidence": cell["evidence"], "field": name}
            same = {"record_id": ids[row].as_py(), "source_uri": rows.block.source_uri, "run_id": self._run_id}
            yield from ({**same, **edit, **told} for edit in cell["edits"])

    def _write_repairs(self, rows: list[dict[str, Any]]) -> None:
        for portion in _portions(rows):
            self._write("repairs", "repairs", pa.Table.from_pylist(portion, REPAIRS))

    def _write(self, table: str, stem: str, found: pa.Table) -> None:
        if not found.num_rows:
            return
        schema = found.schema
        key = (table, stem, tuple(schema.names), tuple(sorted((schema.metadata or {}).items())))
        if key not in self._writers:
            self._writers[key] = self._open(table, stem, schema)
        self._writers[key].write_table(found)
        self.rows[table] += found.num_rows

    def _open(self, table: str, stem: str, schema: pa.Schema) -> pq.ParquetWriter:
        name, number = f"{table}/{stem}", 1
        while name in self._names:
            number += 1
            name = f"{table}/{stem}.{number}"
        self._names.add(name)
        path = self._folder / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        few = [column for column in schema.names if column in DICTIONARY]
        # Statistics hold the least and greatest value: of a record of 200 MB that is four copies more.
        counted = [column for column in schema.names if column != "original"]
        return pq.ParquetWriter(path, schema, use_dictionary=few, write_statistics=counted, **COMPRESSION)

    def _edits(self, one: Mended) -> list[dict[str, Any]]:
        same = {
            "record_id": one.record.record_id,
            "source_uri": one.record.place.source_uri,
            "run_id": self._run_id,
        }
        return [
            {**same, **edit, "chain": repair.chain, "evidence": repair.evidence}
            for repair in one.repairs
            for edit in repair.edits
        ]


def _chosen(rows: Passing, columns: list[pa.Array], numbers: npt.NDArray[np.int64], schema: pa.Schema) -> pa.Table:
    """Return the rows with these numbers, why they may not pass included where the schema has it."""
    if len(numbers) < len(rows):
        columns = [column.take(pa.array(numbers)) for column in columns]
    if "reasons" in schema.names:
        columns.append(pa.array([rows.reasons[row] for row in numbers.tolist()], pa.list_(pa.string())))
        columns.append(pa.array([rows.details[row] for row in numbers.tolist()], pa.string()))
    return pa.Table.from_arrays(columns, schema=schema)


def _portions(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Cut edits so that their chains, which Arrow repeats with every edit, take a bounded room."""
    start = size = 0
    for end, row in enumerate(rows):
        size += len(row["chain"])
        if size > _CHAIN_CHARACTERS:
            yield rows[start : end + 1]
            start, size = end + 1, 0
    yield rows[start:]


def _table_of(one: Mended) -> tuple[str, Layout]:
    """Return the stem of the record's table, and how it is written; articles of every format share one."""
    layout, place = one.record.layout, one.record.place
    if layout.is_page:
        return ARTICLES, Layout("")
    return _stem(place.member or place.source_uri), layout


def _stem(name: str) -> str:
    """Return the stem of a table's files; a table called articles must not end up among the articles."""
    safe = _UNSAFE.sub("_", PurePosixPath(name).stem).strip("._") or "table"
    return f"{safe}_table" if safe == ARTICLES else safe


def _found(layout: Layout, members: Sequence[Mended]) -> tuple[str, ...]:
    """Return the columns of a table, as found: the header's, or every key in order of appearance."""
    return layout.columns or tuple(dict.fromkeys(name for one in members for name, _ in one.record.cells))


def _told(layout: Layout, renamed: dict[str, str]) -> dict[str, str]:
    """Return what a table's file has to tell: how it was written, and the columns whose names were repaired."""
    told = {"mojimend.format": layout.format, "mojimend.delimiter": layout.delimiter}
    return {**told, RENAMED: json.dumps(renamed, ensure_ascii=False)} if renamed else told


def fsync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
