"""Edits as Arrow has them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from repair.result import Edit

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


def edit_row(edit: Edit) -> dict[str, object]:
    """Return an edit as a row of `EDIT`."""
    alternatives = [{"text": text, "probability": probability} for text, probability in edit.alternatives]
    return {**edit._asdict(), "grade": str(edit.grade), "alternatives": alternatives}


def edit_lists(
    edits: Sequence[Sequence[Edit]], which: npt.NDArray[np.int64], null: npt.NDArray[np.bool_] | None
) -> pa.ListArray:
    """Return for each row the list ``edits[which[row]]``, for -1 an empty one; null where ``null`` says so."""
    sizes = np.array([*map(len, edits), 0], np.int64)  # the last is that of -1
    starts = np.cumsum(sizes) - sizes
    counts = sizes[which]
    ends = np.cumsum(counts)
    taken = np.repeat(starts[which] - (ends - counts), counts) + np.arange(counts.sum())
    flat = pa.array([edit_row(edit) for own in edits for edit in own], EDIT).take(pa.array(taken))
    offsets = pa.array(np.concatenate(([0], ends)), pa.int32())
    return pa.ListArray.from_arrays(offsets, flat, mask=None if null is None else pa.array(null))
