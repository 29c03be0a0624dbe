"""The command; ``benchmarks/README.md`` says how to install what is measured beside."""

import json
import os
import platform
import time
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypedDict, Unpack

import click

from benchmarks.accuracy import tables
from benchmarks.accuracy.clean import cleaned
from benchmarks.accuracy.damaged import Cell, measured
from benchmarks.accuracy.encodings import decoded
from benchmarks.accuracy.texts import LENGTHS, held_out
from benchmarks.accuracy.wild import found
from repair.channel import describe

_SECTIONS = ("damage", "bytes", "clean")
_VERSIONS = ("ftfy", "plsfix", "chardet", "charset-normalizer", "chardetng-py", "faust-cchardet", "charset_mnbvc")
_PATH = click.Path(path_type=Path, exists=True, file_okay=False)


class Asked(TypedDict):
    """What the command line says."""

    folder: Path
    quick: bool
    sections: tuple[str, ...]
    channel: str
    length: str
    times: int
    debian: Path | None
    wild: Path | None
    jobs: int
    target: Path | None


@click.command()
@click.argument("folder", type=_PATH)
@click.option("--quick", is_flag=True, help="A minute's worth of samples, for development.")
@click.option("--section", "sections", type=click.Choice(_SECTIONS), multiple=True, default=_SECTIONS)
@click.option("--channel", default="", help="Only damage whose description holds this, such as 'read as GBK'.")
@click.option("--length", type=click.Choice(["", *LENGTHS]), default="", help="Only this length.")
@click.option("--times", default=1, show_default=True, help="So many times as many damaged texts.")
@click.option("--debian", type=_PATH, help="Folder with unpacked Debian packages: clean text in many languages.")
@click.option("--wild", type=_PATH, help="Folder with pairs, legacy, unpaired and negative of real damage.")
@click.option("--jobs", default=1, show_default=True, help="Processes; the figures do not depend on it.")
@click.option("--json", "target", type=click.Path(path_type=Path), help="Also write everything as JSON.")
def main(**asked: Unpack[Asked]) -> None:
    """Measure the repairs; FOLDER holds laws.txt.xz and reports.txt.xz, one paragraph a line."""
    began = time.perf_counter()
    folder, quick, sections = asked["folder"], asked["quick"], asked["sections"]
    stored: dict[str, list[Any]] = {}
    _say([_header(folder, quick=quick)])
    if "damage" in sections:
        times = asked["times"]
        cells = measured(folder, asked["channel"], asked["length"], quick=quick, times=times, jobs=asked["jobs"])
        stored["damage"] = list(cells)
        _say(tables.damaged(stored["damage"]))
    if "bytes" in sections:
        stored["bytes"] = list(decoded(folder, asked["length"], 30 if quick else 500))
        _say(tables.decoded(stored["bytes"]))
    if "clean" in sections:
        stored["clean"] = list(cleaned(folder, asked["debian"], 40_000 if quick else 2_000_000))
        _say(tables.clean(stored["clean"]))
    if asked["wild"]:
        stored["wild"] = list(found(asked["wild"]))
        _say(tables.wild(stored["wild"]))
    if asked["target"]:
        asked["target"].write_text(json.dumps(_plain(stored), ensure_ascii=False, indent=1), "utf-8")
    _say([f"\n{time.perf_counter() - began:.0f} seconds"])


def _header(folder: Path, *, quick: bool) -> str:
    texts = ", ".join(f"{name} {sum(map(len, lines)):,}" for name, lines in held_out(folder).items())
    peers = ", ".join(f"{name} {found}" for name in _VERSIONS if (found := _version(name)))
    return (
        f"# Accuracy{', quick' if quick else ''}: Python {platform.python_version()}, {os.cpu_count()} cores\n\n"
        f"Text that the model never saw, in characters: {texts}\nMeasured beside: {peers}"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


def _plain(value: object) -> object:
    """Return what JSON can hold: chains by their description, everything else by its fields."""
    if is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, Cell):
            return {"damage": describe(value.chain), "length": value.length}
        names = getattr(type(value), "__slots__", ()) or list(asdict(value))
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {key if isinstance(key, str) else "/".join(map(str, key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


if __name__ == "__main__":
    main()
