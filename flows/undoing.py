"""Back to the bytes: what a record was before anything was done to it."""

import hashlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from flows.readers.content import decompressed
from flows.readers.formats import is_compressed
from flows.sources import Source

_NAMES = ["record_id", "source_uri", "member", "byte_offset", "byte_length", "sha256"]


class UndoError(ValueError):
    """No such record, more than one, or its source has changed since."""


def original_bytes(run: Path, record: str) -> bytes:
    """Return the bytes of a record, by the beginning of its id or by its source. Raises `UndoError`."""
    found = [hit for table in ("clean", "quarantine") for path in _files(run, table) for hit in _hits(path, record)]
    if not found:
        raise UndoError(f"{run} has no record {record!r}")
    if len(found) > 1:
        ids = ", ".join(hit["record_id"] for _, _, hit in found[:5])
        raise UndoError(f"{len(found)} records of {run} answer to {record!r}: {ids}{', …' if len(found) > 5 else ''}")  # noqa: PLR2004
    path, index, row = found[0]
    data: bytes | None = _original(path, index)
    return _from_source(row) if data is None else data


def _files(run: Path, table: str) -> list[Path]:
    return sorted((run / table).glob("*.parquet"))


def _hits(path: Path, record: str) -> list[tuple[Path, int, dict[str, Any]]]:
    rows = pq.read_table(path, columns=_NAMES).to_pylist()
    return [
        (path, index, row)
        for index, row in enumerate(rows)
        if row["record_id"].startswith(record) or row["source_uri"] == record
    ]


def _original(path: Path, index: int) -> bytes | None:
    value: bytes | None = pq.read_table(path, columns=["original"])["original"][index].as_py()
    return value


def _from_source(row: dict[str, Any]) -> bytes:
    """Read a record that was too long to be kept from its source again."""
    with Source(row["source_uri"], row["source_uri"]).open() as raw:
        packed = is_compressed(raw.read(2))
        raw.seek(0)
        file = decompressed(raw) if packed else raw
        file.seek(row["byte_offset"])
        data = file.read(row["byte_length"])
    if hashlib.sha256(data).hexdigest() != row["sha256"]:
        raise UndoError(f"{row['source_uri']} has changed since the run")
    return data
