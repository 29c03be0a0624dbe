"""Which values of a column go to the search, and what it made of them."""

import re
from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from repair.columns.answers import Answers, answers_of, joined_answers
from repair.mappings import Mapping
from repair.policy import Policy
from repair.pooling import SHORT, leaners, leaning
from repair.search import repair_text
from repair.triage import buffers, suspicious_values

_LEAST_NEIGHBOURS = 512
_NEIGHBOURS = 4
"""Clean neighbours for each short suspect: damage that befell less than a fifth of a column gains nothing by them."""
_PATTERNS = 200
"""Mappings looked for at once: RE2 bounds the size of an expression."""
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Column:
    """The chunks, which of their values are suspects, and these, each once."""

    chunks: Sequence[pa.Array]
    suspects: Sequence[Mask]
    values: pa.LargeStringArray

    def near(self, short: int, each: int | None) -> list[str]:
        """Return up to ``each`` (None: all) short clean values for each of the ``short`` suspects, evenly taken."""
        rows = [_short_rows(chunk) & ~mask for chunk, mask in zip(self.chunks, self.suspects, strict=True)]
        total = sum(int(found.sum()) for found in rows)
        most = total if each is None else max(_LEAST_NEIGHBOURS, each * short)
        step = max(1, -(-total // max(most, 1)))
        taken = [
            _taken(chunk, np.flatnonzero(found)[::step]).unique().to_pylist()
            for chunk, found in zip(self.chunks, rows, strict=True)
        ]
        return list(dict.fromkeys(value for own in taken for value in own if not value.isascii()))


@dataclass(slots=True)
class _Found:
    """Answers as they are found: the number of that of each suspect, -1 for none, and of clean values beside them."""

    numbers: Rows
    near: dict[str, int]
    parts: list[Answers]

    def add(self, rows: Rows, beside: Sequence[str], part: Answers) -> None:
        """Add answers: first of suspects by number, then of values beside them."""
        count = sum(len(known.texts) for known in self.parts)
        self.numbers[rows] = count + np.arange(len(rows))
        self.near |= {value: count + len(rows) + at for at, value in enumerate(beside)}
        self.parts.append(part)


def decide(chunks: Sequence[pa.Array], policy: Policy) -> tuple[list[Rows], Answers]:
    """Decide on chunks (string or large_string) together: a value that occurs in several is solved once.

    Returns for each row of each chunk the number of its answer, -1 where there is none, and the answers.
    """
    suspects = [_suspected(chunk, policy) for chunk in chunks]
    values, which = _distinct(chunks, suspects)
    column = _Column(chunks, suspects, values)
    found = _Found(np.full(len(values), -1, np.int64), {}, [])
    if len(values):
        if not policy.mappings:  # the user's mappings are applied to texts one by one
            _read_strictly(column, found, policy)
        _search_rest(column, found, policy)
    known = [np.append(found.numbers, -1)[rows] for rows in which]
    _take_neighbours(chunks, known, found.near)
    return known, joined_answers([*found.parts, answers_of(())])


def _read_strictly(column: _Column, found: _Found, policy: Policy) -> None:
    """Find what misreadings explain beyond doubt, alone or, of short values and without losses, together."""
    from repair.columns.agreeing import read_together  # noqa: PLC0415 - loads the compiler
    from repair.columns.exact import answers_outright  # noqa: PLC0415 - loads the compiler
    from repair.columns.lossy import read_with_losses  # noqa: PLC0415 - loads the compiler
    from repair.columns.outright import read_outright  # noqa: PLC0415 - loads the compiler

    for outright in read_outright(column.values, policy):
        found.add(outright.numbers, (), answers_outright(outright))
    for numbers, answers in read_with_losses(column.values, np.flatnonzero(found.numbers < 0), policy):
        found.add(numbers, (), answers)
    short = _short(column.values) & (found.numbers < 0)
    if not short.any():
        return
    for each in (_NEIGHBOURS, None):
        near = column.near(int(short.sum()), each)
        every = pa.concat_arrays([column.values, pa.array(near, pa.large_string())])
        asked = np.concatenate((short, np.ones(len(near), np.bool_)))
        agreed = list(read_together(every, np.arange(len(every)) < len(short), asked, policy))
        if not any((part.numbers >= len(short)).any() for part in agreed):
            break  # no clean value is damaged as well, so the others need not be looked at
    for part in agreed:
        suspects = part.numbers[part.numbers < len(short)]
        beside = [near[number - len(short)] for number in part.numbers[len(suspects) :].tolist()]
        found.add(suspects, beside, answers_outright(part))


def _search_rest(column: _Column, found: _Found, policy: Policy) -> None:
    """Search what is left, each value alone, then those that stay open together with the rest of the column."""
    rest = np.flatnonzero(found.numbers < 0).tolist()
    alone = [repair_text(value, policy) for value in column.values.take(pa.array(rest, pa.int64())).to_pylist()]
    repairs = {number: repair for number, repair in zip(rest, alone, strict=True) if repair.chain or repair.edits}
    still_open = leaners(dict(zip(rest, alone, strict=True)))
    near: list[str] = []
    if still_open:
        known = column.values.to_pylist()
        for each in (_NEIGHBOURS, None):
            near = [value for value in column.near(len(still_open), each) if value not in found.near]
            together = leaning(known, near, still_open, policy)
            if not any(number >= len(known) for number in together):
                break
        repairs |= together
    ordered = sorted(repairs)
    suspects = [number for number in ordered if number < len(found.numbers)]
    beside = [near[number - len(found.numbers)] for number in ordered[len(suspects) :]]
    found.add(np.array(suspects, np.int64), beside, answers_of([repairs[number] for number in ordered]))


def _short(values: pa.LargeStringArray) -> Mask:
    """Say which values are short lines beyond ASCII, which may lean on their neighbours."""
    out = pc.or_(pc.string_is_ascii(values), pc.match_substring(values, "\n"))
    short: Mask = pc.and_(pc.less_equal(pc.utf8_length(values), SHORT), pc.invert(out)).to_numpy(zero_copy_only=False)
    return short


def _take_neighbours(chunks: Sequence[pa.Array], which: Sequence[Rows], near: Mapped[str, int]) -> None:
    """Refer the rows of clean values that turned out damaged to their answers."""
    answers = np.array(list(near.values()), np.int64)
    for chunk, rows in zip(chunks, which, strict=True) if near else ():
        found = pc.index_in(chunk, pa.array(list(near), chunk.type))
        valid = np.flatnonzero(found.is_valid())
        rows[valid] = answers[found.take(pa.array(valid)).to_numpy()]


def _suspected(chunk: pa.Array, policy: Policy) -> Mask:
    """Say of each value whether it needs a look, or holds what one of the user's mappings is about."""
    found = suspicious_values(chunk)
    for start in range(0, len(policy.mappings), _PATTERNS):
        hit = pc.match_substring_regex(chunk, _pattern(policy.mappings[start : start + _PATTERNS]))
        found |= pc.fill_null(hit, False).to_numpy(zero_copy_only=False)  # noqa: FBT003 - Arrow's own signature
    return found


def _pattern(mappings: Sequence[Mapping]) -> str:
    """Return an expression for RE2, in which only its own signs may be escaped."""
    return "|".join(re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", mapping.seen) for mapping in mappings)


def _distinct(chunks: Sequence[pa.Array], suspects: Sequence[Mask]) -> tuple[pa.LargeStringArray, list[Rows]]:
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


def _short_rows(chunk: pa.Array) -> Mask:
    """Say of each value whether it is short and not null; by its bytes, of which a hanzi has three."""
    _, offsets = buffers(chunk)
    short: Mask = np.diff(offsets) <= 3 * SHORT
    return short & chunk.is_valid().to_numpy(zero_copy_only=False) if chunk.null_count else short
