"""The user's policy as a file: thresholds of the repair and rules for the records, in TOML."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from expectations import Rules
from flows.settings import KEY_FIELDS, LOST_SHARE
from repair.mappings import Mapping
from repair.policy import Policy

_DEFAULT = Policy()


class UserPolicy(BaseModel):
    """What passes and what is repaired; the names are those of `repair.policy.Policy` where that has them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_evidence: float = Field(default=_DEFAULT.min_evidence, ge=0, description="Bits below which nothing changes")
    min_margin: float = Field(default=_DEFAULT.min_margin, ge=0, description="Bits ahead of every other reading")
    min_characters: int = Field(default=_DEFAULT.min_characters, ge=1, description="Shorter pieces stay as found")
    min_probability: float = Field(default=_DEFAULT.min_probability, ge=0, le=1, description="For a lost character")
    lost_share: float = Field(default=LOST_SHARE, ge=0, le=1, description="Share of a record that may stay lost")
    key_fields: tuple[str, ...] = Field(default=KEY_FIELDS, description="Fields in which nothing may stay lost")
    rules: Rules = Rules()

    def of_repair(self, mappings: tuple[Mapping, ...]) -> Policy:
        """Return the part that the repair itself goes by."""
        return Policy(
            min_evidence=self.min_evidence,
            min_margin=self.min_margin,
            min_characters=self.min_characters,
            min_probability=self.min_probability,
            mappings=mappings,
        )


def load_policy(path: Path) -> UserPolicy:
    """Read a policy file. Raises ValueError that names the file and every mistake; OSError."""
    try:
        return UserPolicy.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        raise ValueError("\n".join(f"{path}: {_told(dict(item))}" for item in error.errors())) from error
    except ValueError as error:  # TOML that is none, bytes that are no UTF-8
        raise ValueError(f"{path}: {error}") from error


def _told(mistake: dict[str, Any]) -> str:
    """Say which key is wrong, and how.

    >>> _told({"loc": ("rules", "earlest"), "type": "extra_forbidden", "msg": "Extra inputs are not permitted"})
    'rules.earlest: no such key; sample_data/policy.toml shows all'
    """
    unknown = mistake["type"] == "extra_forbidden"
    how = "no such key; sample_data/policy.toml shows all" if unknown else mistake["msg"]
    return f"{'.'.join(map(str, mistake['loc']))}: {how}"
