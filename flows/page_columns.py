"""Records that were worked off one by one, as columns: for the rules and for the writer."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from flows.blocks import provenance_of
from flows.mending import Mended

_Told = Callable[[Mended], Any]


_TOLD: dict[str, _Told] = {
    "grade": lambda one: str(one.grade) if one.repairs else None,
    "evidence": lambda one: one.evidence if one.repairs else None,
    "reasons": lambda one: one.reasons,
    "detail": lambda one: one.detail,
}
"""How each column is told that is neither a field of the record nor where it comes from."""


def page_columns(mended: Sequence[Mended], schema: pa.Schema, run_id: str = "") -> pa.Table:
    """Return records in the columns of a schema; what a record does not have is null."""
    constant: dict[str, _Told] = {"run_id": lambda _: run_id}
    told = {**_TOLD, **constant}
    origin = provenance_of([one.record for one in mended])
    arrays = [
        origin[field.name]
        if field.name in origin.schema.names
        else pa.array(list(map(told.get(field.name) or _value(field.name), mended)), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _value(name: str) -> _Told:
    return lambda one: one.values.get(name)
