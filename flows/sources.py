"""Sources: what a user names (files, folders, globs, fsspec URLs) as a list of files, in a stable order."""

import glob
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from typing import IO, NamedTuple, cast

_PIECE = 1 << 20
_SIDE_BY_SIDE = 16
_PARTS, _MOST_FILES = 16, 512
"""Into how many parts the files are cut that workers hash, and the most files of a part."""
_HIDDEN = "."


class Source(NamedTuple):
    """One file; ``path`` opens it, ``uri`` names it in the output (see `shown`), ``size`` is in bytes.

    A tuple, because an archive has many: it is made and sent to workers in a fifth of the time of a data class.
    """

    path: str
    uri: str
    size: int = 0
    sha256: str = ""

    def open(self) -> IO[bytes]:
        """Open for reading bytes; raises OSError."""
        if "://" not in self.path:
            return open(self.path, "rb", 0)  # noqa: PTH123 - pieces are large, files many: half the time of Path
        import fsspec  # noqa: PLC0415 - remote sources alone need it

        return cast("IO[bytes]", fsspec.open(self.path, "rb").open())


@dataclass(frozen=True, slots=True)
class Skipped:
    """A place that was listed but is no file to read, and why."""

    uri: str
    why: str


class NoSourceError(FileNotFoundError):
    """A source that the user named and that is not there."""


def shown(path: str) -> str:
    r"""Return a path as text, whatever bytes it has.

    >>> shown("a/\udcd0.txt")
    'a/\\xd0.txt'
    """
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def check_names(names: Sequence[str]) -> None:
    """Raise `NoSourceError` for a local name with nothing behind it."""
    for name in names:
        _expand(name)


def list_sources(names: Sequence[str]) -> tuple[list[Source], list[Skipped]]:
    """Return every file below the named sources, each once, in order of name.

    Raises `NoSourceError` for a name with nothing behind it, and where there is no file at all.
    """
    skipped: list[Skipped] = []
    found: dict[str, Source] = {}
    for name in names:
        for path in _expand(name):
            for file in _remote(path) if "://" in path else _walk(path, skipped):
                found.setdefault(file, Source(file, shown(file)))
    if not found and not skipped:
        raise NoSourceError(f"no files to read in {', '.join(map(shown, names))}")
    return list(found.values()), skipped


def _expand(name: str) -> list[str]:
    if "://" in name or os.path.lexists(name):
        return [name]
    paths = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - the path may hold any bytes
    if not paths:
        raise NoSourceError(f"no such file, folder or pattern: {shown(name)}")
    return paths


def _remote(url: str) -> Iterator[str]:
    import fsspec  # noqa: PLC0415 - remote sources alone need it

    system, path = fsspec.core.url_to_fs(url)
    if not any(sign in path for sign in "*?[") and not system.exists(path):
        raise NoSourceError(f"no such file or folder: {url}")
    found = system.glob(path) if any(sign in path for sign in "*?[") else system.find(path)
    yield from (system.unstrip_protocol(file) for file in sorted(found))


def _walk(path: str, skipped: list[Skipped], above: tuple[tuple[int, int], ...] = ()) -> Iterator[str]:
    """Yield the files below a path; links are followed, but never round in a loop."""
    try:
        status = os.stat(path)  # noqa: PTH116 - the path may hold any bytes
    except OSError:
        yield path  # the reader says what is wrong with it
        return
    if stat.S_ISREG(status.st_mode):
        yield path
    elif not stat.S_ISDIR(status.st_mode):
        skipped.append(Skipped(shown(path), "neither a file nor a folder"))
    elif (status.st_dev, status.st_ino) in above:
        skipped.append(Skipped(shown(path), "a link back to a folder that it lies in"))
    else:
        for entry in _entries(path, skipped):
            if entry.is_file(follow_symlinks=False):
                yield entry.path
            else:
                yield from _walk(entry.path, skipped, (*above, (status.st_dev, status.st_ino)))


def _entries(folder: str, skipped: list[Skipped]) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if not entry.name.startswith(_HIDDEN)]
    except OSError as error:
        skipped.append(Skipped(shown(folder), error.strerror or str(error)))
        return []
    return sorted(found, key=lambda entry: entry.name)


def hashed(
    sources: Sequence[Source], look: Callable[[bytes], bool], most: int, pool: Executor | None = None
) -> list[tuple[Source, bool]]:
    """Return the sources with their lengths and hashes, each with what ``look`` says of its content, read once.

    Both are empty where it cannot be read (the reader tells why). Content of more than ``most`` bytes is not looked at.
    What is far away is asked for side by side, because each answer takes its time; files are shared out to the workers
    of ``pool``, if there is one.
    """
    if any("://" in source.path for source in sources):
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as threads:
            return list(threads.map(_hashed, sources, repeat(look), repeat(most)))
    if pool is None:
        return _all_hashed(sources, look, most)
    size = max(1, min(len(sources) // _PARTS, _MOST_FILES))
    parts = [sources[at : at + size] for at in range(0, len(sources), size)]
    return list(chain.from_iterable(pool.map(_all_hashed, parts, repeat(look), repeat(most))))


def _all_hashed(sources: Iterable[Source], look: Callable[[bytes], bool], most: int) -> list[tuple[Source, bool]]:
    return [_hashed(source, look, most) for source in sources]


def _hashed(source: Source, look: Callable[[bytes], bool], most: int) -> tuple[Source, bool]:
    digest, length = hashlib.sha256(), 0
    first: list[bytes] = []
    try:
        with source.open() as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                length += len(piece)
                if length <= most:
                    first.append(piece)
    except OSError:
        return source, False
    return Source(source.path, source.uri, length, digest.hexdigest()), length <= most and look(b"".join(first))
