"""Verification: from a finished run alone, prove that every repair explains what was found, and every record is whole.

For each record: its bytes give what was seen; the stored edits make of that the repaired text; the stored chain damages
that text back into what was seen (into the bytes of the file themselves, for text files), with the programs of mirror
sites that it names taken from the table of sites; the stored fields are those of that text.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.fields import extract
from flows.finished_run import StoredRecord, stored_edits, stored_records
from flows.mending import FIELDS
from flows.readers import cells_of, page_layout, text_of
from flows.sites import stored_sites
from flows.tables import own_column
from repair.channel import Chain, damage
from repair.mirror import Mirror
from repair.programs import key_of, resolved
from repair.stored import chain_from_json
from repair.written import without_writing


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something that does not hold, with the record it is about."""

    record_id: str
    source_uri: str
    what: str


@dataclass(slots=True)
class Verified:
    """What a verification came to."""

    records: int = 0
    edits: int = 0
    replayed: int = 0
    mismatches: tuple[Mismatch, ...] = ()


class ReplayError(ValueError):
    """A repair that does not lead back to what was seen."""


def verify(run: Path) -> Iterator[Verified]:
    """Verify a run record by record; each item is the state so far, the last one the result."""
    edits = stored_edits(run)
    programs = {key_of(own.program): own.program for own in stored_sites(run)}
    state = Verified()
    for record in stored_records(run):
        own = edits.pop(record.row["record_id"], [])
        state.records += 1
        state.edits += len(own)
        state.replayed += bool(own)
        state.mismatches += tuple(_mismatches(record, own, programs))
        yield state
    orphans = (
        Mismatch(key, rows[0]["source_uri"], "edits of a record that the run has not") for key, rows in edits.items()
    )
    state.mismatches += tuple(orphans)
    yield state


def _mismatches(
    record: StoredRecord, edits: Sequence[dict[str, Any]], programs: Mapping[str, Mirror]
) -> Iterator[Mismatch]:
    row = record.row
    try:
        _check_bytes(row)
        if row["original"] is not None and row["encoding"] and row["grade"]:
            (_check_article if record.is_article else _check_row)(record, edits, programs)
    except (ValueError, LookupError) as error:
        yield Mismatch(row["record_id"], row["source_uri"], str(error))


def _check_bytes(row: dict[str, Any]) -> None:
    original = row["original"]
    if original is None:
        return
    if hashlib.sha256(original).hexdigest() != row["sha256"] or len(original) != row["byte_length"]:
        raise ReplayError("the stored bytes are not those that were read")


def _check_article(record: StoredRecord, edits: Sequence[dict[str, Any]], programs: Mapping[str, Mirror]) -> None:
    row = record.row
    layout = page_layout(row["source_uri"], row["member"] or "", row["original"])
    ends = [(part["end"], part["encoding"]) for part in row.get("segments") or ()]
    seen = text_of(layout, row["original"], row["encoding"], ends)
    text = edited(seen, edits)
    if edits:
        _check_chain(resolved(chain_from_json(edits[0]["chain"]), programs), text, seen, row["original"])
    fields = extract(text)
    for name in FIELDS:
        expected = getattr(fields, name)
        stored = row[name]
        if (list(expected) if isinstance(expected, tuple) else expected) != stored:
            raise ReplayError(f"{name}: stored {stored!r}, the repaired text says {expected!r}")


def _check_row(record: StoredRecord, edits: Sequence[dict[str, Any]], programs: Mapping[str, Mirror]) -> None:
    row, values = record.row, record.values
    for found, seen in cells_of(record.layout, row["original"], row["encoding"]):
        name = record.renamed.get(found, found)
        own = [edit for edit in edits if edit["field"] in {name, own_column(name)}]
        text = None if seen is None else edited(seen, own)
        if own and text is not None and seen is not None:
            _check_chain(resolved(chain_from_json(own[0]["chain"]), programs), text, seen, None)
        if values.get(own_column(name)) != text:
            raise ReplayError(f"{name}: stored {values.get(own_column(name))!r}, the bytes and edits say {text!r}")


def _check_chain(chain: Chain, text: str, seen: str, original: bytes | None) -> None:
    replayed = damage(chain, text)
    to_bytes = chain != without_writing(chain)
    expected = original.decode("latin-1") if to_bytes and original is not None else seen
    if replayed != expected:
        raise ReplayError("the chain does not lead back to what was seen")


def edited(seen: str, edits: Iterable[dict[str, Any]]) -> str:
    """Apply stored edits, whose offsets are those of the result. Raises `ReplayError` where they do not fit.

    >>> edited("a鏁b", [{"start": 1, "end": 2, "seen": "鏁", "text": "数"}])
    'a数b'
    """
    parts: list[str] = []
    at = length = 0
    for edit in sorted(edits, key=lambda edit: (edit["start"], edit["end"])):
        start = at + edit["start"] - length
        if start < at or seen[start : start + len(edit["seen"])] != edit["seen"]:
            raise ReplayError(f"an edit at {edit['start']} does not fit: {edit['seen']!r} is not what was seen there")
        parts += seen[at:start], edit["text"]
        at, length = start + len(edit["seen"]), edit["start"] + len(edit["text"])
    return "".join((*parts, seen[at:]))
