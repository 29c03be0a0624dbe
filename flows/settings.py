"""What a run is told: everything that decides its result, beside the bytes of its inputs."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from expectations import Rules
from flows.readers import RECORD_LIMIT
from flows.sites import SiteProgram
from repair.mappings import Mapping, load_mappings
from repair.policy import Policy

LOST_SHARE = 0.02
"""Share of a record's characters that may stay lost in a record that passes."""
KEY_FIELDS = ("title", "published_at")
"""Fields in which nothing may stay lost, unless the user names others."""
_PROJECT = Path(__file__).resolve().parent.parent
_CODE = ("repair", "expectations", "flows")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run; ``run_id`` names it."""

    run_id: str
    policy: Policy = field(default_factory=Policy)
    rules: Rules = field(default_factory=Rules)
    lost_share: float = LOST_SHARE
    key_fields: tuple[str, ...] = KEY_FIELDS
    record_limit: int = RECORD_LIMIT
    programs: tuple[SiteProgram, ...] = ()
    """Programs of sites, of a shard alone."""

    def key(self) -> str:
        """Return a hash of the settings and of the code, the run's name and programs left out."""
        told = repr((self.policy, self.rules, self.lost_share, self.key_fields, self.record_limit))
        return hashlib.sha256(f"{code_version()}\0{told}".encode()).hexdigest()[:32]


def policy_for(policy: Policy, source: str, fields: tuple[str, ...]) -> Policy:
    """Return the policy with only those mappings that hold for some of these fields of a source."""
    kept = tuple(m for m in policy.mappings if any(m.applies(source, field) for field in fields))
    return policy if kept == policy.mappings else replace(policy, mappings=kept)


def load_mapping_folder(folder: Path) -> tuple[Mapping, ...]:
    """Read every ``*.tsv`` of a folder. Raises ValueError with a line for every mistake in any of them, or for none."""
    mappings: list[Mapping] = []
    mistakes: list[str] = []
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise ValueError(f"{folder}: no mapping tables (*.tsv) there")
    for path in paths:
        try:
            mappings += load_mappings(path.read_text("utf-8"), path.name)
        except UnicodeDecodeError as error:
            mistakes.append(f"{path.name}: not UTF-8 at byte {error.start}")
        except ValueError as error:
            mistakes.append(str(error))
    if mistakes:
        raise ValueError("\n".join(mistakes))
    return tuple(mappings)


@cache
def code_version() -> str:
    """Return a hash of the project's code and data: a result of other code is never taken for this one's."""
    digest = hashlib.sha256()
    for package in _CODE:
        for path in sorted((_PROJECT / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(_PROJECT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:32]
