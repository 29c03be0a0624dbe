"""What triage lets pass: damaged values of every channel that it takes for clean, by length.

``python -m benchmarks.triage FOLDER``. A value that passes is looked at by the full search, which says whether it
would have been mended: that, and not the damage itself, is what triage costs.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks.accuracy.damaged import chains, written_in
from benchmarks.accuracy.texts import samples
from repair import Policy
from repair.channel import Chain, UndamageableError, damage, describe
from repair.found import Found
from repair.search import search
from repair.triage import suspicious

_LENGTHS = ("4-7", "8-19", "20-120")
_TRIED = 20
"""Texts that are tried for each one that is wanted."""


class Passed(NamedTuple):
    """Damaged values of a chain and a length: how many there were, and those that passed, and would be mended."""

    chain: Chain
    values: int
    passed: tuple[str, ...]
    mended: tuple[str, ...]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--values", default=100, show_default=True, help="Values of each chain and length.")
def main(folder: Path, values: int) -> None:
    """Print for each length how many values pass, then each chain of which any does, with one of them."""
    for length in _LENGTHS:
        rows = [_passed(folder, chain, length, values) for chain in chains()]
        total = sum(row.values for row in rows)
        passed, mended = sum(len(row.passed) for row in rows), sum(len(row.mended) for row in rows)
        print(f"{length} characters: {passed} of {total:,} pass, {mended} of them would be mended")
        for row in rows:
            if row.passed:
                print(
                    f"  {len(row.passed)} ({len(row.mended)}) of {row.values}: {describe(row.chain)}: {row.passed[0]}"
                )


def _passed(folder: Path, chain: Chain, length: str, values: int) -> Passed:
    seen = list(_damaged(folder, chain, length, values))
    passed = tuple(value for value in seen if not suspicious(value))
    mended = tuple(value for value in passed if search(Found(value), value, Policy()).text != value)
    return Passed(chain, len(seen), passed, mended)


def _damaged(folder: Path, chain: Chain, length: str, values: int) -> Iterator[str]:
    """Yield values of one length that the chain has damaged."""
    found = 0
    for text in samples(folder, length, written_in(chain))[: values * _TRIED]:
        try:
            seen = damage(chain, text)
        except UndamageableError:
            continue
        if seen != text:
            yield seen
            found += 1
        if found == values:
            return


if __name__ == "__main__":
    main()
