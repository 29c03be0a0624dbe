"""Triage: signs of damage by rule, damage of every channel, clean text of many kinds, columns of every layout."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.catalogue import catalogue
from repair.channel import UndamageableError
from repair.triage import suspicious, suspicious_values

CLEAN = [
    "会议强调，要坚持安全第一、预防为主，落实责任。",
    "第六十六条　本法自2021年9月1日起施行。",
    "全年实现地区生产总值1.21万亿元，增长5.2%；城镇新增就业1244万人（超额完成）。",
    "plain ASCII: f(x) = a[i] + b - c & d; 100% $5 ~ C:\\new\\table, what? yes?",
    "https://example.org/a-b/c?d=e&f=g#h",
    "Le café était déjà fermé ; für die Prüfung übte er täglich.",
    "Все люди рождаются свободными и равными в своём достоинстве.",
    "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "人人生而自由，在尊嚴和權利上一律平等。",
    "(a) first (b) second (x+y)",
    "1+1-2 a+b-c",
    "",
]
SIGNS = {
    "reference": "关于&#25968;的",
    "doubled reference": "&amp;#x6570;",
    "backslash u": "a \\u6570 b",
    "backslash x": "\\xE6\\x95",
    "octal": "\\346\\225",
    "percent": "%E6%95",
    "percent u": "%u6570",
    "reading with a tone": "日報(bào)告",
    "toneless reading": "會(hui)議",
    "orphaned reading": "?(qǐng)",
    "replacement": "数\ufffd",
    "C1 control": "a\u0093b",
    "control": "a\x1bb",
    "kun": "第斤拷条",
    "bom": "ï¿½",
    "mojibake of an accent": "cafÃ©",
    "mojibake of a dash": "a â€“ b",
    "three bytes": "æ–°",
    "memory": "烫烫烫",
    "question marks": "???",
    "spaced question marks": "? ? ?",
    "HZ": "~{J}>]~}",
    "encoded word": "=?gb2312?B?yv2+3Q==?=",
    "quoted-printable": "=E6=95=B0",
    "punycode": "xn--fiqs8s",
    "UTF-7": "+ZXBjbg-",
    "ISO-2022": "$)AJ}>]",
    "radical": "⼀般",
    "compatibility ideograph": "\uf9f7",
    "private use": "\ue000",
    "zero width": "数\u200b据",
    "direction": "a\u202eb",
    "byte-order mark": "\ufeffa",
    "lone surrogate": "\ud842",
}
LINES = [
    "县委召开第十九次防汛抗旱工作会议",
    "切实做好防汛工作",
    "关于做好春季森林防火工作的通知",
    "全面落实责任，确保人民群众生命财产安全。",
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_passes(text: str) -> None:
    assert not suspicious(text)


@pytest.mark.parametrize("text", SIGNS.values(), ids=SIGNS.keys())
@pytest.mark.parametrize("around", ["{}", "会议强调，要坚持{}安全第一。", "see {} there"])
def test_signs_are_seen(text: str, around: str) -> None:
    assert suspicious(around.format(text))


def damaged() -> Iterator[str]:
    for channel, _ in catalogue():
        for line in LINES:
            with suppress(UndamageableError):
                yield channel.damage(line)


@pytest.mark.parametrize("seen", sorted(set(damaged())))
def test_damage_of_every_channel_is_seen(seen: str) -> None:
    assert seen in LINES or suspicious(seen)


@pytest.mark.parametrize(
    "seen",
    [
        "1999年12月31日0时，中国政府".encode("utf-16-be").hex(),  # most groups are digits
        "1999年12月31日0时，中国政府".encode("utf-16-le").hex().upper(),
        "a)新增预算 II 项目".encode("gb18030").hex(),
        "新增预算项目 2021".encode().hex(),
        "+eyxOCXZ+TglTQVbbZ2FOS04A /wgwClIRbNVP7mtjaEj/CFNBTgD",  # its hyphen is gone
    ],
)
def test_text_written_in_ascii_is_seen(seen: str) -> None:
    assert suspicious(seen)


def test_hashes_and_numbers_pass() -> None:
    hashes = [hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest() for number in range(2000)]
    assert sum(map(suspicious, hashes)) < 40
    assert not any(suspicious(str(7**power)) for power in range(20, 60))


def test_a_text_of_question_marks_is_seen() -> None:
    assert suspicious("a?b??c?")


@pytest.mark.parametrize("text", LINES)
def test_one_damaged_place_in_a_long_text_is_seen(text: str) -> None:
    seen = text.encode().decode("gbk", "replace")
    assert suspicious(CLEAN[0] * 50 + seen + CLEAN[2] * 50)


@pytest.mark.parametrize("text", ["鏂?妗堢殑", "宸ヤ綔?", "?鍏ㄩ?"])
def test_a_single_question_mark_among_rare_hanzi_is_seen(text: str) -> None:
    assert suspicious(text)


values = st.lists(st.none() | st.text() | st.sampled_from([*CLEAN, *LINES, *(SIGNS[name] for name in ("HZ", "bom"))]))


@settings(deadline=None)
@given(values, st.sampled_from([pa.string(), pa.large_string(), pa.string_view()]), st.integers(0, 3))
def test_a_column_is_looked_at_as_its_values_are(column: list[str | None], kind: pa.DataType, skipped: int) -> None:
    array = pa.array(column, kind)[skipped:]
    expected = [value is not None and suspicious(value) for value in column[skipped:]]
    assert suspicious_values(array).tolist() == expected


@settings(deadline=None)
@given(st.binary())
def test_bytes_that_are_no_utf8_do_no_harm(data: bytes) -> None:
    buffers = [None, pa.py_buffer(len(data).to_bytes(4, "little").rjust(8, b"\0")), pa.py_buffer(data)]
    array = pa.StringArray.from_buffers(1, buffers[1], buffers[2])
    assert len(suspicious_values(array)) == 1
