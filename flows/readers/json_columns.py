"""Lines of JSON whose values are all strings, parsed by Arrow straight into columns: no object for each line.

Such lines take a third of the time. Whatever Arrow might read otherwise than line by line is left to
`flows.readers.json_blocks`: numbers, which stay as they are written, other keys than those of the first line, keys that
come twice, escaped surrogates, blank lines.
"""

import numpy as np
import pyarrow as pa
import pyarrow.json

from flows.blocks import Places
from flows.readers.json_lines import decode_json

_UTF_8 = ("utf-8", "ascii")
_LARGEST = 1 << 30
"""Bytes that are parsed at once; Arrow counts those of a column in 31 bits."""
_SURROGATES = (b"\\ud", b"\\uD")
_OPEN, _CLOSE, _RETURN, _NEWLINE = b"{}\r\n"


def string_columns(data: bytes, lines: Places, codec: str) -> dict[str, pa.Array] | None:
    """Return the cells of lines that end where ``lines`` say, by key; None where they need a look one by one.

    >>> string_columns(b'{"a": "x"}', np.array([10]), "utf-8")["a"].to_pylist()
    ['x']
    >>> string_columns(b'{"a": 1.50}', np.array([11]), "utf-8") is None
    True
    """
    if not len(lines) or len(data) > _LARGEST or any(escape in data for escape in _SURROGATES):
        return None
    try:
        text = data.decode(codec)
        names = _names(data[: lines[0]].decode(codec))
        encoded = data if codec in _UTF_8 else text.encode()
        if not names or not _are_objects(encoded, len(lines)):
            return None
        table = _parsed(encoded, names)
    except (ValueError, RecursionError):  # Arrow's errors are ValueErrors
        return None
    if table.num_rows != len(lines):
        return None
    return {name: table[name].combine_chunks() for name in names}


def _names(line: str) -> list[str]:
    """Return the keys of a line; none where it is no object of strings."""
    row = decode_json(line)
    is_plain = isinstance(row, dict) and all(value is None or isinstance(value, str) for value in row.values())
    return list(row) if is_plain else []


def _are_objects(data: bytes, count: int) -> bool:
    """Say whether so many lines all begin with { and end with }.

    Then no object reaches over a line's end: within one, { after } is no JSON, and no string holds a bare newline. So
    as many objects as lines means one in each.
    """
    found = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(found == _NEWLINE)
    if not len(ends) or ends[-1] != len(found) - 1:
        ends = np.append(ends, len(found))
    starts = np.append(0, ends[:-1] + 1)
    if len(ends) != count or np.any(ends - starts < len("{}")):
        return False
    last = ends - 1 - (found[ends - 1] == _RETURN)
    return bool(np.all(found[starts] == _OPEN) and np.all(found[last] == _CLOSE))


def _parsed(data: bytes, names: list[str]) -> pa.Table:
    schema = pa.schema([(name, pa.string()) for name in names])
    return pa.json.read_json(
        pa.BufferReader(data),
        pa.json.ReadOptions(use_threads=False, block_size=len(data) + 1),  # workers share the cores already
        pa.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
    )
