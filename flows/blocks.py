"""Blocks: the rows of a table as columns, from the reader to the writer without an object for each record."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from flows.records import Layout, Place, Record
from flows.tables import PROVENANCE

Places = npt.NDArray[np.int64]
_PROVENANCE = pa.schema(PROVENANCE)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one table that can pass, decoded but not repaired.

    ``provenance`` has the columns of `flows.tables.PROVENANCE`, ``cells`` a column of strings for each column of the
    table, by its name as found; null where a row has none.
    """

    layout: Layout
    provenance: pa.RecordBatch
    cells: dict[str, pa.Array]

    def __len__(self) -> int:
        return int(self.provenance.num_rows)

    @property
    def source_uri(self) -> str:
        """Return the source of the rows."""
        return str(self.provenance["source_uri"][0])

    @property
    def size(self) -> int:
        """Return the bytes of the rows."""
        return int(self.provenance["original"].nbytes)

    def records(self) -> Iterator[Record]:
        """Yield the rows one by one."""
        columns = [column.to_pylist() for column in self.cells.values()]
        for number, told in enumerate(self.provenance.to_pylist()):
            place = Place(told["source_uri"], told["member"] or "", told["byte_offset"], told["byte_length"])
            encoding = (told["encoding"], told["encoding_confidence"])
            cells = tuple((name, column[number]) for name, column in zip(self.cells, columns, strict=True))
            yield Record(place, self.layout, told["original"], told["sha256"], *encoding, cells=cells)

    def part(self, start: int, length: int) -> "Block":
        """Return some of the rows, uncopied."""
        cells = {name: column.slice(start, length) for name, column in self.cells.items()}
        return replace(self, provenance=self.provenance.slice(start, length), cells=cells)


@dataclass(frozen=True, slots=True)
class Rows:
    """Where rows lie in ``data``, whose first byte is at ``offset`` in the source: where each starts and ends."""

    data: bytes
    offset: int
    starts: Places
    ends: Places


def block_of_rows(
    source: tuple[str, str], layout: Layout, rows: Rows, encoding: tuple[str, float], cells: dict[str, pa.Array]
) -> Block:
    """Return rows that lie in one piece of a source (uri, member) as a block."""
    uri, member = source
    count = len(rows.starts)
    bounds = list(zip(rows.starts.tolist(), rows.ends.tolist(), strict=True))
    view = memoryview(rows.data)
    hashes = [hashlib.sha256(view[start:end]).hexdigest() for start, end in bounds]
    offsets = rows.starts + rows.offset
    columns = [
        pa.array(_record_ids(uri, member, offsets.tolist(), hashes)),
        pa.repeat(uri, count),
        pa.repeat(member, count) if member else pa.nulls(count, pa.string()),
        pa.array(offsets),
        pa.array(rows.ends - rows.starts),
        pa.array(hashes),
        _originals(rows),
        pa.repeat(encoding[0], count),
        pa.repeat(encoding[1], count),
        pa.nulls(count, _PROVENANCE.field("segments").type),
    ]
    return Block(layout, pa.RecordBatch.from_arrays(columns, schema=_PROVENANCE), cells)


def _record_ids(uri: str, member: str, offsets: Sequence[int], hashes: Sequence[str]) -> list[str]:
    """Return the ids that `flows.records.Record.record_id` gives; what all share is hashed once."""
    same = hashlib.sha256(f"{uri}\0{member}\0".encode("utf-8", "surrogatepass"))
    ids = []
    for offset, content in zip(offsets, hashes, strict=True):
        digest = same.copy()
        digest.update(f"{offset}\0{content}".encode())
        ids.append(digest.hexdigest()[:32])
    return ids


def _originals(rows: Rows) -> pa.Array:
    """Return the bytes of each row: the bytes that were read themselves where nothing lies between the rows."""
    if np.array_equal(rows.starts[1:], rows.ends[:-1]):
        bounds = pa.array(np.append(rows.starts, rows.ends[-1:]), pa.int32())
        return pa.Array.from_buffers(
            pa.binary(), len(rows.starts), [None, bounds.buffers()[1], pa.py_buffer(rows.data)]
        )
    pairs = zip(rows.starts.tolist(), rows.ends.tolist(), strict=True)
    return pa.array([rows.data[start:end] for start, end in pairs], pa.binary())


def block_of_records(records: Sequence[Record]) -> Block:
    """Return rows of one source and layout, read one by one, as a block."""
    names = dict.fromkeys(name for record in records for name, _ in record.cells)
    rows = [dict(record.cells) for record in records]
    cells = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    return Block(records[0].layout, provenance_of(records), cells)


def joined(blocks: Iterable[Block]) -> list[Block]:
    """Join the blocks that are rows of one table with the same columns."""
    tables: dict[tuple[object, ...], list[Block]] = {}
    for block in blocks:
        member = block.provenance["member"][0].as_py()
        tables.setdefault((block.source_uri, member, block.layout, tuple(block.cells)), []).append(block)
    return [_joined(own) if len(own) > 1 else own[0] for own in tables.values()]


def _joined(blocks: Sequence[Block]) -> Block:
    cells = {name: pa.concat_arrays([block.cells[name] for block in blocks]) for name in blocks[0].cells}
    return Block(blocks[0].layout, pa.concat_batches([block.provenance for block in blocks]), cells)


def _segments(record: Record) -> list[dict[str, Any]] | None:
    parts = record.segments
    return [{"end": part.end, "encoding": part.encoding} for part in parts] if len(parts) > 1 else None


def _kept(originals: Sequence[bytes | None]) -> pa.Array:
    """Return bytes as a column of just their size: Arrow's own way takes room for twice as much."""
    present = [data for data in originals if data is not None]
    ends = np.cumsum([0, *map(len, present)], dtype=np.int32)
    bounds, data = pa.py_buffer(ends), pa.py_buffer(b"".join(present))
    found = pa.Array.from_buffers(pa.binary(), len(present), [None, bounds, data])
    if len(present) == len(originals):
        return found
    places = iter(range(len(present)))
    return found.take(pa.array([None if data is None else next(places) for data in originals], pa.int64()))


def provenance_of(records: Sequence[Record]) -> pa.RecordBatch:
    """Return where records come from, as columns of `flows.tables.PROVENANCE`."""
    columns = (
        [record.record_id for record in records],
        [record.place.source_uri for record in records],
        [record.place.member or None for record in records],
        [record.place.byte_offset for record in records],
        [record.place.byte_length for record in records],
        [record.sha256 for record in records],
        _kept([record.original for record in records]),
        [record.encoding for record in records],
        [record.encoding_confidence if record.encoding else None for record in records],
        [_segments(record) for record in records],
    )
    arrays = [
        values if isinstance(values, pa.Array) else pa.array(values, field.type)
        for values, field in zip(columns, _PROVENANCE, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=_PROVENANCE)
