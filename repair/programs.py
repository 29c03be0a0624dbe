"""Chains that name the program of a mirror site instead of holding it: sites have hundreds of rules, and many pages."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

from repair.channel import Chain, Channel, Pieces
from repair.mirror import Mirror, NamedProgram
from repair.stored import StoredChainError, chain_to_json


@lru_cache(maxsize=256)
def key_of(program: Mirror) -> str:
    """Return the name of a program, a hash of it as it is stored: 32 hexadecimal digits."""
    return hashlib.sha256(chain_to_json((program,)).encode()).hexdigest()[:32]


def referring(chain: Chain) -> tuple[Chain, dict[str, Mirror]]:
    """Return a chain with names in the places of its programs, and the programs by name."""
    programs: dict[str, Mirror] = {}

    def named(channel: Channel) -> Channel:
        if not isinstance(channel, Mirror):
            return channel
        key = key_of(channel)
        programs[key] = channel
        return NamedProgram(key)

    return _with(chain, named), programs


def resolved(chain: Chain, programs: Mapping[str, Mirror]) -> Chain:
    """Return a chain with programs in the places of their names; raise `StoredChainError` where one is not given."""

    def found(channel: Channel) -> Channel:
        if not isinstance(channel, NamedProgram):
            return channel
        if channel.program not in programs:
            raise StoredChainError(f"no program {channel.program} among the sites")
        return programs[channel.program]

    return _with(chain, found)


def _with(chain: Chain, change: Callable[[Channel], Channel]) -> Chain:
    """Return a chain with every channel changed, those of pieces too."""
    return tuple(
        replace(channel, pieces=tuple((start, end, _with(own, change)) for start, end, own in channel.pieces))
        if isinstance(channel, Pieces)
        else change(channel)
        for channel in chain
    )
