"""``mojimend explain``: what a repair would change, and why."""

import json

import click
from rich.console import Console

from flows.cli.explained import explain
from flows.cli.inputs import read_inputs
from flows.cli.told import repair_told
from repair import repair_bytes


@click.command("explain")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--declared", metavar="ENCODING", help="What a header or catalogue says the encoding is: a hint.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object per input.")
def command(files: tuple[str, ...], declared: str | None, *, as_json: bool) -> None:
    """Say what happened to a text: the damage, each change with its grade, and what else would fit.

    \b
    mojimend explain page.txt
    mojimend explain --json page.txt | jq '.edits[] | select(.grade == "likely")'
    """  # noqa: D301 - \b tells click to keep the lines
    for name, data in read_inputs(files):
        repair = repair_bytes(data, declared=declared)
        if as_json:
            click.echo(json.dumps(repair_told(name, repair), ensure_ascii=False))
        else:
            explain(name, repair, Console())
