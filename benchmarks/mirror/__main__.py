"""The command. OpenCC and pypinyin are needed; everything is drawn with fixed seeds."""

from itertools import pairwise
from pathlib import Path

import click

from benchmarks.mirror.measuring import Result, Score, Speed, changed_pages, measured
from benchmarks.mirror.sites import hidden_sites

_HEAD = "| | pages | mended % | characters | right % | lines before % | lines right % | lost | of these right % |"
_KINDS = {
    "known": "read back, the program known",
    "inferred": "a site's program inferred from all its pages",
    "alone": "a page alone, inferred and read back",
    "whole call": "`repair_text`, the program known",
    "whole call alone": "`repair_text` of a page alone",
}
_STEPS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0001)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--sites", default=1000, show_default=True, help="Sites to draw.")
@click.option("--seconds", default=3600.0, show_default=True, help="After so long no further site is begun.")
@click.option("--honest", default=0, show_default=True, help="Honest pages of each kind that must stay as they are.")
@click.option("--wrong", default=0, show_default=True, help="Wrong lines to print.")
def main(folder: Path, sites: int, seconds: float, honest: int, wrong: int) -> None:
    """Print how well mirrored pages come back; FOLDER holds laws.txt.xz and reports.txt.xz, one paragraph a line."""
    if sites:
        _print(measured(hidden_sites(folder, sites), seconds), wrong)
    if honest:
        _print_honest(changed_pages(folder, honest), honest, wrong)


def _print(result: Result, wrong: int) -> None:
    print(_HEAD)
    print("|---|" + "--:|" * 8)
    for group, score in sorted(result.by.items()):
        print(_row(group, score))
    print(f"unique: {result.unique[True]} right, {result.unique[False]} wrong")
    print("| stated | places | mean % | right % |\n|---|--:|--:|--:|")
    for low, high in pairwise(_STEPS):
        own = [(share, right) for share, right in result.stated if low <= share < high]
        if own:
            mean, right = (sum(values) / len(own) for values in zip(*own, strict=True))
            print(f"| {low}-{min(high, 1)} | {len(own)} | {100 * mean:.2f} | {100 * right:.2f} |")
    print(f"expected calibration error: {100 * _calibration_error(result):.2f} %; not replayed: {result.unfaithful}")
    _print_speeds(result)
    print("\n".join(result.wrong[:wrong]))


def _row(group: str, score: Score) -> str:
    shares = (score.mended / score.pages, score.right / score.characters)
    lines = (score.lines_before / score.lines, score.lines_right / score.lines)
    mended, right, before, after = (f"{100 * share:.2f}" for share in (*shares, *lines))
    found = f"{100 * score.lost_right / score.lost:.1f}" if score.lost else ""
    cells = (group, score.pages, mended, f"{score.characters:,}", right, before, after, score.lost, found)
    return f"| {' | '.join(map(str, cells))} |"


def _calibration_error(result: Result) -> float:
    """Return the mean distance between stated and right over ten equal steps, each weighed by its places."""
    error = 0.0
    for step in range(10):
        own = [(share, right) for share, right in result.stated if step <= 10 * share < step + 1 + (step == 9)]
        error += abs(sum(share - right for share, right in own))
    return error / max(len(result.stated), 1)


def _print_speeds(result: Result) -> None:
    print("| MB/s of UTF-8 as seen | " + " | ".join(_KINDS.values()) + " |\n|---|" + "--:|" * len(_KINDS))
    for length, speeds in sorted(result.speeds.items()):
        print(f"| {length} | {' | '.join(_speed(speeds[kind]) for kind in _KINDS)} |")


def _speed(speed: Speed) -> str:
    return f"{speed.bytes / max(speed.seconds, 1e-9) / 1e6:.2f}" if speed.bytes else ""


def _print_honest(changed: dict[str, list[str]], count: int, wrong: int) -> None:
    print(f"| honest pages, {count} of each kind | changed |\n|---|--:|")
    for kind, pages in changed.items():
        print(f"| {kind} | {len(pages)} |")
    print("\n".join(page[:300].replace("\n", " / ") for pages in changed.values() for page in pages[:wrong]))


if __name__ == "__main__":
    main()
