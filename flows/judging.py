"""Which repaired records may not pass: too much of them is lost."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from flows.mending import Mended
from flows.mending_rows import GRADES, MendedRows
from flows.settings import Settings
from repair.result import Grade

REASON = "lost-share"
_Lost = tuple[str, dict[str, Any]]
"""A field, and the edit in it that could not be mended."""


def judge_losses(mended: Sequence[Mended], settings: Settings) -> None:
    """Reject each page of which more than a share of the characters, or any of a key field, is lost."""
    for one in mended:
        lost = [(edit["field"], edit) for repair in one.repairs for edit in _lost(repair.edits)]
        detail = _verdict(lost, sum(len(repair.text) for repair in one.repairs), settings)
        if detail:
            one.reject(REASON, detail)


def judge_rows(rows: MendedRows, settings: Settings) -> None:
    """Do the same for rows; only those with the grade ``lost`` are looked at."""
    for row in np.flatnonzero(rows.grades == GRADES.index(Grade.LOST)).tolist():
        cells = {name: batch.slice(row, 1).to_pylist()[0] for name, batch in rows.repairs.items()}
        lost = [(name, edit) for name, cell in cells.items() for edit in _lost(cell["edits"] or ())]
        detail = _verdict(lost, sum(len(cell["text"] or "") for cell in cells.values()), settings)
        if detail:
            rows.reject(row, REASON, detail)


def _lost(edits: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [edit for edit in edits if edit["grade"] == Grade.LOST]


def _verdict(lost: Sequence[_Lost], length: int, settings: Settings) -> str | None:
    """Say why a record of so many characters may not pass; None where it may."""
    key = next((name for name, _ in lost if name in settings.key_fields), None)
    if key:
        return f"{key} holds characters that are lost"
    characters = sum(edit["end"] - edit["start"] for _, edit in lost)
    if characters > settings.lost_share * length:
        return f"{characters} of {length} characters are lost"
    return None
