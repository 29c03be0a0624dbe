"""``mojimend verify``: replay every chain of a finished run."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from flows.cli import FAILED
from flows.cli.inputs import InputError
from flows.finished_run import NotARunError, run_folder
from flows.verification import Verified, verify

_MOST_SHOWN = 20


@click.command("verify")
@click.argument("run", type=click.Path(file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Write the counts and every mismatch as JSON.")
def command(run: str, *, as_json: bool) -> None:
    """Prove a finished RUN: every stored repair leads back to what was found, byte for byte.

    Exit code 1 where something does not.

    \b
    mojimend verify out/latest
    mojimend verify --json out/runs/20260801T020000Z-1f00aa | jq .mismatches
    """  # noqa: D301 - \b tells click to keep the lines
    try:
        result = _verified(run_folder(Path(run)))
    except NotARunError as error:
        raise InputError(str(error)) from error
    if as_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        _show(result)
    if result.mismatches:
        raise SystemExit(FAILED)


def _verified(folder: Path) -> Verified:
    counts = json.loads((folder / "manifest.json").read_text("utf-8"))["counts"]
    columns = (TextColumn("verifying"), BarColumn(), MofNCompleteColumn())
    result = Verified()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("verifying", total=counts["records"])
        for result in verify(folder):
            progress.update(bar, completed=result.records)
    if result.records != counts["records"]:
        raise InputError(f"the manifest counts {counts['records']} records, the tables hold {result.records}")
    return result


def _show(result: Verified) -> None:
    click.echo(f"{result.records} records, {result.replayed} with repairs, {result.edits} edits replayed")
    for mismatch in result.mismatches[:_MOST_SHOWN]:
        click.echo(f"{mismatch.record_id} {mismatch.source_uri}: {mismatch.what}")
    click.echo(f"{len(result.mismatches)} mismatches" if result.mismatches else "everything leads back, byte for byte")
