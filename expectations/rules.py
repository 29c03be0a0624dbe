"""What an archive asks of its records: fields, thresholds, dates; the part that users change."""

from datetime import UTC, datetime
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field


class Requirement(BaseModel):
    """A field that records of a source must have, and the share of them that must, below which the run fails.

    A record without it goes to quarantine, unless ``quarantine`` is false: then it is only counted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    field: str = Field(min_length=1)
    source: str = "*"
    mostly: float = Field(default=1.0, ge=0, le=1)
    quarantine: bool = True

    @property
    def name(self) -> str:
        """Return the rule's name, as reasons and reports have it."""
        return f"{self.field}-present" + ("" if self.source == "*" else f"[{self.source}]")

    def covers(self, source: str) -> bool:
        """Say whether a source is meant; the pattern is the shell's."""
        return fnmatchcase(source, self.source)

    @property
    def covered(self) -> str | None:
        """Return the name of the column that says which records are meant; None where all are."""
        return None if self.source == "*" else f"source_uri like {self.source}"


class Rules(BaseModel):
    """The rules: a record that breaks one goes to quarantine, too many of them fail the run.

    By default a record must have text. A date is asked for, but many honest pages have none: that is only counted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    required: tuple[Requirement, ...] = (
        Requirement(field="body", mostly=0.5),
        Requirement(field="published_at", mostly=0.0, quarantine=False),
    )
    earliest: datetime = datetime(1949, 10, 1, tzinfo=UTC)
    latest: datetime | None = None
    """The last plausible date of publication; None: the time of validation."""
    residue_mostly: float = Field(default=0.5, ge=0, le=1)
    """The share of records that must show no sign of damage, and have a plausible date."""
