"""Triage: which values need a look, told from the bytes of whole Arrow buffers.

Most of any archive is clean. A value is passed on untouched where nothing in it costs more than clean text does and it
has no escape, note or loss mark; only the others go to the search.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["suspicious", "suspicious_values"]
_UNCHECKED = np.zeros(0, np.bool_)


def suspicious(text: str) -> bool:
    """Say whether a text needs a look.

    >>> suspicious("会议强调，要坚持安全第一。"), suspicious("浼氳寮鸿皟"), suspicious("plain")
    (False, True, False)
    """
    from repair.triage.kernel import needs_look  # noqa: PLC0415 - loads the compiler
    from repair.triage.tables import weights  # noqa: PLC0415 - loads the model

    data = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
    return bool(needs_look(data, 0, len(data), weights()))


def suspicious_values(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Say of each value of a column of strings whether it needs a look: bool[len(column)]; nulls need none."""
    from repair.triage.kernel import look  # noqa: PLC0415 - loads the compiler
    from repair.triage.tables import weights  # noqa: PLC0415 - loads the model

    if pa.types.is_string_view(column.type):
        column = column.cast(pa.large_string())
    data, offsets = buffers(column)
    valid = column.is_valid().to_numpy(zero_copy_only=False) if column.null_count else _UNCHECKED
    return look(data, offsets, valid, weights())


def buffers(column: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return the bytes of a column of strings (string or large_string) and where each value begins in them.

    The offsets are int64[len(column) + 1]; the bytes are the column's own, uncopied.
    """
    _, offsets, data = column.buffers()
    kind = np.int64 if pa.types.is_large_string(column.type) else np.int32
    if not len(column):
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    starts = np.frombuffer(offsets, kind)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(data or b"", np.uint8), starts.astype(np.int64)
