"""Which values of a column go to the search, and what it made of them."""

import re
from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from repair.columns.answers import Answers, answers_of, joined
from repair.mappings import Mapping
from repair.policy import Policy
from repair.pooling import SHORT, agreed, may_lean
from repair.result import Repair
from repair.search import repair_text
from repair.triage import buffers, suspicious_values

_LEAST_NEIGHBOURS = 512
_NEIGHBOURS = 4
"""Clean neighbours for each short suspect: damage that befell less than a fifth of a column gains nothing by them."""
_PATTERNS = 200
"""Mappings looked for at once: RE2 bounds the size of an expression."""
Rows = npt.NDArray[np.int64]


def decide(chunks: Sequence[pa.Array], policy: Policy) -> tuple[list[Rows], Answers]:
    """Decide on chunks (string or large_string) together: a value that occurs in several is solved once.

    Returns for each row of each chunk the number of its answer, -1 where there is none, and the answers.
    """
    suspects = [_suspected(chunk, policy) for chunk in chunks]
    values, which = _distinct(chunks, suspects)
    parts, numbers = _outright(values, policy)
    rest = np.flatnonzero(numbers < 0)
    alone = [repair_text(value, policy) for value in values.take(pa.array(rest)).to_pylist()]
    repairs = {number: repair for number, repair in zip(rest.tolist(), alone, strict=True) if _told(repair)}
    near: list[str] = []
    still_open = [number for number, repair in zip(rest.tolist(), alone, strict=True) if may_lean(repair)]
    if still_open:
        near, found = _leaning(chunks, suspects, values, still_open, policy)
        repairs |= found
    numbers = np.concatenate((numbers, np.full(len(near), -1, np.int64)))
    numbers[list(repairs)] = sum(len(part.texts) for part in parts) + np.arange(len(repairs))
    _take_neighbours(chunks, which, near, len(values), repairs)
    told = answers_of(list(repairs.values()))
    return [np.append(numbers, -1)[rows] for rows in which], joined([*parts, told])


def _told(repair: Repair) -> bool:
    """Say whether a repair says more than that the text is clean."""
    return bool(repair.chain or repair.edits)


def _outright(values: pa.LargeStringArray, policy: Policy) -> tuple[list[Answers], Rows]:
    """Return what strict misreadings explain beyond doubt, and for each value the number of its answer, -1 for none."""
    numbers = np.full(len(values), -1, np.int64)
    if not len(values) or policy.mappings:  # the user's mappings are applied to texts one by one
        return [], numbers
    from repair.columns.exact import answers_outright  # noqa: PLC0415 - loads the compiler
    from repair.columns.outright import read_outright  # noqa: PLC0415 - loads the compiler

    parts: list[Answers] = []
    count = 0
    for found in read_outright(values, policy):
        numbers[found.numbers] = count + np.arange(len(found.numbers))
        count += len(found.numbers)
        parts.append(answers_outright(found))
    return parts, numbers


def _leaning(
    chunks: Sequence[pa.Array],
    suspects: Sequence[npt.NDArray[np.bool_]],
    values: pa.LargeStringArray,
    still_open: Sequence[int],
    policy: Policy,
) -> tuple[list[str], dict[int, Repair]]:
    """Decide the values that stay open together with the rest of the column.

    Returns clean values beside them and the repairs found: numbers count on behind the values.
    """
    known = values.to_pylist()
    near, all_of_them = _neighbours(chunks, suspects, len(still_open), _NEIGHBOURS)
    found = agreed(known, near, still_open, policy)
    if not all_of_them and any(number >= len(known) for number in found):
        near, _ = _neighbours(chunks, suspects, len(still_open), None)
        found = agreed(known, near, still_open, policy)
    return near, found


def _take_neighbours(
    chunks: Sequence[pa.Array], which: Sequence[Rows], near: Sequence[str], first: int, repairs: Mapped[int, Repair]
) -> None:
    """Refer the rows of clean neighbours that turned out damaged to what was found; the numbers begin at ``first``."""
    changed = [number for number in repairs if number >= first]
    for chunk, rows in zip(chunks, which, strict=True) if changed else ():
        found = pc.index_in(chunk, pa.array([near[number - first] for number in changed], chunk.type))
        valid = np.flatnonzero(found.is_valid())
        rows[valid] = np.array(changed)[found.take(pa.array(valid)).to_numpy()]


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
) -> tuple[pa.LargeStringArray, list[Rows]]:
    """Return the distinct suspects, and for each row of each chunk which it holds, -1 for none."""
    numbers = [np.flatnonzero(mask) for mask in suspects]
    taken = [_taken(chunk, rows) for chunk, rows in zip(chunks, numbers, strict=True)]
    encoded = pa.concat_arrays([pa.array([], pa.large_string()), *taken]).dictionary_encode()
    codes = encoded.indices.to_numpy()
    which = [np.full(len(chunk), -1, np.int64) for chunk in chunks]
    ends = np.cumsum([0, *map(len, numbers)])
    for rows, at, (start, end) in zip(which, numbers, pairwise(ends), strict=True):
        rows[at] = codes[start:end]
    return encoded.dictionary, which


def _taken(chunk: pa.Array, rows: Rows) -> pa.Array:
    """Return some values of a chunk as large strings."""
    return chunk.take(pa.array(rows)).cast(pa.large_string())


def _neighbours(
    chunks: Sequence[pa.Array], suspects: Sequence[npt.NDArray[np.bool_]], short: int, each: int | None
) -> tuple[list[str], bool]:
    """Return short clean values beside the suspects, and whether these are all that there are.

    There are up to ``each`` (None: all) for each of the ``short`` suspects, taken evenly over the column.
    """
    rows = [_short_rows(chunk) & ~mask for chunk, mask in zip(chunks, suspects, strict=True)]
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
    short: npt.NDArray[np.bool_] = np.diff(offsets) <= 3 * SHORT
    return short & chunk.is_valid().to_numpy(zero_copy_only=False) if chunk.null_count else short
