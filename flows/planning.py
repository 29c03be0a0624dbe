"""The plan of a run: its sources, hashed, and the shards that they are worked off in."""

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from flows.settings import Settings
from flows.sites import LARGEST, SiteProgram, programs_of, shows_notes, site_of
from flows.sources import Skipped, Source, hashed, list_sources

SHARD_BYTES = 16 << 20
"""Bytes of input in a shard: a second of work where little is damaged, half a minute where all is."""
_SHARD_FILES = 12_000
"""Files in a shard: of small pages as much work as a shard of tables."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Sources that are worked off together; ``key`` names their content and all that decides their result."""

    key: str
    sources: tuple[Source, ...]
    programs: tuple[SiteProgram, ...] = ()
    """Those of the sites that the sources belong to."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do."""

    shards: tuple[Shard, ...]
    skipped: tuple[Skipped, ...]
    programs: tuple[SiteProgram, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the sources of all shards."""
        return tuple(source for shard in self.shards for source in shard.sources)


def plan(
    names: Sequence[str], settings: Settings, shard_bytes: int = SHARD_BYTES, pool: Executor | None = None
) -> Plan:
    """List the sources, let the workers of ``pool`` hash them, and cut them into shards.

    Raises `flows.sources.NoSourceError`.
    """
    found, skipped = list_sources(names)
    known = hashed(found, shows_notes, LARGEST, pool)
    sources = [source for source, _ in known]
    noted = [source for source, is_noted in known if is_noted]
    programs = _programs(noted, settings, pool) if noted else ()
    shards = tuple(_shard(group, settings, programs) for group in grouped(sources, shard_bytes))
    return Plan(shards, tuple(skipped), programs)


def _programs(noted: Sequence[Source], settings: Settings, pool: Executor | None) -> tuple[SiteProgram, ...]:
    """Return the programs of sites; a worker has loaded what the search for them takes."""
    limit = settings.record_limit
    return pool.submit(programs_of, noted, limit).result() if pool else programs_of(noted, limit)


def grouped(sources: Iterable[Source], shard_bytes: int) -> Iterable[list[Source]]:
    """Group sources in order, each group up to a size; a larger source is a group of its own."""
    group: list[Source] = []
    size = 0
    for source in sources:
        if group and (size + source.size > shard_bytes or len(group) >= _SHARD_FILES):
            yield group
            group, size = [], 0
        group.append(source)
        size += source.size
    if group:
        yield group


def _shard(group: Sequence[Source], settings: Settings, programs: Sequence[SiteProgram]) -> Shard:
    sites = {site_of(source.uri) for source in group}
    own = tuple(program for program in programs if program.site in sites)
    return Shard(_key(group, settings, own), tuple(group), own)


def _key(group: Sequence[Source], settings: Settings, programs: Sequence[SiteProgram]) -> str:
    lines = [settings.key(), *(f"{source.uri}\0{source.size}\0{source.sha256}" for source in group)]
    lines += map(repr, programs)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
