"""From the rows of a table as read to rows as repaired, column by column."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from flows.blocks import Block
from flows.passing import Passing
from flows.settings import policy_for
from repair import repair_column
from repair.mirror import Mirror
from repair.policy import Policy
from repair.pooling import repair_values
from repair.programs import referring
from repair.result import Grade
from repair.stored import chain_from_json, chain_to_json

GRADES = tuple(Grade)
_PORTION = 256
"""Rows with edits that are taken together: a row by itself takes three times as long, all at once much room."""
_HOLDS_A_PROGRAM = f'"channel":"{Mirror.kind}"'


@dataclass(slots=True)
class MendedRows(Passing):
    """Rows with their repairs, and why some of them may not pass.

    ``repairs`` has for each column, by its name as repaired, what `repair.repair_column` made of it; it is empty where
    the code tripped.
    """

    block: Block
    names: dict[str, str]
    """The name of each column as found, and as repaired."""
    repairs: dict[str, pa.RecordBatch]
    grades: npt.NDArray[np.int8]
    """For each row the number of its weakest grade in `GRADES`; -1 for a row without any text."""
    programs: dict[str, Mirror] = field(default_factory=dict)
    """The programs of mirror sites that the chains of the repairs name."""

    def __len__(self) -> int:
        return len(self.block)

    @property
    def evidence(self) -> npt.NDArray[np.float64]:
        """Return for each row the evidence of all its repairs together, in bits."""
        total = np.zeros(len(self))
        for batch in self.repairs.values():
            total += batch["evidence"].fill_null(0.0).to_numpy()
        return total

    def edits(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Yield (row, column, what was done to that cell) where something was."""
        for name, batch in self.repairs.items():
            rows = np.flatnonzero(pc.list_value_length(batch["edits"]).fill_null(0))
            for portion in np.split(rows, range(_PORTION, len(rows), _PORTION)):
                cells = batch.take(pa.array(portion)).to_pylist()
                yield from ((row, name, cell) for row, cell in zip(portion.tolist(), cells, strict=True))


def mend_rows(block: Block, policy: Policy) -> list[MendedRows]:
    """Repair the rows of a block. If one of them trips the code, it is kept as found and the others are repaired."""
    try:
        return [_mended(block, policy)]
    except Exception as error:  # noqa: BLE001 - one record must not cost the others
        if len(block) == 1:
            tripped = MendedRows(block, column_names(tuple(block.cells)), {}, np.full(1, -1, np.int8))
            tripped.reject(0, "failed", f"{type(error).__name__}: {error}")
            return [tripped]
    half = len(block) // 2
    parts = (block.part(0, half), block.part(half, len(block) - half))
    return list(chain.from_iterable(mend_rows(part, policy) for part in parts))


def _mended(block: Block, policy: Policy) -> MendedRows:
    names = column_names(tuple(block.cells))
    programs: dict[str, Mirror] = {}
    repairs = {
        names[found]: _naming(repair_column(column, policy_for(policy, block.source_uri, (names[found],))), programs)
        for found, column in block.cells.items()
    }
    grades = np.full(len(block), -1, np.int8)
    for batch in repairs.values():
        np.maximum(grades, _weakness(batch["grade"]), out=grades)
    return MendedRows(block, names, repairs, grades, programs=programs)


def _naming(repaired: pa.RecordBatch, programs: dict[str, Mirror]) -> pa.RecordBatch:
    """Put names in place of the programs in the chains of a column, and add the programs to those that are known."""
    chains = repaired["chain"]
    words = chains.dictionary.to_pylist()
    if not any(_HOLDS_A_PROGRAM in word for word in words):
        return repaired
    for number, word in enumerate(words):
        chain, own = referring(chain_from_json(word))
        words[number] = chain_to_json(chain)
        programs |= own
    named = pa.DictionaryArray.from_arrays(chains.indices, pa.array(words, chains.dictionary.type))
    return repaired.set_column(repaired.schema.get_field_index("chain"), "chain", named)


def _weakness(grades: pa.DictionaryArray) -> npt.NDArray[np.int8]:
    """Return the number of each grade in `GRADES`, -1 for null."""
    numbers = np.array([*map(GRADES.index, map(Grade, grades.dictionary.to_pylist())), -1], np.int8)
    found: npt.NDArray[np.int8] = numbers[grades.indices.fill_null(len(numbers) - 1).to_numpy()]
    return found


@cache
def column_names(found: tuple[str, ...]) -> dict[str, str]:
    """Return each name of a column as found, and as repaired: all of a header are decided together.

    No mapping and no policy of the user has a say, so a header means the same in every batch and in every run.

    >>> column_names(("ID", "ÐÕÃû", "ËùÔÚµØÇø"))
    {'ID': 'ID', 'ÐÕÃû': '姓名', 'ËùÔÚµØÇø': '所在地区'}
    """
    repaired = [repair.text.strip() for repair in repair_values(found, Policy())]
    kept = (
        text and repaired.count(text) == 1 and (text == name or text not in found)
        for name, text in zip(found, repaired, strict=True)
    )
    return {name: text if keep else name for name, text, keep in zip(found, repaired, kept, strict=True)}
