"""Clean text in many languages, from packages that ship it: how often it is changed, which must not happen."""

import gzip
import re
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa

from benchmarks.accuracy.texts import held_out
from repair import Grade, Repair, repair_column, repair_text

_DOCUMENT = 2000
_COLUMN = 1000
"""Rows of a column: pooling looks at each column by itself."""
_PIECE = 5
_WORD = re.compile(r"[^\W\d_]{2,}")
_GUIDE = "usr/share/doc/installation-guide-amd64"
_WESTERN = ("ca", "da", "de", "es", "fr", "it", "nl", "pt", "sv")
_DEBIAN = {
    "simplified: manual": (f"{_GUIDE}/zh_CN/*.html", "usr/share/debian-reference/*.zh-cn.html"),
    "simplified: man pages": ("usr/share/man/zh_CN/*/*.gz",),
    "traditional: manual": ("usr/share/debian-reference/*.zh-tw.html",),
    "traditional: man pages": ("usr/share/man/zh_TW/*/*.gz",),
    "classical: verse": ("usr/share/games/fortunes/tang300", "usr/share/games/fortunes/song100"),
    "Japanese": (f"{_GUIDE}/ja/*.html", "usr/share/debian-reference/*.ja.html"),
    "Korean": (f"{_GUIDE}/ko/*.html",),
    "Russian": (f"{_GUIDE}/ru/*.html",),
    "Greek": (f"{_GUIDE}/el/*.html", "usr/share/man/el/*/*.gz"),
    "Vietnamese": (f"{_GUIDE}/vi/*.html", "usr/share/man/vi/*/*.gz"),
    "Western European": tuple(
        f"{_GUIDE}/{language}/*.html" for language in ("ca", "da", "de", "es", "fr", "it", "nl", "pt", "sv")
    ),
    "Central European": (f"{_GUIDE}/cs/*.html", f"{_GUIDE}/ro/*.html", "usr/share/man/pl/*/*.gz"),
    "Finnish, Hungarian, Turkish": tuple(f"usr/share/man/{language}/*/*.gz" for language in ("fi", "hu", "tr")),
}
"""Patterns below the folder into which the Debian packages of ``benchmarks/README.md`` were unpacked."""
_NAMED = (
    "zh_CN",
    "zh_TW",
    "ja_JP",
    "ko_KR",
    "vi_VN",
    "ru_RU",
    "el_GR",
    "pl_PL",
    "cs_CZ",
    "hu_HU",
    "fi_FI",
    "is_IS",
    "tr_TR",
    "fr_FR",
    "de_DE",
    "es_ES",
    "pt_BR",
)
_TAG = re.compile(r"<(?:script|style).*?</(?:script|style)>|<[^>]*>", re.DOTALL)
_ROFF = re.compile(r"\\f[A-Z(]|^\.\\\".*$", re.MULTILINE)


@dataclass(slots=True)
class Clean:
    """What happened to clean text of one kind, by the way in which it was handed over."""

    name: str
    characters: int
    false: dict[str, int] = field(default_factory=dict)
    """Places changed: of lines, of documents, of columns, of pieces of five characters, of words in capitals."""
    lost: int = 0
    """Lines of which something was called lost, though nothing was changed."""
    shown: list[tuple[str, str, str]] = field(default_factory=list)
    """Way, line and answer of the first false repairs."""


def cleaned(folder: Path, debian: Path | None, characters: int) -> Iterator[Clean]:
    """Measure each source up to so many characters, taken from all over it."""
    for name, lines in _sources(folder, debian):
        yield _measure(name, _thinned(list(dict.fromkeys(line for line in lines if line.strip())), characters))


def _measure(name: str, lines: list[str]) -> Clean:
    found = Clean(name, sum(map(len, lines)))
    for way, texts in (("lines", lines), ("documents", list(_documents(lines)))):
        repairs = [repair_text(text) for text in texts]
        found.false[way] = sum(_changes(repair) for repair in repairs)
        changed = [(way, str(one.seen), one.text) for one in repairs if one.text != one.seen]
        found.shown += changed[:5] if way == "lines" else []
        found.lost += sum(one.grade is Grade.LOST for one in repairs) if way == "lines" else 0
    for way, values in (("columns", lines), ("pieces", _pieces(lines)), ("capitals", _capitals(lines))):
        columns = (values[at : at + _COLUMN] for at in range(0, len(values), _COLUMN))
        found.false[way] = sum(_column(way, column, found) for column in columns)
    return found


