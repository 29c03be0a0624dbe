"""Inner loops, compiled where they run: one Python source, kept compiled beside it or in NUMBA_CACHE_DIR."""

from collections.abc import Callable
from typing import TypeVar

from numba import njit

_F = TypeVar("_F", bound=Callable[..., object])


def inlined(function: _F) -> _F:
    """Compile a function into those that call it: handing arrays on costs more than a short function does."""
    return njit(cache=True, nogil=True, inline="always")(function)  # type: ignore[no-any-return] # numba is Any here


def compiled(function: _F) -> _F:
    """Compile a function at its first call; it then runs without Python's lock."""
    return njit(cache=True, nogil=True)(function)  # type: ignore[no-any-return] # numba is Any here


def borrowing(function: _F) -> _F:
    """Compile a function that neither makes nor returns an array: it does not count who uses those it is given.

    Counting costs 20-40 ns for every array that is taken out of a tuple or handed on; a look-up in a table costs one.
    The flag is numba's own, for its internals; where a version lacks it, plain `compiled` gives the same results.
    """
    return njit(cache=True, nogil=True, _nrt=False)(function)  # type: ignore[no-any-return] # numba is Any here
