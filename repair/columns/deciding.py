"""Which values of a column go to the search, and what it made of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from repair.mappings import Mapping
from repair.policy import Policy
from repair.pooling import repair_values
from repair.result import Repair
from repair.triage import buffers, suspicious_values

_SHORT = 20
"""Characters up to which a value may need its neighbours to be decided."""
_LEAST_NEIGHBOURS = 512
_NEIGHBOURS = 4
"""Clean neighbours for each short suspect: damage that befell less than a fifth of a column gains nothing by them."""
_PATTERNS = 200
"""Mappings looked for at once: RE2 bounds the size of an expression."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was found for a chunk: for each row the number of its repair in ``repairs``, -1 where there is none."""

    which: npt.NDArray[np.int64]
    repairs: Sequence[Repair]


def decide(chunks: Sequence[pa.Array], policy: Policy) -> list[Decision]:
    """Decide on chunks (string or large_string) together: a value that occurs in several is solved once."""
    suspects = [_suspected(chunk, policy) for chunk in chunks]
    values, which = _distinct(chunks, suspects)
    if not values:
        return [Decision(np.full(len(chunk), -1, np.int64), ()) for chunk in chunks]
    near, all_of_them = _neighbours(chunks, suspects, values, _NEIGHBOURS)
    repairs = repair_values([*values, *near], policy)
    if not all_of_them and any(map(_told, repairs[len(values) :])):
        near, _ = _neighbours(chunks, suspects, values, None)
        repairs = repair_values([*values, *near], policy)
    changed = [number for number in range(len(values), len(repairs)) if _told(repairs[number])]
    for chunk, rows in zip(chunks, which, strict=True) if changed else ():
        found = pc.index_in(chunk, pa.array([repairs[number].seen for number in changed], chunk.type))
        for row in np.flatnonzero(found.is_valid()):
            rows[row] = changed[found[int(row)].as_py()]
    nothing = np.array([not _told(repair) for repair in repairs])
    for rows in which:
        rows[(rows >= 0) & nothing[rows]] = -1
    return [Decision(rows, repairs) for rows in which]


def _told(repair: Repair) -> bool:
    """Say whether a repair says more than that the text is clean."""
    return bool(repair.chain or repair.edits)


def _suspected(chunk: pa.Array, policy: Policy) -> npt.NDArray[np.bool_]:
    """Say of each value whether it needs a look, or holds what one of the user's mappings is about."""
    found = suspicious_values(chunk)
    for start in range(0, len(policy.mappings), _PATTERNS):
        hit = pc.match_substring_regex(chunk, _pattern(policy.mappings[start : start + _PATTERNS]))
        found |= pc.fill_null(hit, False).to_numpy(zero_copy_only=False)  # noqa: FBT003 - Arrow's own signature
    return found


def _pattern(mappings: Sequence[Mapping]) -> str:
    """Return an expression for RE2, in which only its own signs may be escaped."""
    return "|".join(re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", mapping.seen) for mapping in mappings)


def _distinct(
    chunks: Sequence[pa.Array], suspects: Sequence[npt.NDArray[np.bool_]]
) -> tuple[list[str], list[npt.NDArray[np.int64]]]:
    """Return the distinct suspects, and for each row of each chunk which it holds, -1 for none."""
    numbers = [np.flatnonzero(mask) for mask in suspects]
    taken = [_taken(chunk, rows) for chunk, rows in zip(chunks, numbers, strict=True)]
    encoded = pa.concat_arrays([pa.array([], pa.large_string()), *taken]).dictionary_encode()
    codes = encoded.indices.to_numpy()
    which = [np.full(len(chunk), -1, np.int64) for chunk in chunks]
    ends = np.cumsum([0, *map(len, numbers)])
    for rows, at, (start, end) in zip(which, numbers, pairwise(ends), strict=True):
        rows[at] = codes[start:end]
    return encoded.dictionary.to_pylist(), which


def _taken(chunk: pa.Array, rows: npt.NDArray[np.int64]) -> pa.Array:
    """Return some values of a chunk as large strings."""
    return chunk.take(pa.array(rows)).cast(pa.large_string())


def _neighbours(
    chunks: Sequence[pa.Array], suspects: Sequence[npt.NDArray[np.bool_]], values: Sequence[str], each: int | None
) -> tuple[list[str], bool]:
    """Return short clean values beside the suspects, and whether these are all that there are.

    There are up to ``each`` (None: all) for a suspect that is short itself, taken evenly over the column; without
    short suspects there are none.
    """
    short = sum(len(value) <= _SHORT for value in values)
    rows = [_short_rows(chunk) & ~mask if short else mask[:0] for chunk, mask in zip(chunks, suspects, strict=True)]
    total = sum(int(found.sum()) for found in rows)
    most = total if each is None else max(_LEAST_NEIGHBOURS, each * short)
    step = max(1, -(-total // max(most, 1)))
    taken = [
        _taken(chunk, np.flatnonzero(found)[::step]).unique().to_pylist()
        for chunk, found in zip(chunks, rows, strict=True)
    ]
    near = dict.fromkeys(value for own in taken for value in own if not value.isascii())
    return list(near), step == 1


def _short_rows(chunk: pa.Array) -> npt.NDArray[np.bool_]:
    """Say of each value whether it is short and not null; by its bytes, of which a hanzi has three."""
    _, offsets = buffers(chunk)
    short: npt.NDArray[np.bool_] = np.diff(offsets) <= 3 * _SHORT
    return short & chunk.is_valid().to_numpy(zero_copy_only=False) if chunk.null_count else short