def _pieces(lines: list[str]) -> list[str]:
    """Return the pieces of five characters that hold no ASCII, each once: short values see what long ones hide."""
    pieces = (line[at : at + _PIECE] for line in lines for at in range(0, len(line), _PIECE))
    return list(dict.fromkeys(piece for piece in pieces if len(piece) == len(piece.encode("ascii", "ignore")) + _PIECE))


def _capitals(lines: list[str]) -> list[str]:
    """Return the words beyond ASCII of alphabets in capitals, each once."""
    words = dict.fromkeys(word for line in lines for word in _WORD.findall(line) if not word.isascii())
    return list(dict.fromkeys(word.upper() for word in words if word != word.upper()))


def _changes(repair: Repair) -> int:
    """Count the places that were changed."""
    if repair.text == repair.seen:
        return 0
    return max(1, sum(edit.text != edit.seen for edit in repair.edits))


def _column(way: str, lines: list[str], found: Clean) -> int:
    answers = repair_column(pa.array(lines)).column("text").to_pylist()
    changed = [(way, line, text) for line, text in zip(lines, answers, strict=True) if line != text]
    found.shown += changed[:2]
    return len(changed)


def _documents(lines: list[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line) + 1
        if size >= _DOCUMENT:
            yield "\n".join(held)
            held, size = [], 0
    if held:
        yield "\n".join(held)


def _thinned(lines: list[str], characters: int) -> list[str]:
    step = max(1, -(-sum(map(len, lines)) // characters))
    return lines[::step]


def _sources(folder: Path, debian: Path | None) -> Iterator[tuple[str, Iterator[str]]]:
    for genre, lines in held_out(folder).items():
        yield f"simplified: {genre}", iter(lines)
    for name, patterns in _DEBIAN.items() if debian else ():
        assert debian is not None
        yield name, (line for pattern in patterns for path in sorted(debian.glob(pattern)) for line in _lines(path))
    if find_spec("konlpy"):
        yield "Korean: laws and bills", _korean()
    if find_spec("faker"):
        yield "names and addresses", _names()
    if find_spec("django"):
        yield "interface text, all languages", _interface()
    yield "source code", _code()


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a page, a man page or plain text."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8", "ignore")
    if path.suffix == ".html":
        yield from (" ".join(line.split()) for line in unescape(_TAG.sub("\n", text)).splitlines())
    elif path.suffix == ".gz":
        yield from _ROFF.sub("", text).splitlines()
    else:
        yield from text.splitlines()


def _package(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _korean() -> Iterator[str]:
    for path in sorted((_package("konlpy") / "data" / "corpus").glob("*/*.txt")):
        yield from path.read_text("utf-8", "ignore").splitlines()


def _interface() -> Iterator[str]:
    for path in sorted((_package("django") / "conf" / "locale").glob("*/LC_MESSAGES/django.po")):
        yield from re.findall(r'"(.{2,})"', path.read_text("utf-8"))


def _names() -> Iterator[str]:
    """Yield names, addresses and firms of many countries as PyPI's ``faker`` makes them from its lists."""
    make = import_module("faker").Faker
    for locale in _NAMED:
        fake = make(locale)
        fake.seed_instance(1)
        for _ in range(1000):
            yield from (fake.name(), fake.address().replace("\n", " "), fake.company())


def _code() -> Iterator[str]:
    """Yield the lines beyond ASCII, and one in twenty of the others, of Python's own library and its tests."""
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.rglob("*.py")):
        if "site-packages" not in path.parts:
            lines = path.read_text("utf-8", "ignore").splitlines()
            yield from (line for number, line in enumerate(lines) if not line.isascii() or number % 20 == 0)
