"""Columns: Arrow in, Arrow out, with the input's length and order."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from repair.lost import RESIDUE
from repair.policy import Policy
from repair.pooling import repair_values
from repair.result import Edit, Repair
from repair.stored import chain_to_json

_ALTERNATIVE = pa.struct([("text", pa.string()), ("probability", pa.float64())])
EDIT = pa.struct(
    [
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("seen", pa.string()),
        ("text", pa.string()),
        ("grade", pa.string()),
        ("alternatives", pa.list_(_ALTERNATIVE)),
        ("reason", pa.string()),
    ]
)
SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("grade", pa.string()),
        ("evidence", pa.float64()),
        ("edits", pa.list_(EDIT)),
        ("chain", pa.string()),
    ]
)
"""The columns that `repair_column` returns; ``chain`` is JSON (`repair.stored`)."""


def repair_column(column: pa.Array | pa.ChunkedArray, policy: Policy | None = None) -> pa.RecordBatch | pa.Table:
    """Repair a column of text; nulls stay null. A chunked column gives a table with the same chunks.

    Raises `TypeError` where the column holds no text.
    """
    if isinstance(column, pa.ChunkedArray):
        batches = [repair_column(chunk, policy) for chunk in column.chunks]
        return pa.Table.from_batches(batches, SCHEMA)
    if not _is_text(column.type):
        raise TypeError(f"a column of text is needed, not {column.type}")
    values = column.to_pylist()
    unique = list(dict.fromkeys(value for value in values if value is not None))
    repairs = dict(zip(unique, repair_values(unique, policy or Policy()), strict=True))
    return _batch([repairs[value] if value is not None else None for value in values])


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _batch(repairs: Sequence[Repair | None]) -> pa.RecordBatch:
    columns = [
        [repair and repair.text for repair in repairs],
        [repair and str(repair.grade) for repair in repairs],
        [repair and repair.evidence for repair in repairs],
        [repair and [edit_row(edit) for edit in repair.edits] for repair in repairs],
        [repair and chain_to_json(repair.chain) for repair in repairs],
    ]
    arrays = [pa.array(values, field.type) for values, field in zip(columns, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def edit_row(edit: Edit) -> dict[str, object]:
    """Return an edit as a row of `EDIT`."""
    alternatives = [{"text": text, "probability": probability} for text, probability in edit.alternatives]
    return {**edit._asdict(), "grade": str(edit.grade), "alternatives": alternatives}


def residue(column: pa.Array | pa.ChunkedArray) -> pa.BooleanArray:
    """Say of each value whether it still shows damage: U+FFFD, 锟斤拷, uninitialised memory, C1 controls, ï¿½ or â€.

    Nulls show none. Works on whole Arrow buffers (RE2).
    """
    found = pc.match_substring_regex(column, RESIDUE)
    return pc.fill_null(found, False)  # noqa: FBT003 - Arrow's own signature
