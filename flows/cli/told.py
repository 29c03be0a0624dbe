"""Repairs as a program or a person reads them."""

from typing import Any

from repair import Detection, Repair
from repair.channel import describe
from repair.stored import chain_to_json


def repair_told(name: str, repair: Repair) -> dict[str, Any]:
    """Return a repair as JSON can hold it."""
    return {
        "input": name,
        "text": repair.text,
        "grade": str(repair.grade),
        "evidence": repair.evidence,
        "margin": repair.margin if repair.rival else None,
        "rival": describe(repair.rival) if repair.rival else None,
        "encoding": repair.encoding,
        "damage": describe(repair.chain),
        "chain": chain_to_json(repair.chain),
        "edits": [
            {
                "start": edit.start,
                "end": edit.end,
                "seen": edit.seen,
                "text": edit.text,
                "grade": str(edit.grade),
                "reason": edit.reason,
                "alternatives": [{"text": text, "probability": share} for text, share in edit.alternatives],
            }
            for edit in repair.edits
        ],
    }


def detection_told(name: str, detection: Detection) -> dict[str, Any]:
    """Return a detection as JSON can hold it."""
    return {
        "input": name,
        "encoding": detection.encoding,
        "confidence": detection.confidence,
        "reason": detection.reason,
    }


def shortened(text: str, most: int = 40) -> str:
    r"""Return a text on one line, its middle left out where it is long.

    >>> shortened("a\nb"), shortened("0123456789", 5)
    ('a↵b', '01…89')
    """
    line = text.replace("\n", "↵").replace("\t", "→")
    half = most // 2
    return line if len(line) <= most else f"{line[:half]}…{line[-half:]}"
