"""Text that may hold anything, made safe to show: every invisible character gets a visible name."""

import unicodedata
from dataclasses import dataclass
from typing import Any

_LONGEST = 160
_HIDDEN = frozenset(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))


@dataclass(frozen=True, slots=True)
class Shown:
    """One edit as the report shows it."""

    source: str
    field: str
    seen: str
    text: str
    grade: str
    evidence: float
    reason: str
    alternatives: tuple[tuple[str, float], ...]


def shown(row: dict[str, Any]) -> Shown:
    """Return a row of the repairs table, cut short and made visible."""
    alternatives = tuple((visible(item["text"]), item["probability"]) for item in row["alternatives"][:8])
    name = row["source_uri"].rsplit("/", 1)[-1]
    seen, text = visible(row["seen"]), visible(row["text"])
    return Shown(name, row["field"], seen, text, row["grade"], row["evidence"], row["reason"], alternatives)


def visible(text: str) -> str:
    r"""Name what cannot be seen, and cut what is too long.

    >>> visible("a\u200bb\x85")
    'a⟨U+200B⟩b⟨U+0085⟩'
    """
    short = text[:_LONGEST] + ("…" if len(text) > _LONGEST else "")
    return "".join(f"⟨U+{ord(c):04X}⟩" if unicodedata.category(c) in _HIDDEN and c != "\n" else c for c in short)
