"""Make the sample archive from ``sources/``: every kind of damage by plain codecs, so that the files are an oracle too.

``python sample_data/make.py`` writes ``archive/`` and ``truth.jsonl``; the same sources give the same bytes.
"""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from repair.mirror import Mirror

HERE = Path(__file__).parent
PARAGRAPH = "切实做好防汛工作\n发布时间:2023-06-01\n全面落实防汛责任\n落实安全生产责任"


@dataclass(frozen=True, slots=True)
class Sample:
    """A file of the archive and what a run must make of it: the article's text, the outcome, its grade or reason."""

    name: str
    data: bytes
    text: str | None
    outcome: str
    grade: str
    what: str


def source(name: str) -> str:
    """Return a source's text."""
    return (HERE / "sources" / f"{name}.txt").read_text("utf-8")


def misread(original: str, wrong: str) -> Callable[[str], bytes]:
    """Return what saves a text in UTF-8 after it was written in one encoding and read in another."""
    return lambda text: text.encode(original).decode(wrong).encode()


def references(text: str) -> bytes:
    """Write all but ASCII as decimal character references."""
    return "".join(c if c.isascii() else f"&#{ord(c)};" for c in text).encode()


def escapes(text: str) -> bytes:
    """Write all but ASCII as backslash escapes."""
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in text).encode()


def percent(text: str) -> bytes:
    """Write all but ASCII as percent escapes."""
    return "".join(c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode()) for c in text).encode()


def twice(text: str) -> bytes:
    """Misread twice over."""
    once = text.encode().decode("latin-1")
    return once.encode().decode("latin-1").encode()


def mirrored(text: str) -> bytes:
    """Run the text through a mirror site."""
    notes = (
        ("會", "huì"),
        ("報", "bào"),
        ("開", "kāi"),
        ("發", "fā"),
        ("時", "shí"),
        ("間", "jiān"),
        ("問", "wèn"),
        ("長", "zhǎng"),
    )
    pairs = "會会報报開开發发時时間间問问長长員员進进對对與与護护緊紧車车訓训練练組组織织種种責责"
    return Mirror(pairs[1::2], pairs[::2], notes).damage(text).encode()


MISREADINGS = (
    ("utf-8", "latin-1", "flood"),
    ("utf-8", "cp437", "library"),
    ("utf-8", "cp850", "forest"),
    ("utf-8", "koi8-r", "flood"),
    ("utf-8", "mac-roman", "library"),
    ("gb18030", "latin-1", "forest"),
    ("gb18030", "koi8-r", "library"),
    ("gb18030", "cp437", "flood"),
    ("gb18030", "mac-roman", "forest"),
)
ENCODINGS = ("gb18030", "utf-16", "utf-16-le", "utf-8-sig")


def samples() -> list[Sample]:
    """Return every sample."""
    flood, library, forest = source("flood"), source("library"), source("forest")
    made = [Sample(f"clean-{n}.txt", source(n).encode(), source(n), "clean", "clean", w) for n, w in CLEAN]
    made += [
        Sample(f"{o}-as-{w}.txt", misread(o, w)(source(n)), source(n), "clean", "exact", f"{o} read as {w}")
        for o, w, n in MISREADINGS
    ]
    made += [Sample(f"in-{e}.txt", forest.encode(e), forest, "clean", "clean", f"written in {e}") for e in ENCODINGS]
    return [
        *made,
        Sample("utf-8-as-gbk.txt", misread("utf-8", "gbk")(PARAGRAPH), None, "clean", "exact", GBK),
        Sample("twice-latin-1.txt", twice(flood), flood, "clean", "exact", "UTF-8 read as Latin-1, twice"),
        Sample("references.txt", references(forest), forest, "clean", "exact", "decimal character references"),
        Sample("escapes.txt", escapes(library), library, "clean", "exact", "backslash escapes"),
        Sample("percent.txt", percent(forest), forest, "clean", "exact", "percent-encoded UTF-8"),
        Sample("mirror.txt", mirrored(forest), forest, "clean", "exact", "a mirror site: script, notes, bytes"),
        Sample("packed.txt.gz", gzip.compress(flood.encode("gb18030"), mtime=0), flood, "clean", "clean", "gzip"),
        Sample("page.html", page(library), None, "clean", "clean", "HTML that declares gb2312"),
        Sample("mapped.txt", flood.replace("清溪县", "锟斤拷县").encode(), flood, "clean", "policy", "a mapping"),
        Sample("hopeless.txt", ("\ufffd" * 40).encode(), None, "quarantine", "lost-share", "nothing left"),
        Sample("kun.txt", ("锟斤拷" * 30 + "\n").encode(), None, "quarantine", "lost-share", "锟斤拷: hopeless"),
        Sample("binary.txt", bytes(range(256)) * 4, None, "quarantine", "binary", "not text"),
        Sample("empty.txt", b"", None, "quarantine", "empty", "empty"),
        Sample("table.csv", table(), None, "clean", "exact", "a CSV; two of four columns damaged"),
        Sample("header.csv", header(), None, "clean", "exact", "a CSV whose header was misread with its cells"),
        Sample("lines.jsonl", json_lines(), None, "clean", "exact", "JSON lines, one field damaged"),
    ]  # fmt: skip


CLEAN = (
    ("flood", "ASCII punctuation"),
    ("library", "full-width punctuation"),
    ("forest", "a field named but empty"),
    ("school", "genuine traditional"),
    ("tokyo", "Japanese"),
    ("english", "English"),
)
GBK = "UTF-8 read as GBK, words that survive it"


def page(text: str) -> bytes:
    """Make a page of an article."""
    title, *lines = text.strip().split("\n")
    body = "".join(f"<p>{line}</p>\n" for line in lines)
    head = f'<head><meta charset="gb2312"><title>{title}</title></head>'
    return f"<html>{head}\n<body><h1>{title}</h1>\n{body}</body></html>\n".encode("gb18030")


PEOPLE = (
    ("王小明", "关于做好春耕生产的通知"),
    ("李红", "防汛抗旱应急预案"),
    ("张建国", "乡村道路建设情况报告"),
    ("陈静", "学校安全检查结果"),
)


def header() -> bytes:
    """Make a table of which all, header and cells, was misread."""
    lines = ["姓名,文件标题", *(f"{name},{title}" for name, title in PEOPLE)]
    return "".join(f"{line}\n" for line in lines).encode("gb18030").decode("cp437").encode()


def table() -> bytes:
    """Make a table whose columns ``name`` and ``title`` were misread."""
    lines = [
        f"{n},{name.encode().decode('latin-1')},{title.encode().decode('latin-1')},清溪县第{n}号文件"
        for n, (name, title) in enumerate(PEOPLE, 1)
    ]
    return ("id,name,title,note\n" + "\n".join(lines) + "\n").encode()


def json_lines() -> bytes:
    """Make JSON lines whose ``content`` was misread."""
    text = "全县各级各部门要切实做好防汛抗旱工作。".encode("gb18030").decode("latin-1")
    return b"".join(json.dumps({"id": n, "content": text}, ensure_ascii=False).encode() + b"\n" for n in range(3))


def main() -> None:
    """Write the archive and the truth."""
    folder = HERE / "archive"
    folder.mkdir(exist_ok=True)
    truth = []
    for sample in samples():
        (folder / sample.name).write_bytes(sample.data)
        truth.append({n: getattr(sample, n) for n in ("name", "text", "outcome", "grade", "what")})
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in truth)
    (HERE / "truth.jsonl").write_text(lines, "utf-8")
    print(f"{len(truth)} files")


if __name__ == "__main__":
    main()
