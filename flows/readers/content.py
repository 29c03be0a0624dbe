"""A file's bytes, read in pieces of bounded size, with what goes wrong on the way kept as a message."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import IO

PIECE = 1 << 20
_LITTLE = 1 << 12
"""Bytes asked for where none are expected: room for a piece costs more than a small file."""
MOST_KEPT = 64 << 20
"""Bytes of a record that are kept in the output; a longer one is kept by reference to its source."""
_TROUBLE = (OSError, EOFError, zlib.error)


@dataclass(slots=True)
class Span:
    """Consecutive bytes of a file: kept up to a length, hashed whole."""

    offset: int
    _kept: bytearray | bytes | None = b""
    length: int = 0
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def add(self, data: bytes | memoryview) -> None:
        """Append bytes."""
        self._hash.update(data)
        self.length += len(data)
        if self.length > MOST_KEPT:
            self._kept = None
        elif not self._kept and isinstance(data, bytes):
            self._kept = data
        elif self._kept is not None:
            self._kept = bytearray(self._kept) if isinstance(self._kept, bytes) else self._kept
            self._kept += data

    @property
    def sha256(self) -> str:
        """Return the hash of all bytes added, in hex."""
        return self._hash.hexdigest()

    @property
    def data(self) -> bytes | None:
        """Return the bytes, or None where they were too many to keep."""
        if isinstance(self._kept, bytearray):
            self._kept = bytes(self._kept)  # once: of a long record, each copy counts
        return self._kept


class Content:
    """The bytes of one file or member, read once, front to back.

    ``head`` are its first bytes where they were read already; ``trouble`` is the message of the error that ended the
    reading early, if one did.
    """

    def __init__(self, file: IO[bytes], source_uri: str, member: str = "", head: bytes | None = None) -> None:
        self.source_uri = source_uri
        self.member = member
        self.trouble: str | None = None
        self.start = 0
        self._file = file
        self._read = len(head or b"")
        self.head = next(self.following(), b"") if head is None else head

    def pieces(self) -> Iterator[bytes]:
        """Yield all bytes, the head first; an error ends them and is told by ``trouble``."""
        return chain((self.head,) if self.head else (), self.following() if self.trouble is None else ())

    def take_up(self, at: int, ahead: bytes) -> None:
        """Go on reading from byte ``at``, where ``ahead`` stands, which was read before."""
        self.start, self.head = at, ahead

    def following(self) -> Iterator[bytes]:
        """Yield the bytes that were not read yet; an error ends them and is told by ``trouble``."""
        asked = _LITTLE if 0 < self._read < PIECE else PIECE  # the end, most likely
        try:
            while piece := self._file.read(asked):
                self._read += len(piece)
                yield piece
                asked = PIECE
        except _TROUBLE as error:
            self.trouble = f"reading stopped at byte {self._read}: {describe_error(error)}"

    def blocks(self, size: int) -> Iterator[list[bytes]]:
        """Yield the pieces that were not read yet, so many bytes of them at a time; at the end comes an empty list."""
        pieces: list[bytes] = []
        for piece in self.following():
            pieces.append(piece)
            if sum(map(len, pieces)) >= size:
                yield pieces
                pieces = []
        if pieces:
            yield pieces
        yield []

    def whole(self) -> Span:
        """Return everything as one span."""
        span = Span(0)
        for piece in self.pieces():
            span.add(piece)
        return span

    def lines(self, newline: bytes = b"\n") -> Iterator[Span]:
        """Yield each line with its newline. A newline of two or four bytes counts only where it is aligned."""
        width, offset = len(newline), self.start
        span, rest = Span(offset), b""
        for piece in self.pieces():
            data = rest + piece
            whole = len(data) - len(data) % width
            data, rest = data[:whole], data[whole:]
            start = 0
            while (end := _line_end(data, start, newline)) > 0:
                span.add(data[start:end])
                yield span
                offset, start = offset + span.length, end
                span = Span(offset)
            span.add(memoryview(data)[start:])
        span.add(rest)
        if span.length:
            yield span


def _line_end(data: bytes, start: int, newline: bytes) -> int:
    """Return where the line from ``start`` ends, its newline included; 0 where it does not end in ``data``."""
    at = data.find(newline, start)
    while at >= 0 and at % len(newline):
        at = data.find(newline, at + 1)
    return at + len(newline) if at >= 0 else 0


def decompressed(file: IO[bytes]) -> IO[bytes]:
    """Return the stream within a gzip stream."""
    return gzip.GzipFile(fileobj=file)  # type: ignore[return-value] # it reads as a binary file does


def describe_error(error: BaseException) -> str:
    """Say in one line what went wrong.

    >>> describe_error(FileNotFoundError(2, "No such file or directory", "a.txt"))
    'No such file or directory'
    """
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
