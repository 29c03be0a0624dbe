"""How far a run is, told to whoever listens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, how much there is."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def tell(doing: str, done: int, total: int) -> None:
    """Tell the listener, if there is one."""
    listener = _listener.get()
    if listener:
        listener(doing, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let a listener hear of the runs made inside."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
