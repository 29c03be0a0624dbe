"""What an archive asks of its articles: fields, thresholds, dates; the part that users change."""

from datetime import UTC, datetime
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field


class Requirement(BaseModel):
    """A field that records of a source must have, and the share of them that must, below which the run fails."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    field: str
    source: str = "*"
    mostly: float = Field(default=1.0, ge=0, le=1)

    @property
    def name(self) -> str:
        """Return the rule's name, as reasons and reports have it."""
        return f"{self.field}-present" + ("" if self.source == "*" else f"[{self.source}]")

    def covers(self, source: object) -> bool:
        """Say whether a record's source is meant."""
        return fnmatchcase(str(source), self.source)


class Rules(BaseModel):
    """The rules for articles: a record that breaks one goes to quarantine, too many of them fail the run."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    required: tuple[Requirement, ...] = (
        Requirement(field="body", mostly=0.5),
        Requirement(field="published_at", mostly=0.0),
    )
    earliest: datetime = datetime(1949, 10, 1, tzinfo=UTC)
    latest: datetime | None = None
    """The last plausible date of publication; None: the time of validation."""
    residue_mostly: float = Field(default=0.5, ge=0, le=1)
