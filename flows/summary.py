"""A run's manifest in a few rows, for a terminal, the Prefect UI and a message."""

from collections.abc import Iterator
from typing import Any


def summary_rows(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return rows of (what, kind, count)."""
    counts = manifest["counts"]
    rows = [("records", name, counts[name]) for name in ("records", "clean", "quarantine")]
    rows += [("repaired", kind, number) for kind, number in counts["repaired_by_kind"].items()]
    rows += [("quarantined", reason, number) for reason, number in counts["quarantined_by_reason"].items()]
    rows += list(_missing(counts["missing_by_field"]))
    rows += [("skipped", f"{skipped['uri']}: {skipped['why']}", 1) for skipped in manifest["skipped"]]
    return [{"what": what, "kind": kind, "count": count} for what, kind, count in rows]


def _missing(fields: dict[str, dict[str, int]]) -> Iterator[tuple[str, str, int]]:
    for name, how in fields.items():
        if how["absent"]:
            yield "missing", f"{name}, absent", how["absent"]
        if how["named_but_empty"]:
            yield "missing", f"{name}, named but empty", how["named_but_empty"]


def failed_rules(manifest: dict[str, Any]) -> list[str]:
    """Return a line for each rule that too many records break."""
    return [
        f"rule {rule['name']} on {rule['column']}: {rule['failed']} of {rule['checked']} records break it,"
        f" at least {rule['threshold']:.0%} must keep it"
        for rule in manifest["validation"]["rules"]
        if not rule["passed"]
    ]


def summary_markdown(manifest: dict[str, Any], report: str) -> str:
    """Return the run in markdown."""
    lines = [f"# Run {manifest['run_id']}", "", f"[Report]({report})", "", "| what | kind | count |", "|---|---|--:|"]
    lines += [f"| {row['what']} | {row['kind']} | {row['count']} |" for row in summary_rows(manifest)]
    return "\n".join([*lines, "", *(f"- **{line}**" for line in failed_rules(manifest))])
