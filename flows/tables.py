"""The output's tables: their columns and how they are written."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

ZONE = "Asia/Shanghai"
_SEGMENT = pa.struct([("end", pa.int64()), ("encoding", pa.string())])
PROVENANCE = (
    pa.field("record_id", pa.string(), nullable=False),
    pa.field("source_uri", pa.string(), nullable=False),
    pa.field("member", pa.string()),
    pa.field("byte_offset", pa.int64(), nullable=False),
    pa.field("byte_length", pa.int64(), nullable=False),
    pa.field("sha256", pa.string(), nullable=False),
    pa.field("original", pa.binary()),
    pa.field("encoding", pa.string()),
    pa.field("encoding_confidence", pa.float64()),
    pa.field("segments", pa.list_(_SEGMENT)),
)
"""``segments`` tells of a page in several encodings where each ends, in bytes; else it is null."""
ARTICLE = (
    pa.field("title", pa.string()),
    pa.field("published_at", pa.timestamp("us", tz=ZONE)),
    pa.field("authors", pa.list_(pa.string())),
    pa.field("source", pa.string()),
    pa.field("visits", pa.int64()),
    pa.field("url", pa.string()),
    pa.field("body", pa.string()),
    pa.field("language", pa.string()),
)
VERDICT = (
    pa.field("grade", pa.string()),
    pa.field("evidence", pa.float64()),
    pa.field("run_id", pa.string(), nullable=False),
)
"""``run_id`` names the run that worked the record off; later runs take its rows over while nothing has changed."""
REASONS = (pa.field("reasons", pa.list_(pa.string()), nullable=False), pa.field("detail", pa.string()))
_ALTERNATIVE = pa.struct([("text", pa.string()), ("probability", pa.float64())])
REPAIRS = pa.schema(
    [
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("field", pa.string(), nullable=False),
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("seen", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("grade", pa.string(), nullable=False),
        pa.field("evidence", pa.float64(), nullable=False),
        pa.field("chain", pa.string(), nullable=False),
        pa.field("alternatives", pa.list_(_ALTERNATIVE), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("source_uri", pa.string(), nullable=False),
        pa.field("run_id", pa.string(), nullable=False),
    ]
)
"""One row per edit; offsets count characters of the repaired text."""

RENAMED = "mojimend.renamed"
"""Key of a table's metadata: JSON, column -> its name as found, for the columns whose names were repaired."""
_TAKEN = frozenset(field.name for field in (*PROVENANCE, *VERDICT, *REASONS))
COMPRESSION = {"compression": "zstd", "compression_level": 3}
DICTIONARY = ("source_uri", "member", "encoding", "source", "language", "grade", "run_id", "field", "chain", "reason")
"""Columns with few different values; a dictionary for the others would only cost time."""


def filled(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Say where a field has a value: no empty string, no empty list."""
    found = column.is_valid()
    if pa.types.is_string(column.type) or pa.types.is_list(column.type):
        length = pc.list_value_length if pa.types.is_list(column.type) else pc.binary_length
        found = pc.and_(found, pc.greater(length(column), 0).fill_null(False))  # noqa: FBT003 - Arrow's signature
    told: npt.NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
    return told


def own_column(name: str) -> str:
    """Return the name of a table's own column in the output; names of the provenance are taken.

    >>> own_column("title"), own_column("sha256")
    ('title', 'sha256 (own)')
    """
    return f"{name} (own)" if name in _TAKEN else name


def records_schema(columns: Sequence[str] | None, *, quarantine: bool, metadata: dict[str, str]) -> pa.Schema:
    """Return the schema of records: articles where ``columns`` is None, else rows with their own columns."""
    middle = ARTICLE if columns is None else tuple(pa.field(own_column(name), pa.string()) for name in columns)
    fields = (*PROVENANCE, *middle, *VERDICT, *(REASONS if quarantine else ()))
    return pa.schema(fields, metadata=metadata)
