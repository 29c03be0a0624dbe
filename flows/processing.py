"""One shard: read, repair, extract, validate, write. Pure Python; the Prefect task around it is one call."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations import RuleResult, merge_results
from flows.judging import judge_losses
from flows.mending import mend
from flows.parquet import ShardWriter, fsync
from flows.readers import read_records
from flows.records import Record
from flows.settings import Settings
from flows.sources import Source
from flows.tally import Tally
from flows.validation import validate

_BATCH_RECORDS = 4096
_BATCH_BYTES = 16 << 20
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


def process_shard(sources: Sequence[Source], settings: Settings, folder: Path) -> ShardOutcome:
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
    outcome = _process(sources, settings, unfinished)
    (unfinished / OUTCOME).write_text(json.dumps(outcome.stored(), ensure_ascii=False, default=str), "utf-8")
    fsync(unfinished / OUTCOME)
    unfinished.rename(folder)
    return outcome


def _finished(folder: Path) -> ShardOutcome | None:
    try:
        return ShardOutcome.restored(json.loads((folder / OUTCOME).read_text("utf-8")))
    except FileNotFoundError:
        return None


def _process(sources: Sequence[Source], settings: Settings, folder: Path) -> ShardOutcome:
    outcome = ShardOutcome(settings.run_id)
    records = (record for source in sources for record in read_records(source, settings.record_limit))
    with ShardWriter(folder, settings.run_id) as writer:
        for batch in batches(records):
            mended = mend(batch, settings.policy)
            judge_losses(mended, settings)
            outcome.rules = merge_results((*outcome.rules, *validate(mended, settings.rules)))
            for one in mended:
                outcome.tally.count(one)
            writer.write(mended)
    return outcome


def batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Cut records into batches of bounded number and bounded bytes."""
    batch: list[Record] = []
    size = 0
    for record in records:
        batch.append(record)
        size += len(record.original or b"")
        if len(batch) >= _BATCH_RECORDS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
