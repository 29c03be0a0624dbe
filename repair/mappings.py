"""The user's own mappings: what was seen, what stood there, where that holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row of a mapping table. ``always`` obeys it even where it would change text that reads as clean."""

    seen: str
    text: str
    source: str = "*"
    field: str = "*"
    always: bool = False
    note: str = ""
    origin: str = ""
