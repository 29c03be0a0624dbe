"""Records against the expectations: broken rules send a record to quarantine, counts go to the manifest."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from expectations import (
    RuleResult,
    Rules,
    Validation,
    merge_results,
    validate_articles,
    validate_conservation,
    validate_rows,
)
from flows.mending import Mended
from flows.tables import ARTICLE, own_column
from flows.tally import Tally

if TYPE_CHECKING:
    import pandas as pd

_PREFIX = "rule:"
_ARTICLE = tuple(column.name for column in ARTICLE)


def validate(mended: Sequence[Mended], rules: Rules) -> tuple[RuleResult, ...]:
    """Check the records that have passed so far; reject those that break a rule, by its name."""
    passed = [one for one in mended if not one.reasons]
    results: list[RuleResult] = []
    if articles := [one for one in passed if one.record.layout.is_page]:
        results += _reject(articles, validate_articles(_frame(articles, _ARTICLE), rules))
    tables: dict[tuple[str, ...], list[Mended]] = {}
    for one in passed:
        if not one.record.layout.is_page:
            tables.setdefault(tuple(one.values), []).append(one)
    for columns, rows in tables.items():
        own = [own_column(name) for name in columns]
        results += _reject(rows, validate_rows(_frame(rows, columns), rules, own))
    return merge_results(results)


def _reject(mended: Sequence[Mended], validation: Validation) -> tuple[RuleResult, ...]:
    for one, broken in zip(mended, validation.broken, strict=True):
        for name in broken:
            one.reject(f"{_PREFIX}{name}", f"breaks the rule {name}")
    return validation.rules


def _frame(mended: Sequence[Mended], columns: Iterable[str]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - takes half a second

    names = tuple(columns)
    rows = [
        {
            **{own_column(name): one.values.get(name) for name in names},  # noqa: PD011 - no data frame
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
