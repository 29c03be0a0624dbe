"""Worker processes that end with the process that started them, however that one ends."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.process import BaseProcess


@contextmanager
def workers(count: int) -> Iterator[Executor]:
    """Give an executor of so many processes; one alone stays in this process."""
    pool: Executor
    if count > 1:
        pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), end_with_parent)
    else:
        pool = ThreadPoolExecutor(1)
    with pool:
        yield pool


def end_with_parent(leave: Callable[[int], None] = os._exit) -> None:
    """Leave as soon as the parent is gone: an orphan must not write into the next run's files."""
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_leave_after, args=(parent, leave), daemon=True).start()


def _leave_after(parent: BaseProcess, leave: Callable[[int], None]) -> None:
    parent.join()
    leave(1)
