"""The parameters of a run, checked before anything starts."""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from flows.planning import SHARD_BYTES
from flows.policy_file import UserPolicy
from flows.readers import RECORD_LIMIT
from flows.settings import Settings, load_mapping_folder


class RepairParameters(BaseModel):
    """What to repair, where to put it, and the limits."""

    model_config = ConfigDict(extra="forbid")

    sources: list[str] = Field(min_length=1, description="Files, folders, globs or fsspec URLs")
    output: str = Field(min_length=1, description="Folder for the runs; made where it is missing")
    mappings: str | None = Field(default=None, description="Folder with mapping tables (*.tsv)")
    policy: UserPolicy = Field(default_factory=UserPolicy, description="Thresholds and rules")
    record_limit: int = Field(default=RECORD_LIMIT, ge=1024, description="Bytes above which a record is not read")
    shard_bytes: int = Field(default=SHARD_BYTES, ge=1, description="Bytes of input worked off as one task")
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, description="Processes at a time")

    def settings(self, run_id: str = "") -> Settings:
        """Return the settings that these parameters mean; raises ValueError for mistakes in mapping tables."""
        mappings = load_mapping_folder(Path(self.mappings)) if self.mappings else ()
        policy = self.policy
        return Settings(
            run_id, policy.of_repair(mappings), policy.rules, policy.lost_share, policy.key_fields, self.record_limit
        )
