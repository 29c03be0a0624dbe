"""One shard: read, repair, extract, validate, write. Pure Python; the Prefect task around it is one call."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from expectations import RuleResult, merge_results
from flows.blocks import Block, block_of_records, joined
from flows.judging import judge_losses, judge_rows
from flows.mending import mend_pages
from flows.mending_rows import mend_rows
from flows.parquet import ShardWriter, fsync
from flows.readers import read_records
from flows.records import Layout, Record
from flows.settings import Settings
from flows.sites import SiteProgram
from flows.sources import Source
from flows.tally import Tally
from flows.validation import validate, validate_tables

_BATCH_RECORDS = 1 << 14
_BATCH_BYTES = 16 << 20
_PAGE = 2
"""How much more room a page takes than a row of the same bytes: it is held as found, as text and as what it says."""
OUTCOME = "outcome.json"
_PASSING = ("unreadable", "failed")
"""Reasons that may be gone the next time."""


@dataclass(slots=True)
class ShardOutcome:
    """What a shard came to, and the run that worked it off.

    ``lasting`` is false where something may go better another time: a source that could not be read, a repair that
    tripped. Such a shard is good for its own run alone.
    """

    run_id: str
    tally: Tally = field(default_factory=Tally)
    rules: tuple[RuleResult, ...] = ()

    @property
    def lasting(self) -> bool:
        """Say whether later runs may take this outcome over."""
        return not any(self.tally.quarantined_by_reason[reason] for reason in _PASSING)

    def stored(self) -> dict[str, Any]:
        """Return the outcome as JSON can hold it."""
        rules = [rule.stored() for rule in self.rules]
        return {"run_id": self.run_id, "tally": self.tally.stored(), "rules": rules}

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> "ShardOutcome":
        """Return what `stored` wrote."""
        rules = tuple(map(RuleResult.restored, stored["rules"]))
        return cls(stored["run_id"], Tally.restored(stored["tally"]), rules)


def process_shard(
    sources: Sequence[Source], settings: Settings, folder: Path, programs: tuple[SiteProgram, ...] = ()
) -> ShardOutcome:
    """Process some sources into ``folder``, which appears only when it is complete.

    A folder that is there already was finished before, by this run or another: it is not done again.
    """
    finished = _finished(folder)
    if finished and (finished.lasting or finished.run_id == settings.run_id):
        return finished
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}.unfinished")
    for leftover in (unfinished, folder):
        shutil.rmtree(leftover, ignore_errors=True)
    unfinished.mkdir(parents=True)
    outcome = _process(sources, replace(settings, programs=programs), unfinished)
    (unfinished / OUTCOME).write_text(json.dumps(outcome.stored(), ensure_ascii=False, default=str), "utf-8")
    fsync(unfinished / OUTCOME)
    unfinished.rename(folder)
    pa.default_memory_pool().release_unused()  # all that is free, Arrow's or not: 90 MB
    return outcome


def _finished(folder: Path) -> ShardOutcome | None:
    try:
        return ShardOutcome.restored(json.loads((folder / OUTCOME).read_text("utf-8")))
    except FileNotFoundError:
        return None


def _process(sources: Sequence[Source], settings: Settings, folder: Path) -> ShardOutcome:
    outcome = ShardOutcome(settings.run_id)
    found = (item for source in sources for item in read_records(source, settings.record_limit))
    with ShardWriter(folder, settings.run_id) as writer:
        for batch in batches(found):
            rules = _process_records(batch.records, settings, outcome, writer)
            rules += _process_blocks(batch.blocks, settings, outcome, writer)
            outcome.rules = merge_results((*outcome.rules, *rules))
    return outcome


def _process_records(
    records: Sequence[Record], settings: Settings, outcome: ShardOutcome, writer: ShardWriter
) -> tuple[RuleResult, ...]:
    clean, mended = mend_pages(records, settings.policy, settings.programs)
    judge_losses(mended, settings)
    rules = validate(clean, mended, settings.rules)
    outcome.tally.count_pages(clean)
    for one in mended:
        outcome.tally.count(one)
    writer.write_pages(clean)
    writer.write(mended)
    return rules


def _process_blocks(
    blocks: Sequence[Block], settings: Settings, outcome: ShardOutcome, writer: ShardWriter
) -> tuple[RuleResult, ...]:
    tables = [rows for block in blocks for rows in mend_rows(block, settings.policy)]
    for rows in tables:
        judge_rows(rows, settings)
    rules = validate_tables(tables, settings.rules)
    for rows in tables:
        outcome.tally.count_rows(rows)
        writer.write_rows(rows)
    return rules


@dataclass(slots=True)
class Batch:
    """What is worked off together: ``records`` are pages, and whatever cannot pass; ``blocks`` are rows of tables."""

    records: list[Record] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def batches(found: Iterable[Record | Block]) -> Iterator[Batch]:
    """Cut what was read into batches of bounded number and bounded bytes; rows read one by one become blocks."""
    batch, rows = Batch(), _Rows()
    size = 0
    for item in found:
        size += item.size if isinstance(item, Block) else _PAGE * len(item.original or b"")
        if isinstance(item, Block):
            batch.blocks.append(item)
        elif item.problem or item.layout.is_page:
            batch.records.append(item)
        else:
            rows.add(item)
        if len(batch.records) + rows.count >= _BATCH_RECORDS or size >= _BATCH_BYTES:
            batch.blocks = joined((*batch.blocks, *rows.taken()))
            yield batch
            batch, size = Batch(), 0
    batch.blocks = joined((*batch.blocks, *rows.taken()))
    if batch.records or batch.blocks:
        yield batch


class _Rows:
    """Rows that were read one by one, by table."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str, Layout], list[Record]] = {}
        self.count = 0

    def add(self, record: Record) -> None:
        """Keep a row."""
        key = (record.place.source_uri, record.place.member, record.layout)
        self._tables.setdefault(key, []).append(record)
        self.count += 1

    def taken(self) -> list[Block]:
        """Return the rows as blocks and forget them."""
        blocks = [block_of_records(records) for records in self._tables.values()]
        self._tables, self.count = {}, 0
        return blocks
