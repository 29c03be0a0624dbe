"""``mojimend undo``: the bytes of a record as they were found."""

import sys
from pathlib import Path

import click

from flows.cli.inputs import InputError
from flows.finished_run import NotARunError, run_folder
from flows.undoing import UndoError, original_bytes


@click.command("undo")
@click.argument("run", type=click.Path(file_okay=False))
@click.argument("record")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write to a file instead of standard output.")
def command(run: str, record: str, output: str | None) -> None:
    """Write the original bytes of a record of a finished RUN.

    RECORD is a record_id (its beginning will do) or the source_uri of a source with one record.

    \b
    mojimend undo out/latest 3f2a9c > original.bin
    mojimend undo out/latest sample_data/notice.txt | cmp - sample_data/notice.txt
    """  # noqa: D301 - \b tells click to keep the lines
    try:
        data = original_bytes(run_folder(Path(run)), record)
        if output:
            Path(output).write_bytes(data)
        else:
            sys.stdout.buffer.write(data)
    except (NotARunError, UndoError) as error:
        raise InputError(str(error)) from error
    except OSError as error:
        raise InputError(f"{error.filename}: {error.strerror or error}") from error
