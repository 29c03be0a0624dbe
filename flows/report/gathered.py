"""What the report shows, gathered from a run's manifest and tables row group by row group."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from flows.report.shown import Shown, shown
from repair.channel import describe
from repair.stored import StoredChainError, chain_from_json
from repair.written import without_writing

_SAMPLES = 12
"""Changes shown of each kind of damage."""
_QUARANTINE = 200
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


def _rows(folder: Path, columns: list[str], prefix: str = "") -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(f"{prefix}*.parquet")):
        with pq.ParquetFile(path) as file:
            present = [name for name in columns if name in file.schema_arrow.names]
            for batch in file.iter_batches(4096, columns=present):
                yield from batch.to_pylist()


def _samples(run: Path) -> tuple[dict[str, list[Shown]], Counter[str], list[Shown]]:
    """Return samples of changes and their number by kind of damage, and the places for a person to decide."""
    samples: dict[str, list[Shown]] = defaultdict(list)
    totals: Counter[str] = Counter()
    doubtful: list[Shown] = []
    columns = [
        "record_id",
        "field",
        "seen",
        "text",
        "grade",
        "evidence",
        "chain",
        "alternatives",
        "reason",
        "source_uri",
    ]
    for row in _rows(run / "repairs", columns):
        kind = row["reason"] if row["grade"] in ("lost", "clean") else _kind(row["chain"])
        totals[kind] += 1
        if len(samples[kind]) < _SAMPLES:
            samples[kind].append(shown(row))
        if len(row["alternatives"]) > 1 and len(doubtful) < _QUARANTINE:
            doubtful.append(shown(row))
    return samples, totals, doubtful


def _kind(chain: str) -> str:
    try:
        return describe(without_writing(chain_from_json(chain)))
    except StoredChainError as error:
        return str(error)


def _quarantine(run: Path) -> Iterator[dict[str, Any]]:
    columns = ["record_id", "source_uri", "member", "byte_offset", "byte_length", "reasons", "detail", "body"]
    for number, row in enumerate(_rows(run / "quarantine", columns)):
        if number >= _QUARANTINE:
            return
        yield {**row, "body": (row.get("body") or "")[:120]}


def _completeness(run: Path) -> list[dict[str, Any]]:
    """Return for each source how many articles have each field."""
    totals: Counter[str] = Counter()
    present: dict[str, Counter[str]] = defaultdict(Counter)
    for folder in ("clean", "quarantine"):
        for row in _rows(run / folder, ["source_uri", *_FIELDS], "articles"):
            source = row["source_uri"].rsplit("/", 1)[0]
            totals[source] += 1
            present[source].update(name for name in _FIELDS if row.get(name) not in (None, "", []))
    return [{"source": source, "total": total, "present": present[source]} for source, total in totals.most_common(50)]
