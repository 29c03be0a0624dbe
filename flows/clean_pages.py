"""Pages that nothing had to be done to, as columns: most of an archive, without an object for each value."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from flows.blocks import provenance_of
from flows.fields import extract_all
from flows.passing import Passing
from flows.records import Record
from flows.tables import ARTICLE, PROVENANCE
from repair.result import Grade


@dataclass(slots=True)
class CleanPages(Passing):
    """Pages as found, with the fields that they give.

    ``provenance`` has the columns of `flows.tables.PROVENANCE`, ``fields`` those of `flows.tables.ARTICLE`;
    ``named_but_empty`` are the fields that each page names and leaves empty.
    """

    provenance: pa.RecordBatch = field(default_factory=lambda: provenance_of(()))
    fields: dict[str, pa.Array] = field(default_factory=lambda: {one.name: pa.array([], one.type) for one in ARTICLE})
    named_but_empty: list[tuple[str, ...]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.named_but_empty)

    def columns(self, schema: pa.Schema, run_id: str = "") -> list[pa.Array]:
        """Return the columns of a schema in its order, those of the verdict included, reasons left out."""
        count = len(self)
        verdict = {
            "grade": pa.repeat(str(Grade.CLEAN), count),
            "evidence": pa.repeat(0.0, count),
            "run_id": pa.repeat(run_id, count),
        }
        origin = {column.name: self.provenance[column.name] for column in PROVENANCE}
        known = {**origin, **self.fields, **verdict}
        return [known[name] for name in schema.names if name in known]


def clean_pages(records: Sequence[Record], texts: pa.Array, rows: Sequence[int]) -> CleanPages:
    """Return decoded pages as columns; their texts are those of these rows of a column of large strings."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int64, len(texts) + 1, texts.offset * 8)
    bounds = np.column_stack((ends[:-1], ends[1:]))[list(rows)]
    articles = extract_all(np.frombuffer(data or b"", np.uint8), bounds)
    named = [top.named_but_empty for top in articles.tops]
    return CleanPages(provenance_of(records), articles.columns(), named)
