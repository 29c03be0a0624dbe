"""One shard: read, repair, extract, validate, write. Pure Python; the Prefect task around it is one call."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.judging import judge_losses
from flows.mending import mend
from flows.parquet import ShardWriter, fsync
from flows.readers import read_records
from flows.records import Record
from flows.settings import Settings
from flows.sources import Source
from flows.tally import Tally
from flows.validation import RuleCount, merge_rules, validate

_BATCH_RECORDS = 4096
_BATCH_BYTES = 16 << 20
OUTCOME = "outcome.json"


class ConservationError(RuntimeError):
    """Records went in that did not come out, or the other way round."""


@dataclass(slots=True)
class ShardOutcome:
    """What a shard came to."""

    tally: Tally = field(default_factory=Tally)
    rules: tuple[RuleCount, ...] = ()

    def stored(self) -> dict[str, Any]:
        """Return the outcome as JSON can hold it."""
        return {"tally": self.tally.stored(), "rules": [rule.stored() for rule in self.rules]}

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> "ShardOutcome":
        """Return what `stored` wrote."""
        return cls(Tally.restored(stored["tally"]), tuple(RuleCount(**rule) for rule in stored["rules"]))


def process_shard(sources: Sequence[Source], settings: Settings, folder: Path) -> ShardOutcome:
    """Process some sources into ``folder``, which appears only when it is complete.

    A folder that is there already was finished by a run before: it is not done again.
    """
    if (folder / OUTCOME).is_file():
        return ShardOutcome.restored(json.loads((folder / OUTCOME).read_text("utf-8")))
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    outcome = _process(sources, settings, unfinished)
    (unfinished / OUTCOME).write_text(json.dumps(outcome.stored(), ensure_ascii=False), "utf-8")
    fsync(unfinished / OUTCOME)
    unfinished.rename(folder)
    return outcome


def _process(sources: Sequence[Source], settings: Settings, folder: Path) -> ShardOutcome:
    outcome = ShardOutcome()
    records = (record for source in sources for record in read_records(source, settings.record_limit))
    with ShardWriter(folder, settings.run_id) as writer:
        for batch in batches(records):
            mended = mend(batch, settings.policy)
            judge_losses(mended, settings.lost_share)
            outcome.rules = merge_rules((*outcome.rules, *validate(mended)))
            for one in mended:
                outcome.tally.count(one)
            writer.write(mended)
    check_conservation(outcome.tally, writer.rows["clean"], writer.rows["quarantine"])
    return outcome


def check_conservation(tally: Tally, clean: int, quarantine: int) -> None:
    """Raise `ConservationError` unless every record that came in was written once."""
    if tally.records != clean + quarantine:
        raise ConservationError(f"{tally.records} records came in, {clean} clean and {quarantine} quarantined went out")


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
