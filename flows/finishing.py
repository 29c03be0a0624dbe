"""What follows the shards: conservation over all of them, the manifest, the report."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from flows.planning import Plan
from flows.processing import ShardOutcome, check_conservation
from flows.publishing import Staging, assemble
from flows.settings import Settings, code_version
from flows.tally import Tally, total
from flows.validation import RuleCount, merge_rules

_PACKAGES = ("mojimend", "prefect", "great-expectations", "pandas", "pyarrow", "numpy", "ftfy", "chardet")


def finish(plan: Plan, settings: Settings, staging: Staging, outcomes: Sequence[ShardOutcome]) -> dict[str, Any]:
    """Assemble the run, check that nothing was lost, write manifest and report; return the manifest."""
    from flows.report import write_report  # noqa: PLC0415 - shards do without it

    run = assemble(staging, [staging.shard(shard.key) for shard in plan.shards])
    tally = total(outcome.tally for outcome in outcomes)
    check_conservation(tally, rows(run / "clean"), rows(run / "quarantine"))
    rules = merge_rules(rule for outcome in outcomes for rule in outcome.rules)
    manifest = _manifest(plan, settings, staging, tally, rules)
    (run / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    write_report(run)
    return manifest


def rows(folder: Path) -> int:
    """Count the rows of a folder's Parquet files."""
    return sum(pq.read_metadata(path).num_rows for path in folder.glob("*.parquet"))


def _manifest(
    plan: Plan, settings: Settings, staging: Staging, tally: Tally, rules: Sequence[RuleCount]
) -> dict[str, Any]:
    now = datetime.now(UTC)
    started = datetime.fromisoformat(staging.started_at)
    return {
        "run_id": staging.run_id,
        "started_at": staging.started_at,
        "finished_at": now.isoformat(timespec="seconds"),
        "inputs": [
            {"uri": source.uri, "sha256": source.sha256, "bytes": source.size, "records": tally.by_source[source.uri]}
            for source in plan.sources
        ],
        "skipped": [{"uri": skipped.uri, "why": skipped.why} for skipped in plan.skipped],
        "counts": tally.counts(),
        "validation": {"rules": [rule.told() for rule in rules]},
        "versions": {**{name: version(name) for name in _PACKAGES}, "code": code_version()},
        "policy": policy_told(settings),
        "timings": {"seconds": round((now - started).total_seconds(), 3), "shards": len(plan.shards)},
    }


def policy_told(settings: Settings) -> dict[str, Any]:
    """Return the policy and limits as JSON can hold them; mappings by where they stand."""
    policy = settings.policy
    told = {name: getattr(policy, name) for name in policy.__slots__ if name != "mappings"}
    mappings = [{"seen": m.seen, "text": m.text, "origin": m.origin} for m in policy.mappings]
    limits = {"lost_share": settings.lost_share, "record_limit": settings.record_limit}
    return {**told, **limits, "mappings": mappings}
