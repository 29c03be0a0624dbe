"""Records that were worked off one by one, as columns: for the rules and for the writer."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from flows.mending import Mended

_Told = Callable[[Mended], Any]


def _segments(one: Mended) -> list[dict[str, Any]] | None:
    parts = one.record.segments
    return [{"end": part.end, "encoding": part.encoding} for part in parts] if len(parts) > 1 else None


_TOLD: dict[str, _Told] = {
    "record_id": lambda one: one.record.record_id,
    "source_uri": lambda one: one.record.place.source_uri,
    "member": lambda one: one.record.place.member or None,
    "byte_offset": lambda one: one.record.place.byte_offset,
    "byte_length": lambda one: one.record.place.byte_length,
    "sha256": lambda one: one.record.sha256,
    "original": lambda one: one.record.original,
    "encoding": lambda one: one.record.encoding,
    "encoding_confidence": lambda one: one.record.encoding_confidence if one.record.encoding else None,
    "segments": _segments,
    "grade": lambda one: str(one.grade) if one.repairs else None,
    "evidence": lambda one: one.evidence if one.repairs else None,
    "reasons": lambda one: one.reasons,
    "detail": lambda one: one.detail,
}
"""How each column is told that is not a field of the record."""


def page_columns(mended: Sequence[Mended], schema: pa.Schema, run_id: str = "") -> pa.Table:
    """Return records in the columns of a schema; what a record does not have is null."""
    constant: dict[str, _Told] = {"run_id": lambda _: run_id}
    told = {field.name: {**_TOLD, **constant}.get(field.name) or _value(field.name) for field in schema}
    arrays = [pa.array([told[field.name](one) for one in mended], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _value(name: str) -> _Told:
    return lambda one: one.values.get(name)
