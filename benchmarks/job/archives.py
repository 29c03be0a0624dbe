"""Archives to measure with: tables, JSON lines and pages of real sentences, one row in a hundred damaged."""

import csv
import io
import json
import lzma
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

_SEED = 5
_FILE = 8_000_000
"""Bytes of a file of rows: one shard each."""
_SOURCES = ("县融媒体中心", "市应急管理局", "新华社", "人民日报", "省水利厅")
_DAMAGE = (
    ("utf-8", "latin-1", "strict"),
    ("utf-8", "gbk", "replace"),
    ("gb18030", "latin-1", "strict"),
    ("utf-8", "cp1252", "replace"),
    ("gb18030", "koi8-r", "strict"),
)
Row = dict[str, str]


def rows(folder: Path, every: int) -> Iterator[Row]:
    """Yield rows without end, one in ``every`` damaged in title and body; the paragraphs repeat, the texts hardly do.

    ``folder`` holds laws.txt.xz and reports.txt.xz. The model was trained on most of their paragraphs, which flatters
    how few of the clean rows are searched.
    """
    texts = (lzma.decompress((folder / f"{name}.txt.xz").read_bytes()).decode() for name in ("laws", "reports"))
    lines = [line for text in texts for line in text.splitlines() if 20 <= len(line) <= 120]
    chance = random.Random(_SEED)
    number = 0
    while True:
        number += 1
        title = chance.choice(lines)
        row = {
            "编号": str(number),
            "标题": title[: chance.randint(10, 30)],
            "发布时间": str(date(2004, 1, 1) + timedelta(chance.randrange(8000))),
            "来源": chance.choice(_SOURCES),
            "网址": f"https://www.example.org.cn/news/{chance.randrange(10**6)}.html",
            "正文": "".join(chance.sample(lines, chance.randint(1, 6))),
        }
        if number % every == 0:
            original, wrong, errors = _DAMAGE[number // every % len(_DAMAGE)]
            row |= {name: row[name].encode(original).decode(wrong, errors) for name in ("标题", "正文")}
        yield row


def write_tables(folder: Path, source: Iterator[Row], size: int) -> None:
    """Write CSV files of some bytes together."""
    _write_files(folder, source, size, "csv", _csv)


def write_json(folder: Path, source: Iterator[Row], size: int) -> None:
    """Write JSON lines of some bytes together."""
    _write_files(folder, source, size, "jsonl", _json)


def _write_files(
    folder: Path, source: Iterator[Row], size: int, kind: str, line_of: Callable[[Row | None], str]
) -> None:
    folder.mkdir(parents=True)
    for number in range(max(1, round(size / _FILE))):
        parts, written = [line_of(None)], 0
        while written < min(size, _FILE):
            parts.append(line_of(next(source)))
            written += len(parts[-1].encode())
        (folder / f"{number:04}.{kind}").write_text("".join(parts), "utf-8", newline="")


_COLUMNS = ("编号", "标题", "发布时间", "来源", "网址", "正文")


def _csv(row: Row | None) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(_COLUMNS if row is None else row.values())
    return line.getvalue()


def _json(row: Row | None) -> str:
    return "" if row is None else json.dumps(row, ensure_ascii=False) + "\n"


def write_pages(folder: Path, source: Iterator[Row], size: int) -> None:
    """Write text files of some bytes together, each an article of three rows: a title, a line of facts, paragraphs."""
    folder.mkdir(parents=True)
    written = number = 0
    while written < size:
        rows = [next(source) for _ in range(3)]
        facts = f"发布时间:{rows[0]['发布时间']} 来源:{rows[0]['来源']} 访问次数:{number % 997}"
        page = "\n".join((rows[0]["标题"], facts, *(row["正文"] for row in rows), "")).encode()
        (folder / f"{number // 1000:03}-{number % 1000:03}.txt").write_bytes(page)
        written, number = written + len(page), number + 1
