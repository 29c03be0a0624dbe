"""``mojimend text``: a filter."""

import json
import sys

import click

from flows.cli.explained import explain
from flows.cli.inputs import read_inputs
from flows.cli.told import repair_told
from repair import repair_bytes


@click.command("text")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--declared", metavar="ENCODING", help="What a header or catalogue says the encoding is: a hint.")
@click.option("--explain", "explained", is_flag=True, help="Tell on standard error what was changed and why.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object per input instead of the text.")
def command(files: tuple[str, ...], declared: str | None, *, explained: bool, as_json: bool) -> None:
    """Repair text: files or standard input in, UTF-8 on standard output.

    Text that shows no damage comes out as it went in, re-encoded at most.

    \b
    cat page.txt | mojimend text > mended.txt
    mojimend text --explain page.txt
    mojimend text --json *.txt | jq .grade
    """  # noqa: D301 - \b tells click to keep the lines
    out = sys.stdout.buffer
    for name, data in read_inputs(files):
        repair = repair_bytes(data, declared=declared)
        shown = json.dumps(repair_told(name, repair), ensure_ascii=False) + "\n" if as_json else repair.text
        # A lone surrogate has no UTF-8; it leaves as the three bytes that it would have come from.
        out.write(shown.encode("utf-8", "surrogatepass"))
        out.flush()
        if repair.encoding is None:
            click.echo(f"{name}: not text, left out", err=True)
        if explained:
            explain(name, repair)
