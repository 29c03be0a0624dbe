"""Chains as JSON and back, so that a repair can be replayed years later."""

import json
from dataclasses import fields
from functools import cache
from typing import Any

from repair.catalogue import channel_classes
from repair.channel import Chain, Channel


class StoredChainError(ValueError):
    """A stored chain that this version cannot read."""


def chain_to_json(chain: Chain) -> str:
    """Return a chain as one line of JSON: a list of channels, first damage first.

    >>> from repair.misreading import Misreading
    >>> chain_to_json((Misreading("utf-8", "gbk"),))
    '[{"channel":"misreading","original":"utf-8","wrong":"gbk"}]'
    """
    return json.dumps(_plain(chain), ensure_ascii=False, separators=(",", ":"))


def chain_from_json(stored: str) -> Chain:
    """Return the chain that `chain_to_json` wrote; raise `StoredChainError` where it is none."""
    try:
        chain = _rich(json.loads(stored))
    except (ValueError, KeyError, TypeError) as error:
        raise StoredChainError(f"not a stored chain: {stored[:80]!r} ({error})") from error
    if not isinstance(chain, tuple):
        raise StoredChainError(f"not a list of channels: {stored[:80]!r}")
    return chain


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if type(value) in _classes().values():
        names = [field.name for field in fields(value) if field.init]  # type: ignore[arg-type] # the classes are dataclasses
        return {"channel": _kind(value), **{name: _plain(getattr(value, name)) for name in names}}
    return value


def _kind(channel: object) -> str:
    return str(getattr(channel, "kind", ""))


def _rich(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    if isinstance(value, list):
        return tuple(_rich(item) for item in value)
    if not isinstance(value, dict):
        return value
    if set(value) == {"hex"}:
        return bytes.fromhex(value["hex"])
    made = {name: _rich(item) for name, item in value.items() if name != "channel"}
    return _classes()[value["channel"]](**made)


@cache
def _classes() -> dict[str, type[Channel]]:
    return {cls.kind: cls for cls in channel_classes()}
