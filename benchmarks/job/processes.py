"""A command watched: its time, and what all its processes took of the processor and of memory. Linux's /proc tells."""

import json
import os
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PAUSE = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, seconds of all processors, and the most megabytes that any one process held."""

    seconds: float
    processor: float
    memory: float


def watched(command: Sequence[str], environment: dict[str, str]) -> tuple[Any, Took]:
    """Run a command; return the JSON that it prints, and what it took. Raises `RuntimeError` where it fails.

    Processes are looked at ten times a second: what one does in its last moment is not counted.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)  # noqa: S603 - our own command
    seen: dict[int, tuple[float, float]] = {}
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(process.pid, seen, ended))
    watch.start()
    told = process.communicate()[0]
    seconds = time.perf_counter() - began
    ended.set()
    watch.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return json.loads(told), Took(seconds, sum(cpu for cpu, _ in seen.values()), max(held for _, held in seen.values()))


def _watch(root: int, seen: dict[int, tuple[float, float]], ended: threading.Event) -> None:
    while not ended.wait(_PAUSE):
        for process in _family(root):
            try:
                held = max(_memory(process), seen.get(process, (0.0, 0.0))[1])
                seen[process] = (_processor(process), held)
            except (OSError, IndexError):  # it has just ended
                continue


def _family(root: int) -> Iterator[int]:
    """Yield a process and all below it."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                children[int(_stat(int(entry.name))[1])].append(int(entry.name))
            except (OSError, IndexError):  # it has just ended
                continue
    waiting = [root]
    while waiting:
        process = waiting.pop()
        yield process
        waiting += children[process]


def _stat(process: int) -> list[str]:
    """Return what the kernel says of a process, from its state on (proc(5), /proc/pid/stat)."""
    return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()


def _processor(process: int) -> float:
    told = _stat(process)
    return (int(told[11]) + int(told[12])) / _TICKS


def _memory(process: int) -> float:
    told = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    held = [int(line.split()[1]) / 1000 for line in told if line.startswith("VmHWM")]
    return sum(held)  # one that has ended and is not waited for holds nothing
