"""Worker processes: warm before there is work, and gone with the process that started them, however that one ends."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from multiprocessing.process import BaseProcess

_standing_by: ContextVar[Executor | None] = ContextVar("standing_by", default=None)


@contextmanager
def workers(count: int) -> Iterator[Executor]:
    """Give the workers that stand by, or else so many processes; one alone is then this one."""
    ready = _standing_by.get()
    if ready:
        yield ready
        return
    with ThreadPoolExecutor(1) if count == 1 else _processes(count) as pool:
        yield pool


@contextmanager
def standing_by(count: int) -> Iterator[None]:
    """Let so many processes get ready while the engine starts; `workers` inside gives these."""
    with _processes(count) as pool:
        # The first call waits for the server that forks; this thread has the engine to load meanwhile.
        threading.Thread(target=_call_up, args=(pool, count)).start()
        token = _standing_by.set(pool)
        try:
            yield
        finally:
            _standing_by.reset(token)


def _processes(count: int) -> Executor:
    # Workers are forked from a process that has loaded everything and runs nothing: they start at once and share its
    # memory.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["flows.readiness"])
    return ProcessPoolExecutor(count, context, end_with_parent)


def _call_up(pool: Executor, count: int) -> None:
    with suppress(RuntimeError):  # the pool was closed already: the call was a mistake
        for _ in range(count):
            pool.submit(_get_ready)


def _get_ready() -> None:
    import flows.readiness  # noqa: F401, PLC0415 - takes seconds


def end_with_parent(leave: Callable[[int], None] = os._exit) -> None:
    """Leave as soon as the parent is gone: an orphan must not write into the next run's files."""
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_leave_after, args=(parent, leave), daemon=True).start()


def _leave_after(parent: BaseProcess, leave: Callable[[int], None]) -> None:
    parent.join()
    leave(1)
