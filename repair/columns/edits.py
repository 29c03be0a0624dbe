"""Edits as Arrow has them."""

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
    start, end, seen, text, grade, alternatives, reason = edit
    return {
        "start": start,
        "end": end,
        "seen": seen,
        "text": text,
        "grade": str(grade),
        "alternatives": [{"text": other, "probability": likely} for other, likely in alternatives],
        "reason": reason,
    }
