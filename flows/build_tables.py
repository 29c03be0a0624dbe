"""Build the character tables of `repair.mirror` from pypinyin and OpenCC: ``python -m flows.build_tables``."""

from importlib.metadata import version
from pathlib import Path

import click
from opencc import OpenCC
from pypinyin.constants import PINYIN_DICT

DATA = Path(__file__).parents[1] / "repair" / "data"


@click.command()
def main() -> None:
    """Write ``readings.tsv`` and ``simplified.tsv``; the same packages give the same bytes."""
    hanzi = _gbk_hanzi()
    readings = [f"{c}\t{PINYIN_DICT[ord(c)]}" for c in hanzi if ord(c) in PINYIN_DICT]
    head = f"# Readings of the hanzi of GBK in pinyin. Source: pypinyin {version('pypinyin')}."
    _write("readings.tsv", head, "character <TAB> readings, separated by commas; sorted", "MIT", readings)
    convert = OpenCC("t2s").convert
    pairs = [f"{c}\t{simple}" for c in hanzi if (simple := convert(c)) != c]
    head = f"# Simplified forms of traditional hanzi of GBK. Source: OpenCC {version('opencc')}, t2s, by character."
    _write("simplified.tsv", head, "traditional <TAB> simplified; sorted", "Apache-2.0", pairs)


def _gbk_hanzi() -> list[str]:
    codes = (bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    characters = {character for code in codes if (character := code.decode("gbk", "ignore"))}
    return sorted(character for character in characters if "\u4e00" <= character <= "\u9fff")


def _write(name: str, title: str, form: str, licence: str, lines: list[str]) -> None:
    table = "\n".join((title, f"# Format: {form}. Licence: {licence}.", *lines, ""))
    (DATA / name).write_text(table, "utf-8")
    click.echo(f"{name}: {len(lines)} rows")


if __name__ == "__main__":
    main()
