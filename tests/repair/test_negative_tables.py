"""Tables of characters, in order: the hardest clean text, because no language model knows it."""

from typing import Any

import pyarrow as pa
import pytest

from repair import repair_bytes, repair_column, repair_text

pytestmark = pytest.mark.slow


def table(first: int, last: int, width: int = 32) -> str:
    """Return the characters from one code point to another in rows."""
    characters = [chr(code) for code in range(first, last + 1) if not 0xD800 <= code < 0xE000]
    return "\n".join("".join(characters[at : at + width]) for at in range(0, len(characters), width))


def code_order(encoding: str, leads: range) -> str:
    """Return a two-byte code in its order, a row for each lead byte."""
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    rows = (b"".join(bytes([lead, trail]) for trail in trails).decode(encoding, "ignore") for lead in leads)
    return "\n".join(rows)


TABLES = {
    "the 20,902 hanzi of Unicode 1.1": table(0x4E00, 0x9FA5),
    "the same with their code points": "\n".join(f"U+{code:04X}\t{chr(code)}" for code in range(0x4E00, 0x9FA5, 40)),
    "extension A": table(0x3400, 0x4DB5),
    "extension B, part": table(0x20000, 0x20FFF),
    "GB2312 in code order": code_order("gb2312", range(0xA1, 0xF8)),
    "GBK in code order": code_order("gbk", range(0x81, 0xFE)),
    "Big5 in code order": code_order("big5", range(0xA1, 0xFA)),
    "Shift-JIS in code order": code_order("shift_jis", range(0x88, 0xA0)),
    "hangul": table(0xAC00, 0xD7A3),
    "radicals": table(0x2E80, 0x2FD5),
    "compatibility ideographs": table(0xF900, 0xFAD9),
    "private use": table(0xE000, 0xF8FF),
    "Latin to Cyrillic": table(0xA0, 0x52F),
    "the beginning of every block": "\n".join(table(start, start + 31) for start in range(0xA0, 0xFFD0, 128)),
}


KNOWN_TABLES: dict[str, str] = {}
KNOWN_ROWS: dict[str, str] = {}
"""Tables that are known to fail, with the reason."""


def names(known: dict[str, str]) -> list[Any]:
    """Return the tables as parameters, the known failures marked."""
    marks = {name: [pytest.mark.xfail(reason=reason, strict=True)] for name, reason in known.items()}
    return [pytest.param(name, marks=marks.get(name, [])) for name in TABLES]


@pytest.mark.parametrize("name", names(KNOWN_TABLES))
def test_tables(name: str) -> None:
    text = TABLES[name]
    assert repair_bytes(text.encode()).text == text


@pytest.mark.parametrize("name", names(KNOWN_ROWS))
def test_rows_of_tables(name: str) -> None:
    rows = TABLES[name].split("\n")
    assert repair_column(pa.array(rows)).column("text").to_pylist() == rows
    changed = [row for row in rows[:: max(1, len(rows) // 40)] if repair_text(row).text != row]
    assert not changed
