"""Inner loops, compiled where they run: one Python source, kept compiled beside it or in NUMBA_CACHE_DIR.

numba renews what it kept when the file of a function changes. These loops also call functions and use constants of
other files, which are compiled into them, so here the stamp that is compared covers those files too.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from numba import njit

_F = TypeVar("_F", bound=Callable[..., object])
_ROOT = Path(__file__).parent.parent
_IMPORTED = re.compile(rb"^\s*(?:from|import) (repair[.\w]*)(?: import (?:\(([\w,\s]+)\)|([\w, ]+)))?", re.MULTILINE)


def inlined(function: _F) -> _F:
    """Compile a function into those that call it: handing arrays on costs more than a short function does."""
    return _kept(function, inline="always")


def compiled(function: _F) -> _F:
    """Compile a function at its first call; it then runs without Python's lock."""
    return _kept(function)


def borrowing(function: _F) -> _F:
    """Compile a function that neither makes nor returns an array: it does not count who uses those it is given.

    Counting costs 20-40 ns for every array that is taken out of a tuple or handed on; a look-up in a table costs one.
    The flag is numba's own, for its internals; where a version lacks it, plain `compiled` gives the same results.
    """
    return _kept(function, _nrt=False)


def _kept(function: _F, **flags: Any) -> _F:  # noqa: ANN401 - numba's own flags
    made: Any = njit(cache=True, nogil=True, **flags)(function)
    kept = getattr(getattr(made, "_cache", None), "_cache_file", None)
    if kept is not None:  # without it numba's own stamp holds: right for who installs, late for who edits two files
        kept._source_stamp = _stamp(Path(function.__code__.co_filename))  # noqa: SLF001
        kept._load_index = partial(_readable, kept._load_index)  # noqa: SLF001
    return made  # type: ignore[no-any-return] # numba is Any here


def _readable(index: Callable[[], dict[object, object]]) -> dict[object, object]:
    """Return the index of what was kept, empty where it names a type that has moved since, on which numba stumbles."""
    try:
        return index()
    except (AttributeError, ImportError):
        return {}


@cache
def _stamp(source: Path) -> str:
    """Return a hash over a source file and all files of this project that it imports, directly or not."""
    found, waiting = {source}, [source]
    while waiting:
        new = imported(waiting.pop()) - found
        found |= new
        waiting.extend(new)
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(found))).hexdigest()


@cache
def imported(source: Path) -> frozenset[Path]:
    """Return the files of this project that a source file imports, `repair.compiled` aside."""
    names = []
    for module, several, one_line in _IMPORTED.findall(source.read_bytes()):
        members = (several or one_line).decode().split(",")
        names += [module.decode(), *(f"{module.decode()}.{member.split(' as ')[0].strip()}" for member in members)]
    paths = (_ROOT / (name.replace(".", "/") + ".py") for name in names)
    return frozenset(path for path in paths if path.is_file() and path != Path(__file__))
