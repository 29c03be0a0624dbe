"""Which repaired records may not pass: too much of them is lost."""

from collections.abc import Sequence

from flows.mending import Mended
from flows.settings import Settings
from repair.result import Grade

REASON = "lost-share"


def judge_losses(mended: Sequence[Mended], settings: Settings) -> None:
    """Reject each record of which more than a share of the characters, or any of a key field, is lost."""
    for one in mended:
        lost = [edit for repair in one.repairs for edit in repair.edits if edit["grade"] == Grade.LOST]
        if not lost:
            continue
        length = sum(len(repair.text) for repair in one.repairs)
        characters = sum(edit["end"] - edit["start"] for edit in lost)
        key = next((edit["field"] for edit in lost if edit["field"] in settings.key_fields), None)
        if key:
            one.reject(REASON, f"{key} holds characters that are lost")
        elif characters > settings.lost_share * length:
            one.reject(REASON, f"{characters} of {length} characters are lost")
