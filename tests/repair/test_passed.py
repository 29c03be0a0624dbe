"""UTF-8 that passed through a code page of Windows and back: the bytes that are left tell what a character was."""

import pytest

from repair import Grade, repair_bytes, replay
from repair.decoders import decode

PAGE = "windows-936"
CASES = [
    # text, text as repaired; the question mark stays where what it ate with the last byte is open
    ("# 县文化馆周末举办剪纸展览", "# 县文化馆周末举办剪纸展览"),
    ("# 各乡镇要严格落实汛期值班制度\n# 请确保通信畅通", "# 各乡镇要严格落实汛期值班制度\n# 请确保通信畅通"),
    ("/* 本次检查共发现多处问题 */", "/* 本次检查共发现多处问题 */"),
    ("防汛抗旱工作情况 (2019)", "防汛抗旱工作情况 (2019)"),
    ("关于调整城区公交线路的公告 3", "关于调整城区公交线路的公告?3"),
    ("请注意防范山洪、滑坡等自然灾害", "请注意防范山洪、滑坡等自然灾害"),
]


def passed(text: str) -> bytes:
    """Return the bytes of a text after it was read by the code page and saved in it again."""
    return decode(text.encode(), PAGE, "windows").encode(PAGE, "replace")


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_is_left_of_a_character_tells_it(text: str, expected: str) -> None:
    data = passed(text)
    repair = repair_bytes(data)
    assert repair.text == expected
    assert replay(repair) == data


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_nothing_is_made_up(text: str) -> None:
    repair = repair_bytes(passed(text))
    for edit in repair.edits:
        assert edit.grade is Grade.LOST or edit.text in text


def test_private_use_passes_unharmed() -> None:
    assert passed("本地多端") == "本地多端".encode()
