"""``mojimend detect``: which encoding a file is in."""

import json

import click

from flows.cli.inputs import read_inputs
from flows.cli.told import detection_told
from repair import detect_encoding


@click.command("detect")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--declared", metavar="ENCODING", help="What a header or catalogue says the encoding is: a hint.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object per input.")
def command(files: tuple[str, ...], declared: str | None, *, as_json: bool) -> None:
    """Name the encoding of files or standard input: name, encoding, confidence, reason, separated by tabs.

    \b
    mojimend detect *.txt
    curl -s https://example.org/ | mojimend detect --declared gb2312
    """  # noqa: D301 - \b tells click to keep the lines
    for name, data in read_inputs(files):
        found = detect_encoding(data, declared)
        line = (name, found.encoding or "binary", f"{found.confidence:.3f}", found.reason)
        click.echo(json.dumps(detection_told(name, found), ensure_ascii=False) if as_json else "\t".join(line))
