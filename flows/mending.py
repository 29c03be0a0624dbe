"""From pages as read to pages as repaired: the text, the edits, the chain, the fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pyarrow as pa

from flows.clean_pages import CleanPages, clean_pages
from flows.fields import ArticleFields, extract
from flows.readers import decode_pages
from flows.records import Record
from flows.settings import policy_for
from flows.sites import SiteProgram, program_for
from repair import repair_text
from repair.channel import describe
from repair.columns import edit_row
from repair.mirror import Mirror
from repair.policy import Policy
from repair.programs import referring
from repair.records import repair_segments
from repair.result import Grade, Repair, weakest
from repair.stored import chain_from_json, chain_to_json
from repair.triage import suspicious_values
from repair.written import without_writing

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
    programs: dict[str, Mirror] = field(default_factory=dict)
    """The programs of mirror sites that the chains of the repairs name."""
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


def mend_pages(
    records: Sequence[Record], policy: Policy, programs: Sequence[SiteProgram] = ()
) -> tuple[CleanPages, list[Mended]]:
    """Decode and repair pages; return those that need no look as columns, and the others.

    A record with a problem, of whatever kind, is rejected as it was found.
    """
    mended = [Mended(record) for record in records]
    _decode([one for one in mended if not one.record.problem])
    clean, others = _sorted_out([one for one in mended if one.record.text is not None], policy, programs)
    for one, own, needs_look in others:
        _guarded(one, own, needs_look=needs_look)
    for one in mended:
        if problem := one.record.problem:
            one.reject(problem.reason, problem.detail)
    looked_at = {id(one) for one, *_ in others}
    return clean, [one for one in mended if one.record.text is None or id(one) in looked_at]


def _sorted_out(
    pages: Sequence[Mended], policy: Policy, programs: Sequence[SiteProgram]
) -> tuple[CleanPages, list[tuple[Mended, Policy, bool]]]:
    """Return the pages that need no look, and the others, each with its policy and whether its text needs a look."""
    try:
        texts = pa.array([one.record.text for one in pages], pa.large_string())
        suspected = suspicious_values(texts)
    except UnicodeEncodeError:  # what Arrow cannot hold needs a look
        return CleanPages(), [
            (one, own, True) for one, own in zip(pages, _policies(pages, policy, programs), strict=True)
        ]
    others = [
        (one, own, needs_look or bool(own.mappings or own.programs))
        for one, own, needs_look in zip(pages, _policies(pages, policy, programs), suspected.tolist(), strict=True)
    ]
    clean = [number for number, (*_, needs_look) in enumerate(others) if not needs_look]
    try:
        found = clean_pages([pages[number].record for number in clean], texts, clean)
    except Exception:  # noqa: BLE001 - one record must not cost the others: each is tried by itself
        return CleanPages(), others
    return found, [other for other in others if other[-1]]


def _policies(pages: Sequence[Mended], policy: Policy, programs: Sequence[SiteProgram]) -> Iterator[Policy]:
    """Yield what holds for each page: of mappings and programs of sites those of its source."""
    for one in pages:
        source = one.record.place.source_uri
        known = replace(policy, programs=program_for(programs, source)) if programs else policy
        yield policy_for(known, source, (TEXT, *FIELDS)) if known.mappings else known


def _decode(pages: Sequence[Mended]) -> None:
    """Decode pages together; if one of them trips the code, it is kept as found and the others are decoded."""
    try:
        decoded = decode_pages([one.record for one in pages])
    except Exception as error:  # noqa: BLE001 - one record must not cost the others
        half = len(pages) // 2
        if half:
            _decode(pages[:half])
            _decode(pages[half:])
        else:
            pages[0].reject(*_tripped(error))
        return
    for one, record in zip(pages, decoded, strict=True):
        one.record = record


def _guarded(one: Mended, policy: Policy, *, needs_look: bool) -> None:
    """Repair a page; if it trips the code, the others still pass, and it is kept as found."""
    try:
        _fill(one, _repaired(one.record, policy, needs_look=needs_look))
    except Exception as error:  # noqa: BLE001 - as above
        one.reject(*_tripped(error))


def _tripped(error: Exception) -> tuple[str, str]:
    return "failed", f"{type(error).__name__}: {error}"


def _repaired(record: Record, policy: Policy, *, needs_look: bool) -> Repair:
    """Repair the text of a page; of a text file the chain leads back to its bytes."""
    text = record.text or ""
    if not needs_look:
        return Repair(text, text)
    if record.layout.format == "txt" and record.original is not None:
        return repair_segments(record.original, record.segments, policy)
    return repair_text(text, policy)


def _fill(one: Mended, repair: Repair) -> None:
    """Put what the repaired text says into a record."""
    fields = extract(repair.text)
    edits = tuple({**edit_row(edit), "field": _field_at(fields, edit.start, edit.end)} for edit in repair.edits)
    one.values = {name: getattr(fields, name) for name in FIELDS}
    one.values["authors"] = list(fields.authors) if fields.authors is not None else None
    one.named_but_empty = tuple(fields.named_but_empty)
    chain, one.programs = referring(repair.chain if edits else ())
    one.repairs = (FieldRepair(TEXT, repair.text, repair.grade, repair.evidence, chain_to_json(chain), edits),)


def _field_at(fields: ArticleFields, start: int, end: int) -> str:
    within = [name for name, (left, right) in fields.spans.items() if left < max(end, start + 1) and start < right]
    return min(within, key=lambda name: fields.spans[name][1] - fields.spans[name][0], default=TEXT)


@cache
def kind_of(chain: str) -> str:
    """Name the damage of a stored chain in words, how it was written to bytes left out."""
    return describe(without_writing(chain_from_json(chain)))
