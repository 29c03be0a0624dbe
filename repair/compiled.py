"""Inner loops, compiled where they run: one Python source, kept compiled beside it or in NUMBA_CACHE_DIR."""

from collections.abc import Callable
from typing import TypeVar

from numba import njit

_F = TypeVar("_F", bound=Callable[..., object])


def compiled(function: _F) -> _F:
    """Compile a function at its first call; it then runs without Python's lock."""
    return njit(cache=True, nogil=True)(function)  # type: ignore[no-any-return] # numba has no types
