"""What a worker needs that takes seconds to load: importing this module loads it.

Great Expectations takes two seconds, the compiled loops, the tables of encodings and the language model three more.
What is left out here each worker does for itself: of a second's work that is a tenth.
"""

import csv
import gc
import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

import flows.finishing
import flows.report  # noqa: F401 - what the last step loads
from expectations.documents import render_documents
from expectations.engine import load
from flows.processing import process_shard
from flows.settings import Settings
from flows.sources import list_sources
from repair.decoders import decode, several_codes
from repair.misreadings import misreadings

_SENTENCE = "数据统计表明，中国人民生活水平不断提高。"
_DAMAGE = (("utf-8", "gbk"), ("utf-8", "cp1252"), ("utf-8", "latin-1"), ("gb18030", "koi8-r"), ("gb18030", "big5"))

# The pool that Arrow chooses by itself keeps freed memory: of two shards of 16 MB, 80 MB more at the peak.
pa.set_memory_pool(pa.system_memory_pool())


def rehearse(folder: Path) -> None:
    """Work a small archive off, so that all that is loaded, compiled or set up at its first use is there."""
    seen = [decode(_SENTENCE.encode(original), wrong, "replace") for original, wrong in _DAMAGE]
    lines = [_SENTENCE, *seen, *(text[:9] for text in seen), f"{seen[0]}\n{_SENTENCE}{seen[0][:7]}"]
    archive = folder / "archive"
    archive.mkdir()
    for number, text in enumerate(lines):
        (archive / f"{number}.txt").write_text(f"总结\n发布时间:2021-08-13 来源:\n{text}\n", "utf-8")
    (archive / "mixed.txt").write_bytes(f"{_SENTENCE}\n".encode("gb18030") + f"{_SENTENCE}\n".encode())
    with (archive / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["编号", "正文"], *([str(number), text] for number, text in enumerate(lines))])
    rows = (json.dumps({"正文": text}, ensure_ascii=False) for text in lines)
    (archive / "rows.jsonl").write_text("\n".join(rows), "utf-8")
    outcome = process_shard(list_sources([str(archive)])[0], Settings("rehearsal"), folder / "shard")
    render_documents(outcome.rules, "rehearsal", "")


load()
with suppress(OSError), TemporaryDirectory() as temporary:  # without room for it the first shard takes longer
    rehearse(Path(temporary))
for row in misreadings():
    several_codes(row.wrong)
gc.collect()
gc.freeze()  # millions of objects that stay: no collection need look at them again, and forked workers share them
gc.set_threshold(20_000)  # rows of edits are no cycles: looking through them took a quarter of a mirrored page
