"""The other programs, where they are installed: those that mend text, and those that detect the encoding of bytes."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Peers = tuple[tuple[str, Callable[[str], str]], ...]
Detectors = tuple[tuple[str, Callable[[bytes], str | None]], ...]


@cache
def menders() -> Peers:
    """Return what mends text: ftfy with settings that are safe for Chinese and with its defaults, plsfix."""
    found: list[tuple[str, Callable[[str], str]]] = []
    if ftfy := _module("ftfy"):
        found += [("ftfy.fix_encoding", ftfy.fix_encoding), ("ftfy.fix_text", ftfy.fix_text)]
    if plsfix := _module("plsfix"):
        found.append(("plsfix.fix_text", plsfix.fix_text))
    return tuple(found)


@cache
def detectors() -> Detectors:
    """Return what detects encodings, each as a function from bytes to the name of a codec or None."""
    found: list[tuple[str, Callable[[bytes], str | None]]] = []
    if chardet := _module("chardet"):
        found.append(("chardet", lambda data: chardet.detect(data)["encoding"]))
    if normalizer := _module("charset_normalizer"):
        found.append(("charset-normalizer", lambda data: normalizer.detect(data)["encoding"]))
    if chardetng := _module("chardetng_py"):
        found.append(("chardetng", lambda data: chardetng.detect(data, allow_utf8=True)))
    if cchardet := _module("cchardet"):
        found.append(("cchardet", lambda data: cchardet.detect(data)["encoding"]))
    if find_spec("charset_mnbvc"):
        api = import_module("charset_mnbvc.api")
        found.append(("charset_mnbvc", lambda data: api.from_data(data, 1)))
    return tuple(found)


def _module(name: str) -> Any:  # noqa: ANN401 - a module, whatever it holds
    return import_module(name) if find_spec(name) else None
