"""The answers of values that were read outright: every text changed, every edit exact, no Python object for any."""

import numpy as np
import pyarrow as pa

from repair.channel import Chain
from repair.columns.answers import Answers
from repair.columns.edits import EDIT
from repair.columns.kernel import Offsets, gathered
from repair.columns.outright import Outright
from repair.edits import READ_BACK
from repair.rereading.prospects import strict
from repair.result import Grade
from repair.stored import chain_to_json
from repair.triage import buffers


def answers_outright(found: Outright) -> Answers:
    """Return as columns what was read outright."""
    count = len(found.numbers)
    numbers, which = np.unique(found.channels, return_inverse=True)
    chains: list[Chain] = [(strict().entries[number][0],) for number in numbers.tolist()]
    return Answers(
        found.texts,
        np.ones(count, np.bool_),
        (np.zeros(count, np.int32), [str(Grade.EXACT)]),
        found.evidence,
        (which.astype(np.int32), [chain_to_json(chain) for chain in chains]),
        _edits(found),
        found.ends,
    )


def _edits(found: Outright) -> pa.StructArray:
    """Return the slices that changed as edits."""
    slices, count = found.slices, len(found.slices)
    columns = {
        "start": pa.array(slices["start"]),
        "end": pa.array(slices["end"]),
        "seen": _strings(found.seen, slices["seen_from"], slices["seen_to"]),
        "text": _strings(found.texts, slices["text_from"], slices["text_to"]),
        "grade": pa.repeat(str(Grade.EXACT), count),
        "alternatives": pa.array([[]], EDIT.field("alternatives").type).take(pa.array(np.zeros(count, np.int64))),
        "reason": pa.repeat(READ_BACK, count),
    }
    return pa.StructArray.from_arrays([columns[field.name] for field in EDIT], fields=list(EDIT))


def _strings(data: pa.LargeStringArray, starts: Offsets, ends: Offsets) -> pa.StringArray:
    """Return slices of the bytes of an array of strings, each a string."""
    bytes_, _ = buffers(data)
    offsets = np.concatenate(([0], np.cumsum(ends - starts)))
    out = np.empty(int(offsets[-1]), np.uint8)
    gathered(bytes_, starts, ends, out)
    return pa.StringArray.from_buffers(len(starts), pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(out))
