"""From pages as read to pages as repaired: the text, the edits, the chain, the fields."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from flows.fields import ArticleFields, extract
from flows.records import Record
from flows.settings import policy_for
from repair import repair_text
from repair.channel import describe
from repair.columns import edit_row
from repair.policy import Policy
from repair.result import Grade, weakest
from repair.stored import chain_from_json, chain_to_json
from repair.written import Written, decode

TEXT = "text"
"""The field of an edit that lies in no extracted field."""
FIELDS = ("title", "published_at", "authors", "source", "visits", "url", "body", "language")


@dataclass(frozen=True, slots=True)
class FieldRepair:
    """What was done to the text of a page."""

    field: str
    text: str
    grade: Grade
    evidence: float
    chain: str
    edits: tuple[dict[str, Any], ...]
    """Rows of `repair.columns.EDIT`; each has its field as ``field`` beside."""


@dataclass(slots=True)
class Mended:
    """A page with its repairs, its values for the output, and why it may not pass; or a record that cannot pass."""

    record: Record
    values: dict[str, Any] = field(default_factory=dict)
    repairs: tuple[FieldRepair, ...] = ()
    named_but_empty: tuple[str, ...] = ()
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


def mend_pages(records: Sequence[Record], policy: Policy) -> list[Mended]:
    """Repair pages, in order; a record with a problem, of whatever kind, is rejected as it was found."""
    mended = [Mended(record) for record in records]
    for one in mended:
        problem = one.record.problem
        if problem:
            one.reject(problem.reason, problem.detail)
        else:
            _guarded(one, policy)
    return mended


def _guarded(one: Mended, policy: Policy) -> None:
    """Repair a page; if it trips the code, the others still pass, and it is kept as found."""
    try:
        _mend_page(one, policy)
    except Exception as error:  # noqa: BLE001 - one record must not cost the others
        one.reject("failed", f"{type(error).__name__}: {error}")


def _mend_page(one: Mended, policy: Policy) -> None:
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


@cache
def kind_of(chain: str) -> str:
    """Name the damage of a stored chain in words, how it was written to bytes left out."""
    return describe(tuple(channel for channel in chain_from_json(chain) if not isinstance(channel, Written)))
