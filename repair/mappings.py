"""The user's own mappings: what was seen, what stood there, where that holds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import ClassVar

from repair.channel import Candidate

COLUMNS = ("seen", "text", "source", "field", "always", "note")
_YES_NO = {"": False, "no": False, "yes": True}


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row of a mapping table. ``always`` obeys it even where it would change text that reads as clean.

    ``source`` and ``field`` are shell patterns; ``origin`` says where the row stands, ``names.tsv:3``.
    """

    seen: str
    text: str
    source: str = "*"
    field: str = "*"
    always: bool = False
    note: str = ""
    origin: str = ""

    def applies(self, source: str, field: str) -> bool:
        """Say whether the mapping holds for a field of a source."""
        return fnmatchcase(source, self.source) and fnmatchcase(field, self.field)


class MappingError(ValueError):
    """A mapping table with mistakes; the message has a line for each."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """One text that always came out as another: a mapping's row as a channel."""

    kind: ClassVar[str] = "substitution"
    seen: str
    text: str
    origin: str = ""

    def damage(self, text: str) -> str:
        """Replace the text; anything else passes."""
        return self.seen if text == self.text else text

    def undo(self, seen: str) -> Iterator[Candidate]:
        """Yield the mapping's text where exactly its ``seen`` is given."""
        if seen == self.seen:
            yield Candidate(self.text, ((0, 0), (len(self.text), len(seen))))

    def describe(self) -> str:
        """Name the mapping and where it stands."""
        return f"mapping {self.seen} → {self.text}" + (f" ({self.origin})" if self.origin else "")


def load_mappings(table: str, origin: str = "mappings") -> tuple[Mapping, ...]:
    r"""Read a mapping table: tab-separated, ``#`` comments, first row the names of the columns.

    ``seen`` and ``text`` are needed; ``source``, ``field`` (shell patterns), ``always`` (yes or no) and ``note`` may
    follow. Raises `MappingError` with the line of every mistake.

    >>> load_mappings("seen\ttext\n锟斤拷县\t桃源县\n")[0].text
    '桃源县'
    """
    lines = [(n, line) for n, line in enumerate(table.removeprefix("\ufeff").splitlines(), 1)]
    rows = [(n, line.split("\t")) for n, line in lines if line.strip() and not line.startswith("#")]
    if not rows:
        return ()
    header, *body = rows
    mistakes = _header_mistakes(origin, *header)
    if not mistakes:
        mistakes = [mistake for n, row in body for mistake in _row_mistakes(f"{origin}:{n}", header[1], row)]
        mistakes += _twice(origin, header[1], body)
    if mistakes:
        raise MappingError("\n".join(mistakes))
    return tuple(_mapping(f"{origin}:{n}", dict(zip(header[1], row, strict=False))) for n, row in body)


def _header_mistakes(origin: str, line: int, names: list[str]) -> list[str]:
    mistakes = [f"column {name!r} is unknown; known are {', '.join(COLUMNS)}" for name in names if name not in COLUMNS]
    mistakes += [f"column {name!r} is missing from the header" for name in COLUMNS[:2] if name not in names]
    return [f"{origin}:{line}: {mistake}" for mistake in mistakes]


def _row_mistakes(where: str, names: list[str], row: list[str]) -> Iterator[str]:
    if len(row) > len(names):
        yield f"{where}: {len(row)} columns where the header has {len(names)}"
        return
    cells = dict(zip(names, row, strict=False))
    if not cells.get("seen"):
        yield f"{where}: 'seen' is empty"
    if cells.get("seen") == cells.get("text", ""):
        yield f"{where}: 'seen' and 'text' are the same"
    if cells.get("always", "").strip().lower() not in _YES_NO:
        yield f"{where}: 'always' is {cells['always']!r}; write yes or no"


def _twice(origin: str, names: list[str], body: list[tuple[int, list[str]]]) -> Iterator[str]:
    """Yield a mistake for each row that says of the same text in the same scope something said before."""
    first: dict[tuple[str, ...], int] = {}
    for n, row in body:
        cells = dict(zip(names, row, strict=False))
        key = (cells.get("seen", ""), cells.get("source") or "*", cells.get("field") or "*")
        if key in first:
            yield f"{origin}:{n}: {key[0]!r} is mapped in line {first[key]} already"
        first.setdefault(key, n)


def _mapping(origin: str, cells: dict[str, str]) -> Mapping:
    mapping = Mapping(cells["seen"], cells.get("text", ""), origin=origin, note=cells.get("note", ""))
    always = _YES_NO[cells.get("always", "").strip().lower()]
    return replace(mapping, source=cells.get("source") or "*", field=cells.get("field") or "*", always=always)
