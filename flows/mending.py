"""From records as read to records as repaired: the text, the edits, the chain, the fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyarrow as pa

from flows.fields import ArticleFields, extract
from flows.records import Record
from flows.settings import policy_for
from repair import repair_column, repair_text
from repair.channel import describe
from repair.columns import edit_row
from repair.policy import Policy
from repair.pooling import repair_values
from repair.result import Grade, weakest
from repair.stored import chain_from_json, chain_to_json
from repair.written import Written, decode

TEXT = "text"
"""The field of an edit that lies in no extracted field."""
FIELDS = ("title", "published_at", "authors", "source", "visits", "url", "body", "language")


@dataclass(frozen=True, slots=True)
class FieldRepair:
    """What was done to one text of a record: a whole page, or one cell."""

    field: str
    text: str
    grade: Grade
    evidence: float
    chain: str
    edits: tuple[dict[str, Any], ...]
    """Rows of `repair.columns.EDIT`; each has its field as ``field`` beside."""


@dataclass(slots=True)
class Mended:
    """A record with its repairs, its values for the output, and why it may not pass."""

    record: Record
    values: dict[str, Any] = field(default_factory=dict)
    repairs: tuple[FieldRepair, ...] = ()
    named_but_empty: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    """Of a row: the name of each column as found, and as repaired."""
    reasons: list[str] = field(default_factory=list)
    detail: str | None = None

    @property
    def grade(self) -> Grade:
        """Return the weakest grade of the record's repairs."""
        return weakest([repair.grade for repair in self.repairs])

    @property
    def evidence(self) -> float:
        """Return the evidence of all repairs together, in bits."""
        return sum(repair.evidence for repair in self.repairs)

    def reject(self, reason: str, detail: str) -> None:
        """Send the record to quarantine."""
        self.reasons.append(reason)
        self.detail = detail if self.detail is None else f"{self.detail}; {detail}"


def mend(records: Sequence[Record], policy: Policy) -> list[Mended]:
    """Repair a batch of records, in order. Rows are repaired column by column."""
    mended = {id(record): Mended(record) for record in records}
    for record in records:
        if record.problem:
            mended[id(record)].reject(record.problem.reason, record.problem.detail)
        elif record.text is not None:
            _guarded(_mend_page, [mended[id(record)]], policy)
    for rows in _tables(records):
        _guarded(_mend_rows, [mended[id(record)] for record in rows], policy)
    return list(mended.values())


def _guarded(step: Any, mended: list[Mended], policy: Policy) -> None:  # noqa: ANN401 - a function of two arguments
    """Repair some records; if one of them trips the code, the others still pass, and that one is kept as found."""
    try:
        step(mended, policy)
    except Exception as error:  # noqa: BLE001 - one record must not cost the others
        if len(mended) > 1:
            for one in mended:
                _guarded(step, [one], policy)
        else:
            mended[0].reject("failed", f"{type(error).__name__}: {error}")


def _tables(records: Sequence[Record]) -> list[list[Record]]:
    """Group the rows that can pass by source."""
    tables: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if record.problem is None and not record.layout.is_page:
            tables.setdefault((record.place.source_uri, record.place.member), []).append(record)
    return list(tables.values())


def _mend_page(mended: list[Mended], policy: Policy) -> None:
    (one,) = mended
    record = one.record
    repair = repair_text(record.text or "", policy_for(policy, record.place.source_uri, (TEXT, *FIELDS)))
    fields = extract(repair.text)
    chain = (*repair.chain, *_written(record))
    edits = tuple({**edit_row(edit), "field": _field_at(fields, edit.start, edit.end)} for edit in repair.edits)
    one.values = {name: getattr(fields, name) for name in FIELDS}
    one.values["authors"] = list(fields.authors) if fields.authors is not None else None
    one.named_but_empty = tuple(fields.named_but_empty)
    one.repairs = (FieldRepair(TEXT, repair.text, repair.grade, repair.evidence, chain_to_json(chain), edits),)


def _written(record: Record) -> tuple[Written, ...]:
    """Return the last step of the chain of a text file, whose replay is the file's bytes."""
    if record.layout.format != "txt" or record.original is None or record.encoding is None:
        return ()
    return (decode(record.original, record.encoding)[1],)


def _field_at(fields: ArticleFields, start: int, end: int) -> str:
    within = [name for name, (left, right) in fields.spans.items() if left < max(end, start + 1) and start < right]
    return min(within, key=lambda name: fields.spans[name][1] - fields.spans[name][0], default=TEXT)


def _mend_rows(mended: list[Mended], policy: Policy) -> None:
    cells = [dict(one.record.cells) for one in mended]
    columns = column_names(tuple(dict.fromkeys(name for row in cells for name in row)))
    repairs: list[list[FieldRepair]] = [[] for _ in mended]
    for found, name in columns.items():
        column = pa.array([row.get(found) for row in cells], pa.string())
        own = policy_for(policy, mended[0].record.place.source_uri, (name,))
        for repaired, repair in zip(repairs, _repaired(name, column, own), strict=True):
            repaired.extend([repair] if repair else [])
    for one, repaired in zip(mended, repairs, strict=True):
        one.repairs, one.columns = tuple(repaired), columns
        one.values = dict.fromkeys(columns.values()) | {repair.field: repair.text for repair in repaired}


@cache
def column_names(found: tuple[str, ...]) -> dict[str, str]:
    """Return each name of a column as found, and as repaired: all of a header are decided together.

    No mapping and no policy of the user has a say, so a header means the same in every batch and in every run.

    >>> column_names(("ID", "ÐÕÃû", "ËùÔÚµØÇø"))
    {'ID': 'ID', 'ÐÕÃû': '姓名', 'ËùÔÚµØÇø': '所在地区'}
    """
    repaired = [repair.text.strip() for repair in repair_values(found, Policy())]
    kept = (
        text and repaired.count(text) == 1 and (text == name or text not in found)
        for name, text in zip(found, repaired, strict=True)
    )
    return {name: text if keep else name for name, text, keep in zip(found, repaired, kept, strict=True)}


def _repaired(name: str, column: pa.Array, policy: Policy) -> Iterator[FieldRepair | None]:
    for row in repair_column(column, policy).to_pylist():
        if row["text"] is None:
            yield None
            continue
        edits = tuple({**edit, "field": name} for edit in row["edits"])
        yield FieldRepair(name, row["text"], Grade(row["grade"]), row["evidence"], row["chain"], edits)


@cache
def kind_of(chain: str) -> str:
    """Name the damage of a stored chain in words, how it was written to bytes left out."""
    return describe(tuple(channel for channel in chain_from_json(chain) if not isinstance(channel, Written)))
