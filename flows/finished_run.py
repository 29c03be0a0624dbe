"""Finished runs, read: their records and repairs, a row group at a time."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from flows.records import Layout
from flows.tables import ARTICLE, PROVENANCE, REASONS, RENAMED, VERDICT

_AROUND = frozenset(field.name for field in (*PROVENANCE, *VERDICT, *REASONS))
_ARTICLE = frozenset(field.name for field in ARTICLE)
_BATCH = 1024


class NotARunError(ValueError):
    """A folder that holds no finished run."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A row of clean or quarantine; ``values`` are its article fields or its own columns."""

    row: dict[str, Any]
    layout: Layout
    is_article: bool
    renamed: dict[str, str] = field(default_factory=dict)
    """The column of a name as found, where the two differ."""

    @property
    def values(self) -> dict[str, Any]:
        """Return the fields or own columns."""
        if self.is_article:
            return {name: self.row[name] for name in _ARTICLE}
        return {name: value for name, value in self.row.items() if name not in _AROUND}


def run_folder(path: Path) -> Path:
    """Return the folder of a run: the one given, or the latest of an output folder. Raises `NotARunError`."""
    for folder in (path, path / "latest"):
        if (folder / "manifest.json").is_file():
            return folder
    raise NotARunError(f"{path} holds no finished run (no manifest.json there or in {path / 'latest'})")


def stored_records(run: Path) -> Iterator[StoredRecord]:
    """Yield every record of a run, clean ones first."""
    for table in ("clean", "quarantine"):
        for path in sorted((run / table).glob("*.parquet")):
            yield from _stored(path)


def _stored(path: Path) -> Iterator[StoredRecord]:
    file = pq.ParquetFile(path)
    told = {key.decode(): value.decode() for key, value in (file.schema_arrow.metadata or {}).items()}
    own = tuple(name for name in file.schema_arrow.names if name not in _AROUND)
    written, delimiter = told.get("mojimend.format", ""), told.get("mojimend.delimiter", "")
    found = json.loads(told.get(RENAMED, "{}"))
    layout = Layout(written, delimiter, tuple(found.get(name, name) for name in own) if written == "csv" else ())
    renamed = {name: column for column, name in found.items()}
    for batch in file.iter_batches(_BATCH):
        for row in batch.to_pylist():
            yield StoredRecord(row, layout, not written, renamed)


def stored_edits(run: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the edits of each record by its id, in order of field and place."""
    edits: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((run / "repairs").glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(_BATCH):
            for row in batch.to_pylist():
                edits.setdefault(row["record_id"], []).append(row)
    return edits
