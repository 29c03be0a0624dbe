"""Cases by origin: damage made here by plain codecs, clean text of many languages, and what is known to fail."""

import pytest

from repair import Grade, Repair, repair_bytes, repair_text, replay
from repair.channel import damage

NEWS = "县委召开第十九次防汛抗旱工作会议，总结分析当前全县雨情汛情，安排部署下一阶段防汛工作。"
TITLE = "关于做好春季森林防火工作的通知"
SINGLE_BYTE = [
    "latin-1",
    "sloppy-windows-1250",
    "sloppy-windows-1251",
    "sloppy-windows-1252",
    "koi8-r",
    "mac-roman",
    "cp437",
    "cp850",
]


@pytest.mark.parametrize("wrong", SINGLE_BYTE)
@pytest.mark.parametrize("original", ["utf-8", "gb18030"])
@pytest.mark.parametrize("text", [NEWS, TITLE, f"{TITLE}\n2023-05-16 10:20 {NEWS}\n"])
def test_single_byte_misreadings_are_exact(original: str, wrong: str, text: str) -> None:
    check(text.encode(original).decode(wrong), text)


@pytest.mark.parametrize("wrong", SINGLE_BYTE)
def test_big5_misreadings_keep_their_script(wrong: str) -> None:
    text = "會議總結了當前全縣防汛工作，並安排部署下一階段的任務。"
    check(text.encode("big5").decode(wrong), text)


@pytest.mark.parametrize("wrong", ["gbk", "gb18030"])
def test_utf8_read_as_gbk(wrong: str) -> None:
    text = "切实做好防汛工作"  # an even number of bytes, and no byte that GBK refuses
    check(text.encode().decode(wrong), text)


@pytest.mark.parametrize("original", ["utf-16-le", "utf-16-be"])
def test_swapped_bytes(original: str) -> None:
    check(NEWS.encode(original).decode("utf-16-be" if original == "utf-16-le" else "utf-16-le"), NEWS)


def test_two_layers() -> None:
    check(NEWS.encode().decode("sloppy-windows-1252").encode().decode("sloppy-windows-1252"), NEWS)


@pytest.mark.parametrize(
    "seen",
    [
        "".join(f"&#{ord(character)};" for character in TITLE),
        "".join(f"&#x{ord(character):x};" for character in TITLE),
        "".join(f"&amp;#{ord(character)};" for character in TITLE),
        "".join(f"\\u{ord(character):04x}" for character in TITLE),
        "".join(f"%u{ord(character):04X}" for character in TITLE),
        "".join(f"%{byte:02X}" for byte in TITLE.encode()),
        "".join(f"%{byte:02X}" for byte in TITLE.encode("gb18030")),
        "".join(f"&#{byte};" for byte in TITLE.encode("gb18030")),
    ],
)
def test_escapes_are_read(seen: str) -> None:
    check(seen, TITLE)


def test_damage_in_one_line_leaves_the_others_alone() -> None:
    text = f"{TITLE}\n{NEWS}\n{TITLE}"
    seen = f"{TITLE}\n{NEWS.encode().decode('latin-1')}\n{TITLE}"
    repair = check(seen, text)
    assert all(edit.start > len(TITLE) and edit.end <= len(TITLE) + 1 + len(NEWS) for edit in repair.edits)


def test_damage_inside_a_line_is_found() -> None:
    check(f"标题：{TITLE.encode().decode('sloppy-windows-1252')}", f"标题：{TITLE}")


def test_two_kinds_of_damage_in_one_text() -> None:
    seen = f"{NEWS.encode().decode('latin-1')}\n{NEWS.encode('gb18030').decode('cp437')}"
    check(seen, f"{NEWS}\n{NEWS}")


