"""What follows the shards: conservation over all of them, the manifest, the report."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from expectations import RuleResult, merge_results
from flows.planning import Plan
from flows.processing import ShardOutcome
from flows.publishing import Staging, assemble
from flows.settings import Settings, code_version
from flows.sites import stored_sites, write_sites
from flows.tally import Tally, total
from flows.validation import conservation

_PACKAGES = ("mojimend", "prefect", "great-expectations", "pandas", "pyarrow", "numpy", "ftfy", "chardet")


class ConservationError(RuntimeError):
    """Records went in that did not come out once: the run is not published."""


def finish(plan: Plan, settings: Settings, staging: Staging, outcomes: Sequence[ShardOutcome]) -> dict[str, Any]:
    """Assemble the run, check that nothing was lost, write manifest, report and Data Docs; return the manifest."""
    from flows.report import write_data_docs, write_report  # noqa: PLC0415 - shards do without it

    shards = [staging.shard(shard.key) for shard in plan.shards]
    run = assemble(staging, shards)
    write_sites(run, (*plan.programs, *(own for shard in shards for own in stored_sites(shard))))
    tally = total(outcome.tally for outcome in outcomes)
    rules = merge_results((*(rule for outcome in outcomes for rule in outcome.rules), *_conserved(tally, shards)))
    manifest = _manifest(plan, settings, staging, tally, rules, outcomes)
    (run / "manifest.json").write_text(_as_json(manifest), "utf-8")
    write_report(run)
    write_data_docs(run, rules, manifest)
    return manifest


def finish_briefly(
    plan: Plan, settings: Settings, staging: Staging, outcomes: Sequence[ShardOutcome]
) -> dict[str, Any]:
    """Do the same, and leave the inputs out of what is returned: the engine walks through every field of thousands."""
    manifest = finish(plan, settings, staging, outcomes)
    del manifest["inputs"]
    return manifest


def _conserved(tally: Tally, shards: Sequence[Path]) -> tuple[RuleResult, ...]:
    """Return the rules of conservation; raise `ConservationError` where one is broken."""
    rules = conservation(tally, shards).rules
    broken = [f"{rule.column} ({', '.join(rule.samples)})" for rule in rules if rule.failed]
    if broken:
        raise ConservationError(f"records read, records written and their ids differ: {'; '.join(broken)}")
    return rules


def _manifest(
    plan: Plan,
    settings: Settings,
    staging: Staging,
    tally: Tally,
    rules: Sequence[RuleResult],
    outcomes: Sequence[ShardOutcome],
) -> dict[str, Any]:
    now = datetime.now(UTC)
    started = datetime.fromisoformat(staging.started_at)
    reused = sum(outcome.run_id != staging.run_id for outcome in outcomes)
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
        "timings": {"seconds": round((now - started).total_seconds(), 3), "shards": len(plan.shards), "reused": reused},
    }


def _as_json(manifest: dict[str, Any]) -> str:
    """Return a manifest as JSON, an input a line: to indent tens of thousands takes twenty times as long."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    inputs = ",\n  ".join(map(encode, manifest["inputs"]))
    told = json.dumps({**manifest, "inputs": []}, ensure_ascii=False, indent=1)
    return told.replace('"inputs": []', f'"inputs": [\n  {inputs}\n ]', 1) + "\n"


def policy_told(settings: Settings) -> dict[str, Any]:
    """Return the policy and limits as JSON can hold them; mappings by where they stand."""
    policy = settings.policy
    told = {name: getattr(policy, name) for name in policy.__slots__ if name not in {"mappings", "programs"}}
    mappings = [{"seen": m.seen, "text": m.text, "origin": m.origin} for m in policy.mappings]
    limits = {name: getattr(settings, name) for name in ("lost_share", "key_fields", "record_limit")}
    return {**told, **limits, "mappings": mappings, "rules": settings.rules.model_dump(mode="json")}
