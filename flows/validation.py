"""Records against the expectations: broken rules send a record to quarantine, counts go to the manifest."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from expectations import (
    RuleResult,
    Rules,
    Validation,
    validate_articles,
    validate_conservation,
    validate_rows,
)
from flows.clean_pages import CleanPages
from flows.mending import Mended
from flows.mending_rows import GRADES, MendedRows
from flows.page_columns import page_columns
from flows.tables import ARTICLE, PROVENANCE, VERDICT, own_column
from flows.tally import Tally

_PREFIX = "rule:"
_NOT_ASKED = ("original", "segments", "sha256", "run_id")
_ASKED = pa.schema([*(column for column in (*PROVENANCE, *ARTICLE, *VERDICT) if column.name not in _NOT_ASKED)])


def validate(clean: CleanPages, mended: Sequence[Mended], rules: Rules) -> tuple[RuleResult, ...]:
    """Check the pages that have passed so far; reject those that break a rule, by its name."""
    passed = [one for one in mended if not one.reasons]
    if not passed and not len(clean):
        return ()
    columns = pa.Table.from_arrays(clean.columns(_ASKED), schema=_ASKED) if len(clean) else _ASKED.empty_table()
    validation = validate_articles(pa.concat_tables((columns, page_columns(passed, _ASKED))), rules)
    for row, broken in enumerate(validation.broken):
        for name in broken:
            if row < len(clean):
                clean.reject(row, *_reason(name))
            else:
                passed[row - len(clean)].reject(*_reason(name))
    return validation.rules


def validate_tables(tables: Sequence[MendedRows], rules: Rules) -> tuple[RuleResult, ...]:
    """Check the rows of tables that have passed so far; reject those that break a rule, by its name.

    Tables with the same columns are checked together: to begin a check takes longer than to check 10,000 rows.
    """
    alike: dict[tuple[str, ...], list[MendedRows]] = {}
    for rows in tables:
        if len(rows.passed):
            alike.setdefault(tuple(own_column(name) for name in rows.repairs), []).append(rows)
    return tuple(result for columns, group in alike.items() for result in _checked(group, columns, rules))


def _checked(group: Sequence[MendedRows], columns: Sequence[str], rules: Rules) -> tuple[RuleResult, ...]:
    passed = [rows.passed for rows in group]
    asked = pa.concat_tables(_row_columns(rows, numbers) for rows, numbers in zip(group, passed, strict=True))
    validation = validate_rows(asked, rules, columns)
    places = ((rows, row) for rows, numbers in zip(group, passed, strict=True) for row in numbers.tolist())
    for (rows, row), broken in zip(places, validation.broken, strict=True):
        for name in broken:
            rows.reject(row, *_reason(name))
    return validation.rules


def _reason(rule: str) -> tuple[str, str]:
    return f"{_PREFIX}{rule}", f"breaks the rule {rule}"


def _row_columns(rows: MendedRows, numbers: npt.NDArray[np.int64]) -> pa.Table:
    """Return what the rules ask of some rows; a row without text counts as clean."""
    columns = {own_column(name): batch["text"] for name, batch in rows.repairs.items()}
    provenance = rows.block.provenance
    grades = pa.DictionaryArray.from_arrays(np.maximum(rows.grades, 0), list(map(str, GRADES)))
    table = pa.table({**columns, **{name: provenance[name] for name in ("record_id", "source_uri")}, "grade": grades})
    return table if len(numbers) == len(rows) else table.take(numbers)


def conservation(tally: Tally, shards: Sequence[Path]) -> Validation:
    """Compare the records that the readers counted with what lies in the shards' files, source by source."""
    written = {uri: counts for shard in shards for uri, *counts in _written(shard)}
    sources = sorted({*tally.by_source, *written})
    rows, ids = zip(*(written.get(uri, (0, 0)) for uri in sources), strict=True) if sources else ((), ())
    columns = [sources, [tally.by_source[uri] for uri in sources], rows, ids]
    return validate_conservation(pa.table(columns, schema=_COUNTED))


def _written(shard: Path) -> Iterator[tuple[str, int, int]]:
    """Yield each source of a shard with its rows and different ids, counted; a source never spans shards."""
    paths = [*shard.glob("clean/*.parquet"), *shard.glob("quarantine/*.parquet")]
    tables = [pq.read_table(path, columns=["source_uri", "record_id"]).replace_schema_metadata() for path in paths]
    if tables:
        found = pa.concat_tables([table.cast(_IDS) for table in tables])
        counted = found.group_by("source_uri").aggregate([("record_id", "count"), ("record_id", "count_distinct")])
        names = ("source_uri", "record_id_count", "record_id_count_distinct")
        yield from zip(*(counted[name].to_pylist() for name in names), strict=True)


_COUNTED = pa.schema(
    [
        pa.field("source_uri", pa.string()),
        *(pa.field(name, pa.int64()) for name in ("records", "written", "record_ids")),
    ]
)
_IDS = pa.schema([pa.field("source_uri", pa.string()), pa.field("record_id", pa.string())])
