"""The places of lines that lost bytes as edits, in columns: the same as `repair.edits` makes of one text."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from repair.columns.edits import EDIT
from repair.columns.lossy_kernel import EXACT, LIKELY, UNIQUE
from repair.columns.utf8 import Offsets, packed_strings, strings
from repair.edits import MOST_ALTERNATIVES, READ_BACK, SOLE, likeliest, none_likely
from repair.lattice.batch import Ways
from repair.rereading.kernel import Points
from repair.result import Grade

GRADES = [str(grade) for grade in (Grade.EXACT, Grade.UNIQUE, Grade.LIKELY, Grade.LOST)]
"""By the numbers of `repair.columns.lossy_kernel`."""
_COUNTS = 64
"""More than there are alternatives of a loss."""


def edits_with_losses(out: npt.NDArray[np.void], seen: Points, delivered: Points, ways: Ways) -> pa.StructArray:
    """Return places (`PLACE`) of what was ``seen`` and is ``delivered`` as edits; ``ways`` have their losses."""
    lost = out["loss"] >= 0
    first, counts = np.zeros((2, len(out)), np.int64)
    first[lost], counts[lost] = (ways.losses[name][out["loss"][lost]] for name in ("first", "count"))
    columns = {
        "start": pa.array(out["start"]),
        "end": pa.array(out["end"]),
        "seen": strings(seen, out["seen_from"], out["seen_to"]).cast(pa.string()),
        "text": strings(delivered, out["text_from"], out["text_to"]).cast(pa.string()),
        "grade": _words(out["grade"], GRADES),
        "alternatives": _alternatives(ways, first, np.minimum(counts, MOST_ALTERNATIVES)),
        "reason": _reasons(out["grade"], counts),
    }
    return pa.StructArray.from_arrays([columns[field.name] for field in EDIT], fields=list(EDIT))


def _alternatives(ways: Ways, first: Offsets, counts: Offsets) -> pa.ListArray:
    """Return for each place the first alternatives of its loss."""
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
    taken = np.repeat(first - ends[:-1], counts) + np.arange(ends[-1])
    own = ways.alternatives[taken]
    columns = [packed_strings(own["text"]).cast(pa.string()), pa.array(own["share"])]
    kind = EDIT.field("alternatives").type
    items = pa.StructArray.from_arrays(columns, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), items, type=kind)


def _reasons(grades: npt.NDArray[np.int64], counts: Offsets) -> pa.StringArray:
    keys, which = np.unique(grades * _COUNTS + counts, return_inverse=True)
    return _words(which, [_reason(*divmod(key, _COUNTS)) for key in keys.tolist()])


def _reason(grade: int, count: int) -> str:
    if grade == EXACT:
        return READ_BACK
    if grade == UNIQUE:
        return SOLE
    return likeliest(count) if grade == LIKELY else none_likely(count)


def _words(which: npt.NDArray[np.int64], words: list[str]) -> pa.StringArray:
    return pa.array(words, pa.string()).take(pa.array(which))