def check(seen: str, text: str) -> Repair:
    repair = repair_text(seen)
    assert repair.text == text
    assert repair.grade is Grade.EXACT
    assert replay(repair) == seen == damage(repair.chain, text)
    assert repair.evidence >= 40
    rebuilt, at = "", 0
    for edit in repair.edits:
        assert text[edit.start : edit.end] == edit.text
        rebuilt += text[at : edit.start] + edit.seen
        at = edit.end
    assert rebuilt + text[at:] == seen
    return repair


CLEAN = [
    "会议强调，要坚持人民至上、生命至上，切实做好防汛抗旱各项工作。",
    "王喆、李翀、张彧、犇犇、龑",
    "矓矓矓矓",
    "唵嘛呢叭咪吽，南无阿弥陀佛，揭谛揭谛，波罗揭谛",
    "學而時習之，不亦說乎？有朋自遠方來，不亦樂乎？",
    "臺灣的繁體中文與香港的有所不同，國語和粵語也不一樣。",
    "東京都は本日、新型コロナウイルスの感染者を確認したと発表した。",
    "ｱｲｳｴｵ カタカナ ﾃｽﾄ",
    "대한민국의 수도는 서울이다. 국민의 권리와 의무를 규정한다.",
    "Все люди рождаются свободными и равными в своём достоинстве и правах.",
    "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι.",
    "Tất cả mọi người sinh ra đều được tự do và bình đẳng.",
    "Zażółć gęślą jaźń. Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "Les élèves français mangent des crêpes à Noël; Ärger über Öl, Übung, Straße.",
    "Hääyöaie, pääasia, määrä: Suomen kieli on kaunis.",
    "UTF-8 的“数据”用 GBK 读出来就是“鏁版嵁”。",
    'if (s == "\\u6570\\u636e") { return "&#25968;"; }',
    "https://example.com/?q=%E6%95%B0%E6%8D%AE&page=2",
    "<p>&#25968;&#25454;</p>",
    "├── repair\n│   └── data\n└── tests",
    "××××年××月××日，原告××公司诉称……",
    "😀😃😄 👨‍👩‍👧 🇨🇳",
    "∀x∈ℝ: x² ≥ 0 ∧ ∑ᵢ aᵢ ≤ ∞",
    "真的吗???太好了!!!",
    "d41d8cd98f00b204e9800998ecf8427e 5rWL6K+V5paH5pys",
    "他说：“你好（nǐ hǎo）吗？”老师教我们读“妈（mā）麻（má）马（mǎ）骂（mà）”。",
    "烫、屯两个字",
    "",
    "\ufeff",
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_is_never_changed(text: str) -> None:
    repair = repair_text(text)
    assert repair.text == text
    assert repair.chain == ()
    assert repair.grade is Grade.CLEAN


@pytest.mark.parametrize(
    "text", ["锟斤拷锟斤拷锟斤拷", "关于锟斤拷的通知", "数\ufffd\ufffd据", "烫烫烫烫烫", "???? ????"]
)
def test_what_is_gone_is_said_to_be_lost(text: str) -> None:
    repair = repair_text(text)
    assert repair.text == text
    assert repair.grade is Grade.LOST
    assert repair.edits


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_bytes_come_back_as_text_and_replay(encoding: str) -> None:
    data = f"{TITLE}\r\n{NEWS}\r\n".encode(encoding)
    repair = repair_bytes(data)
    assert repair.text == f"{TITLE}\r\n{NEWS}\r\n"
    assert repair.grade is Grade.CLEAN
    assert replay(repair) == data


def test_bytes_that_are_no_text() -> None:
    data = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"
    repair = repair_bytes(data)
    assert repair.encoding is None
    assert repair.grade is Grade.LOST
    assert replay(repair) == data


def test_a_line_and_a_stretch_of_it_are_one_place() -> None:
    """Read in both ways at once the second line came out twice, and did not replay."""
    seen = "證ｫ迪∵ｷ丞ｼ晏ｬｪ鮗ｵ\nｴ謠幃剩髮∬ｿｶ豕ｬ"
    repair = repair_text(seen)
    assert replay(repair) == seen
    assert repair.text.startswith("既要正视困难\n")
