"""Records against the expectations: broken rules send a record to quarantine, counts go to the manifest."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from flows.mending import Mended
from flows.mending_rows import GRADES, MendedRows
from flows.tables import ARTICLE, own_column
from flows.tally import Tally

if TYPE_CHECKING:
    import pandas as pd

_PREFIX = "rule:"
_ARTICLE = tuple(column.name for column in ARTICLE)


def validate(mended: Sequence[Mended], rules: Rules) -> tuple[RuleResult, ...]:
    """Check the pages that have passed so far; reject those that break a rule, by its name."""
    passed = [one for one in mended if not one.reasons]
    if not passed:
        return ()
    validation = validate_articles(_frame(passed), rules)
    for one, broken in zip(passed, validation.broken, strict=True):
        for name in broken:
            one.reject(*_reason(name))
    return validation.rules


def validate_table(rows: MendedRows, rules: Rules) -> tuple[RuleResult, ...]:
    """Check the rows of a table that have passed so far; reject those that break a rule, by its name."""
    passed = rows.passed
    if not len(passed):
        return ()
    own = [own_column(name) for name in rows.repairs]
    validation = validate_rows(_row_frame(rows, passed), rules, own)
    for row, broken in zip(passed.tolist(), validation.broken, strict=True):
        for name in broken:
            rows.reject(row, *_reason(name))
    return validation.rules


def _reason(rule: str) -> tuple[str, str]:
    return f"{_PREFIX}{rule}", f"breaks the rule {rule}"


def _frame(mended: Sequence[Mended]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - takes half a second

    rows = [
        {
            **{name: one.values.get(name) for name in _ARTICLE},  # noqa: PD011 - no data frame
            "record_id": one.record.record_id,
            "source_uri": one.record.place.source_uri,
            "encoding": one.record.encoding,
            "encoding_confidence": one.record.encoding_confidence,
            "grade": str(one.grade),
            "evidence": one.evidence,
        }
        for one in mended
    ]
    return pd.DataFrame(rows)


def _row_frame(rows: MendedRows, numbers: npt.NDArray[np.int64]) -> "pd.DataFrame":
    """Return what the rules ask of some rows, built from their Arrow columns; a row without text counts as clean.

    What has few values is categorical: Great Expectations hashes every value of a frame.
    """
    columns = {own_column(name): batch["text"] for name, batch in rows.repairs.items()}
    provenance = rows.block.provenance
    grades = pa.DictionaryArray.from_arrays(np.maximum(rows.grades, 0), list(map(str, GRADES)))
    told = {"record_id": provenance["record_id"], "source_uri": provenance["source_uri"].dictionary_encode()}
    table = pa.table({**columns, **told, "grade": grades})
    frame: pd.DataFrame = (table if len(numbers) == len(rows) else table.take(numbers)).to_pandas()
    return frame


def conservation(tally: Tally, shards: Sequence[Path]) -> Validation:
    """Compare the records that the readers counted with what lies in the shards' files, source by source."""
    import pandas as pd  # noqa: PLC0415 - as above

    written = {uri: counts for shard in shards for uri, counts in _written(shard).items()}
    sources = sorted({*tally.by_source, *written})
    rows = [
        {"source_uri": uri, "records": tally.by_source[uri], **(written.get(uri) or {"written": 0, "record_ids": 0})}
        for uri in sources
    ]
    return validate_conservation(pd.DataFrame(rows, columns=["source_uri", "records", "written", "record_ids"]))


def _written(shard: Path) -> dict[str, dict[str, int]]:
    """Count the rows and the different ids of each source of a shard; a source never spans shards."""
    paths = [*shard.glob("clean/*.parquet"), *shard.glob("quarantine/*.parquet")]
    tables = [pq.read_table(path, columns=["source_uri", "record_id"]).replace_schema_metadata() for path in paths]
    if not tables:
        return {}
    found = pa.concat_tables([table.cast(_IDS) for table in tables])
    counted = found.group_by("source_uri").aggregate([("record_id", "count"), ("record_id", "count_distinct")])
    return {row["source_uri"]: _counts(row) for row in counted.to_pylist()}


_IDS = pa.schema([pa.field("source_uri", pa.string()), pa.field("record_id", pa.string())])


def _counts(row: dict[str, Any]) -> dict[str, int]:
    return {"written": row["record_id_count"], "record_ids": row["record_id_count_distinct"]}
