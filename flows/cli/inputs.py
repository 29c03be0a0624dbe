"""The inputs of the commands that work on bytes: files by name, ``-`` or nothing for standard input."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from flows.cli import USAGE


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
        raise InputError(f"{name}: {error.strerror or error}") from error


class InputError(click.ClickException):
    """Input that cannot be used."""

    exit_code = USAGE
