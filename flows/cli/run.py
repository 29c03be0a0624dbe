"""``mojimend run``: the main job."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from flows.cli import FAILED
from flows.cli.inputs import InputError
from flows.workers import standing_by

if TYPE_CHECKING:
    from flows.parameters import RepairParameters


@click.command("run")
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False), help="Folder for the runs.")
@click.option("--mappings", type=click.Path(exists=True, file_okay=False), help="Folder with your mappings (*.tsv).")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False), help="Your thresholds and rules (TOML).")
@click.option("--record-limit", type=click.IntRange(1024), metavar="BYTES", help="Longer records are kept unread.")
@click.option("--shard-bytes", type=click.IntRange(1), metavar="BYTES", help="Input worked off as one task.")
@click.option("--workers", type=click.IntRange(1), help="Processes at a time.  [one per core]")
@click.option("--json", "as_json", is_flag=True, help="Write the counts of the manifest as JSON.")
def command(sources: tuple[str, ...], output: str, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Repair an archive: SOURCES are files, folders, globs or fsspec URLs.

    Reads .txt, .html, .csv, .tsv, .jsonl and .gz of these. Every record ends in OUTPUT/latest/clean or
    OUTPUT/latest/quarantine, every change in OUTPUT/latest/repairs; the report is OUTPUT/latest/report/index.html.
    A run that was cut short is taken up where it stopped.

    Exit code 1 where too many records break a rule (the run is kept), 2 for wrong usage.

    \b
    mojimend run archive/ --output out/
    mojimend run 'pages/*.html' rows.csv.gz --output out/ --mappings mappings/ --policy policy.toml
    mojimend run archive/ --output out/ --json | jq .quarantined_by_reason
    """  # noqa: D301 - \b tells click to keep the lines
    # The engine's own log is for its UI; here the table below says what happened.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    options = {name: value for name, value in options.items() if value is not None}
    failed = _run(_checked({"sources": list(sources), "output": output, **options}))
    run = Path(output) / "latest"
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    if as_json:
        click.echo(json.dumps(manifest["counts"], ensure_ascii=False))
    else:
        _show(manifest, run)
    if failed:
        click.echo(f"failed: {failed}", err=True)
        raise SystemExit(FAILED)


def _checked(parameters: dict[str, Any]) -> "RepairParameters":
    """Return what is to be done; mistakes are told before anything starts."""
    from flows.parameters import RepairParameters  # noqa: PLC0415 - `--help` does without
    from flows.policy_file import UserPolicy, load_policy  # noqa: PLC0415 - as above
    from flows.sources import check_names  # noqa: PLC0415 - as above

    try:
        policy = load_policy(Path(parameters.pop("policy"))) if "policy" in parameters else UserPolicy()
        given = RepairParameters(**parameters, policy=policy)
        given.settings()
        check_names(given.sources)
    except (OSError, ValueError) as error:
        raise InputError(str(error)) from error
    return given


def _run(given: "RepairParameters") -> str | None:
    """Run the flow; return why it failed although it was published, None where it did not."""
    with _progress(), standing_by(given.workers):
        from flows.finishing import ConservationError  # noqa: PLC0415 - the engine takes seconds to import
        from flows.publishing import OutputBusyError  # noqa: PLC0415 - as above
        from flows.repair_archive import ThresholdError, repair_archive  # noqa: PLC0415 - as above

        try:
            repair_archive(given)
        except ThresholdError as error:
            return str(error)
        except (OutputBusyError, OSError, ValueError) as error:
            raise InputError(str(error)) from error
        except ConservationError as error:
            click.echo(f"not published: {error}", err=True)
            sys.exit(FAILED)
    return None


@contextmanager
def _progress() -> Iterator[None]:
    from flows.progress import listening  # noqa: PLC0415 - after the environment is set

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("starting", total=None)
        with listening(lambda doing, done, total: progress.update(bar, description=doing, completed=done, total=total)):
            yield


def _show(manifest: dict[str, Any], run: Path) -> None:
    from flows.summary import summary_rows  # noqa: PLC0415 - after the environment is set

    table = Table("what", "kind", "count", title=f"run {manifest['run_id']}")
    table.columns[2].justify = "right"
    for row in summary_rows(manifest):
        table.add_row(row["what"], row["kind"], str(row["count"]))
    Console().print(table)
    click.echo(f"report: {run / 'report' / 'index.html'}")
