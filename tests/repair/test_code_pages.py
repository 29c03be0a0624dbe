"""The code pages of Windows: what they read beyond Python's codecs, and back."""

import pytest

from repair import code_pages, repair_text, replay

PAGES = {"windows-936": "gbk", "windows-949": "cp949", "windows-950": "cp950"}
EDGES = (
    ("windows-936", b"\x80", "\u20ac"),
    ("windows-936", b"\xaa\xa1", "\ue000"),
    ("windows-936", b"\xfe\xfe", "\ue4c5"),
    ("windows-936", b"\xa7\xa0", "\ue765"),
    ("windows-949", b"\xfe\xfe", "\ue0bb"),
    ("windows-950", b"\xfe\xfe", "\ue310"),
    ("windows-950", b"\xa0\xfe", "\ueeb7"),
    ("windows-950", b"\x8d\xfe", "\uf6b0"),
    ("windows-950", b"\xc8\xfe", "\uf848"),
)
DAMAGED = (
    ("要根据统一政策", "utf-8", "windows-936"),
    ("数控机床元素边缘双精度", "gb18030", "windows-950"),
    ("要根据统一政策的安全性", "gb18030", "cp932"),
    ("接續推進脫貧地區發展", "big5", "cp932"),
)


@pytest.mark.parametrize(("page", "code", "character"), EDGES)
def test_the_edges_of_each_area_are_those_of_the_standard_tables(page: str, code: bytes, character: str) -> None:
    assert code_pages
    assert code.decode(page) == character
    assert character.encode(page) == code


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_and_writes_all_that_its_base_does(page: str) -> None:
    text = bytes(range(0x80)).decode() + "中文" * (page != "windows-949")
    assert text.encode(page) == text.encode(PAGES[page])
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            code = bytes([lead, trail])
            read = code.decode(page, "ignore")
            assert code.decode(PAGES[page], "ignore") in ("", chr(trail), read)


@pytest.mark.parametrize("page", PAGES)
def test_errors_are_handled_as_asked(page: str) -> None:
    with pytest.raises(UnicodeDecodeError):
        b"\xff\xff".decode(page)
    with pytest.raises(UnicodeEncodeError):
        "\u0e01".encode(page)
    assert b"a\xff".decode(page, "replace") == "a\ufffd"
    assert "a\u0e01".encode(page, "replace") == b"a?"


@pytest.mark.parametrize(("text", "original", "wrong"), DAMAGED)
def test_text_read_by_a_code_page_comes_back(text: str, original: str, wrong: str) -> None:
    seen = text.encode(original).decode(wrong)
    repair = repair_text(seen)
    assert repair.text == text
    assert replay(repair) == seen
