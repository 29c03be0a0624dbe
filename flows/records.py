"""Records: the units of an archive, as a reader hands them on."""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from repair.result import Segment

PAGE_FORMATS = ("txt", "html")


class Layout(NamedTuple):
    """How the records of a file are written: ``txt``, ``html``, ``csv`` (any delimiter) or ``jsonl``."""

    format: str
    delimiter: str = ""
    columns: tuple[str, ...] = ()

    @property
    def is_page(self) -> bool:
        """Say whether one record is one whole document."""
        return self.format in PAGE_FORMATS


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a record cannot pass: a reason of the quarantine, and what exactly is wrong where."""

    reason: str
    detail: str


class Place(NamedTuple):
    """Where a record lies: the source, the member of a container ("" for none), offset and length in bytes.

    For a compressed file the offset counts the decompressed bytes.
    """

    source_uri: str
    member: str
    byte_offset: int
    byte_length: int


class Record(NamedTuple):
    """One unit of an archive, decoded but not repaired. A tuple, like its place: an archive has many.

    ``original`` is None only for a record so long that it is kept by reference. A row has ``cells`` (name, value; None
    is a null), unless it has a ``problem``. A page is decoded with others, by `flows.readers.decode_pages`; then it has
    ``text`` and ``segments``, one for each stretch in one encoding; ``encoding`` is that of most bytes.
    """

    place: Place
    layout: Layout
    original: bytes | None
    sha256: str
    encoding: str | None = None
    encoding_confidence: float = 0.0
    text: str | None = None
    cells: tuple[tuple[str, str | None], ...] = ()
    problem: Problem | None = None
    segments: tuple[Segment, ...] = ()

    @property
    def record_id(self) -> str:
        """Return the stable name of the record: a hash of source, member, offset and content, 32 hex digits."""
        place = self.place
        key = "\0".join((place.source_uri, place.member, str(place.byte_offset), self.sha256))
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
