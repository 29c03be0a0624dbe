"""The inputs of the commands that work on bytes: files by name, ``-`` or nothing for standard input."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from flows.cli import USAGE

_SHOWN = 200
"""Characters of a name that a message shows: what was meant as text may be long."""


def read_inputs(files: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of each input; one that cannot be read ends the program with a message."""
    for name in files or ("-",):
        yield name, _read(name)


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
        advice = "give the name of a file, or pipe the text itself to standard input"
        raise InputError(f"{shown}: {error.strerror or error}; {advice}") from error


class InputError(click.ClickException):
    """Input that cannot be used."""

    exit_code = USAGE
