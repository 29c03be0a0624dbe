"""What the report shows, gathered from a run's manifest and tables row group by row group."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.mending import kind_of
from flows.report.shown import Shown, shown
from flows.tables import filled
from repair.stored import StoredChainError

_SAMPLES = 12
"""Changes shown of each kind of damage."""
_QUARANTINE = 200
_BATCH = 1024
_EDIT = ["field", "seen", "text", "grade", "evidence", "chain", "alternatives", "reason", "source_uri"]
_FEW = ["grade", "chain", "reason", "source_uri"]
_FIELDS = ("title", "published_at", "authors", "source", "visits", "url", "body")


def gather(run: Path) -> dict[str, Any]:
    """Return the variables of the template."""
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    samples, totals, doubtful = _samples(run)
    quarantine = list(_quarantine(run))
    return {
        "manifest": manifest,
        "counts": manifest["counts"],
        "rules": manifest["validation"]["rules"],
        "skipped": manifest.get("skipped", []),
        "kinds": [(kind, totals[kind], samples[kind]) for kind, _ in totals.most_common()],
        "doubtful": doubtful,
        "quarantine": quarantine[:_QUARANTINE],
        "quarantine_total": manifest["counts"]["quarantine"],
        "completeness": _completeness(run),
        "fields": _FIELDS,
    }


def _batches(folder: Path, columns: list[str], prefix: str = "", few: Sequence[str] = ()) -> Iterator[pa.RecordBatch]:
    """Yield those of some columns that a table has, ``few`` of them as dictionaries."""
    for path in sorted(folder.glob(f"{prefix}*.parquet")):
        with pq.ParquetFile(path, read_dictionary=few, pre_buffer=False) as file:
            present = [name for name in columns if name in file.schema_arrow.names]
            yield from file.iter_batches(_BATCH, columns=present)


def _samples(run: Path) -> tuple[dict[str, list[Shown]], Counter[str], list[Shown]]:
    """Return samples of changes and their number by kind of damage, and the places for a person to decide."""
    samples: dict[str, list[Shown]] = defaultdict(list)
    totals: Counter[str] = Counter()
    doubtful: list[Shown] = []
    for batch in _batches(run / "repairs", _EDIT, few=_FEW):
        kinds = _kinds(batch)
        numbers = kinds.indices.to_numpy()
        counts = np.bincount(numbers, minlength=len(kinds.dictionary)).tolist()
        for number, kind in enumerate(kinds.dictionary.to_pylist()):
            totals[kind] += counts[number]
            samples[kind] += _shown(batch, numbers == number, _SAMPLES - len(samples[kind]))
        several = pc.greater(pc.list_value_length(batch["alternatives"]), 1)
        doubtful += _shown(batch, several.to_numpy(zero_copy_only=False), _QUARANTINE - len(doubtful))
    return samples, totals, doubtful


def _shown(batch: pa.RecordBatch, chosen: npt.NDArray[np.bool_], most: int) -> list[Shown]:
    """Return the first of the chosen edits."""
    rows = np.flatnonzero(chosen)[:most]
    return list(map(shown, batch.take(pa.array(rows)).to_pylist())) if len(rows) else []


def _kinds(batch: pa.RecordBatch) -> pa.DictionaryArray:
    """Return the kind of damage of each edit; each chain is looked at once."""
    chains = batch["chain"]
    kinds = pa.array(list(map(_kind, chains.dictionary.to_pylist())), pa.string()).take(chains.indices)
    gone = pc.is_in(batch["grade"].cast(pa.string()), pa.array(["lost", "clean"]))
    return pc.if_else(gone, batch["reason"].cast(pa.string()), kinds).dictionary_encode()


def _kind(chain: str) -> str:
    try:
        return kind_of(chain)
    except StoredChainError as error:
        return str(error)


def _quarantine(run: Path) -> Iterator[dict[str, Any]]:
    columns = ["record_id", "source_uri", "member", "byte_offset", "byte_length", "reasons", "detail", "body"]
    rows = (row for batch in _batches(run / "quarantine", columns) for row in batch.to_pylist())
    for row in islice(rows, _QUARANTINE):
        yield {**row, "body": (row.get("body") or "")[:120]}


def _completeness(run: Path) -> list[dict[str, Any]]:
    """Return for each folder of sources how many articles have each field."""
    totals: Counter[str] = Counter()
    present: dict[str, Counter[str]] = defaultdict(Counter)
    for folder in ("clean", "quarantine"):
        for batch in _batches(run / folder, ["source_uri", *_FIELDS], "articles", few=["source_uri"]):
            names = batch["source_uri"].dictionary.to_pylist()
            places = pa.array([name.rsplit("/", 1)[0] for name in names]).dictionary_encode()
            numbers = places.indices.to_numpy()[batch["source_uri"].indices.to_numpy()]
            has = {name: filled(batch[name]) for name in _FIELDS}
            for number, place in enumerate(places.dictionary.to_pylist()):
                here = numbers == number
                totals[place] += int(here.sum())
                present[place].update({name: int((here & own).sum()) for name, own in has.items()})
    return [{"source": source, "total": total, "present": present[source]} for source, total in totals.most_common(50)]
