"""Escapes that were never read back, by kind; and the source code, addresses, hashes and examples that stay."""

import base64
import quopri
from collections.abc import Iterator
from email.charset import QP, Charset
from email.header import Header
from hashlib import md5, sha256
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.catalogue import channel_classes as stored_classes
from repair.channel import Channel, damage
from repair.escapes import Escape, channel_classes, channels, propose
from repair.escapes.digits import Digits
from repair.escapes.mail import read_base64, read_quoted, read_words
from repair.escapes.marks import Mark
from repair.escapes.seven_bit import Iso2022Cn, SevenBit
from repair.stored import chain_from_json, chain_to_json

TITLE = "关于做好春季森林防火工作的通知"
NEWS = "县委召开第十九次防汛抗旱工作会议，总结分析当前全县雨情汛情，安排部署下一阶段防汛工作。"


def undone(seen: str) -> Iterator[tuple[Escape, str]]:
    """Yield what each channel makes of ``seen`` in the spans that it names."""
    for channel, _ in channels():
        text, at, found = "", 0, False
        for start, end in channel.spans(seen):
            for candidate in channel.undo(seen[start:end]):
                assert channel.damage(candidate.text) == seen[start:end]
                text, at, found = text + seen[at:start] + candidate.text, end, True
        if found:
            yield channel, text + seen[at:]


ANNOUNCED = [
    (f"标题：{''.join(f'&#{ord(one)};' for one in TITLE)}", f"标题：{TITLE}"),
    ("".join(f"&#x{ord(one):x};" for one in TITLE), TITLE),
    ("".join(f"&amp;#{ord(one)};" for one in TITLE), "".join(f"&#{ord(one)};" for one in TITLE)),
    ("".join(f"&amp;amp;#{ord(one)};" for one in TITLE), "".join(f"&#{ord(one)};" for one in TITLE)),
    ("标题：\\u5173\\u4e8e\\u505a\\u597d（2023）", "标题：关于做好（2023）"),
    ("".join(f"\\\\u{ord(one):04x}" for one in TITLE), "".join(f"\\u{ord(one):04x}" for one in TITLE)),
    ("u5173u4e8eu505au597du6625u5b63", "关于做好春季"),
    ("".join(f"%u{ord(one):04X}" for one in TITLE), TITLE),
    (quote("朱镕基同志在会议上讲话".encode("gbk")), "朱镕基同志在会议上讲话"),
    (quote(TITLE), TITLE),
    (quote(quote(TITLE)), quote(TITLE)),
    ("".join(f"\\x{byte:02x}" for byte in TITLE.encode()), TITLE),
    ("".join(f"\\x{byte:02X}" for byte in TITLE.encode("gbk")), TITLE),
    ('"' + "".join(f"\\{byte:03o}" for byte in TITLE.encode()) + '.txt"', f'"{TITLE}.txt"'),
    (f"收到内容 {NEWS.encode()!r} 请核对", f"收到内容 {NEWS} 请核对"),
    (repr(NEWS.encode("gbk")), NEWS),
    (f"短信内容：{TITLE.encode('utf-16-be').hex().upper()}", f"短信内容：{TITLE}"),
    (TITLE.encode().hex(), TITLE),
    (f"标题 {TITLE.encode('hz').decode()} 2023", f"标题 {TITLE} 2023"),
    (SevenBit("{", "}").damage(TITLE), TITLE),
    (SevenBit("$)A").damage(TITLE), TITLE),
    (f"see {SevenBit().damage(NEWS)} end", f"see {NEWS} end"),
    (Iso2022Cn().damage(f"{TITLE} 2023 {TITLE}"), f"{TITLE} 2023 {TITLE}"),
    (Iso2022Cn("").damage(NEWS), NEWS),
    (f"Re: {TITLE.encode('utf-7').decode()} ok", f"Re: {TITLE} ok"),
    ("请访问中国数据库公司的网站 xn--dxty1ibyb.com 查询", "请访问中国数据库公司的网站 数据库.com 查询"),
]


@pytest.mark.parametrize(("seen", "text"), ANNOUNCED)
def test_channels_undo_what_announces_itself(seen: str, text: str) -> None:
    assert text in [found for _, found in undone(seen)]


def quoted_header(text: str) -> str:
    charset = Charset("utf-8")
    charset.header_encoding = QP
    return Header(text, charset).encode()


PROPOSED = [
    ("=?GB2312?B?yv2+3Q==?=", "数据"),
    (f"转发：=?gb2312?B?{base64.b64encode(TITLE.encode('gbk')).decode()}?=", f"转发：{TITLE}"),
    (f"Subject: {Header(NEWS, 'gb2312').encode()}", f"Subject: {NEWS}"),
    (Header(NEWS + NEWS, "utf-8").encode(), NEWS + NEWS),
    (Header("會議總結了當前全縣防汛工作", "big5").encode(), "會議總結了當前全縣防汛工作"),
    (quoted_header(TITLE), TITLE),
    (quopri.encodestring(f"{NEWS}\n{NEWS}2023\n".encode("gbk")).decode(), f"{NEWS}\n{NEWS}2023\n"),
    (
        f"Content-Transfer-Encoding: quoted-printable\n\n{quopri.encodestring(NEWS.encode()).decode()}",
        f"Content-Transfer-Encoding: quoted-printable\n\n{NEWS}",
    ),
    (base64.encodebytes(NEWS.encode("gbk")).decode(), f"{NEWS}\n"),
    ("县委召开&#31532;十九次会议", "县委召开第十九次会议"),
    ("防汛工作\\u4f1a议在县城召开", "防汛工作会议在县城召开"),
    ("ï»¿id,name\n1,张三\n", "id,name\n1,张三\n"),
    ("锘縤d,name", "id,name"),
    ("畢桳栠摩琠敨映捡獴", "bush hid the facts"),
]


@pytest.mark.parametrize(("seen", "text"), PROPOSED)
def test_what_needs_more_to_be_written_again_is_proposed(seen: str, text: str) -> None:
    proposals = list(propose(seen))
    assert text in [proposal.candidate.text for proposal in proposals]
    for proposal in proposals:
        assert proposal.settled
        assert damage(proposal.chain, proposal.candidate.text) == seen
        assert proposal.candidate.cuts[-1] == (len(proposal.candidate.text), len(seen))
        assert chain_from_json(chain_to_json(proposal.chain)) == proposal.chain


LEFT = [
    'if (s == "\\u6570\\u636e\\u5e93") { return "&#25968;&#25454;"; }',
    'users.loc[i, "country"] in ["", "&#20013;&#22269;", "usa & canada"]',
    "<p>&#25968;&#25454;</p>",
    "https://example.com/?q=%E6%95%B0%E6%8D%AE&page=2",
    "[数据](/wiki/%E6%95%B0%E6%8D%AE)",
    'print(b"\\xe6\\x95\\xb0\\xe6\\x8d\\xae\\xe5\\xba\\x93")',
    '{"title": "\\u6570\\u636e\\u5e93\\u5efa\\u8bbe"}',
    "“数据”的 Unicode 转义是 \\u6570\\u636e，百分号编码是 %E6%95%B0%E6%8D%AE",
    "URL 编码示例：\n%E6%95%B0%E6%8D%AE%E5%BA%93%E5%BB%BA%E8%AE%BE",
    "\n".join(f"&#{code};" for code in range(0x4E00, 0x4E40)),
    "\n".join(f"{chr(code)}\t\\u{code:04x}" for code in range(0x4E00, 0x4E40)),
    '"\\240\\241\\242\\243\\244\\245\\246\\247\\250\\251\\252\\253\\254\\255\\256"',
    "d41d8cd98f00b204e9800998ecf8427e",
    "5E884898DA28047151D0E56F8DC6292773603D0D6AABBDD62A11EF721D1542D8",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709 refs/heads/main",
    "d41d8cd98f00b204e9800998ecf8427e 5rWL6K+V5paH5pys",
    "测试文本 的 base64 是\n5rWL6K+V5paH5pys5rWL6K+V5paH5pys",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7x9K2vQ8mZ1pLr5tYw3uJ8sD4fG6hN0bV2cX9zA1qWsE5",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    "电话 +8613800138000-12，传真 +861088888888.",
    "C++ 与 a+bcdefgh-1 的差别",
    "~{x} ~{y} 表示范围，见 ~{3,5}~",
    "/[!#0-W][!-~]{6,}/ CONFIGURATION_DIRECTORY ABCDEFGHIJKLMNOP 0123456789012345",
    "=?UTF-8?B?5pWw5o2u?= 是 RFC 2047 的编码字",
    "xn--fiqs8s 是“中国”的 punycode 写法",
    "=E4=BD=A0 =E5=A5=BD",
    "ï»¿ 是 BOM 被当作 Latin-1 的样子",
    "会议强调，要坚持安全第一。",
    "矓矓矓矓",
    "plain text, nothing else: 100%25 sure; R&D; a\\b\\c; C:\\users\\u1234\\xab",
    "=SUM(A1:A9)=AB=CD",
]


@pytest.mark.parametrize("text", LEFT)
def test_what_means_what_it_says_is_left(text: str) -> None:
    assert [found for _, found in undone(text)] == []
    assert [proposal.candidate.text for proposal in propose(text)] == []


def test_an_escape_beside_what_it_means_is_left() -> None:
    assert list(propose("汉字“第”写作&#31532;即可")) == []


TEXTS = st.text(st.sampled_from("数据库建设，。 a1=?_\r\n"), min_size=1, max_size=30)


@given(text=TEXTS, width=st.integers(4, 60))
@settings(max_examples=150, deadline=None)
def test_transfer_encodings_replay_however_the_lines_were_broken(text: str, width: int) -> None:
    plain = base64.b64encode(text.encode()).decode()
    block = "\n".join(plain[at : at + width] for at in range(0, len(plain), width))
    assert [found for found, _ in read_base64(block, ("utf-8",))] == [text]
    quoted = quopri.encodestring(text.replace("\r", "").encode("gbk")).decode()
    assert [found for found, _ in read_quoted(quoted, ("gbk",))] == ([text.replace("\r", "")] if quoted else [])
    for scheme, header in (("B", plain), ("Q", quote(text, safe="").replace("_", "%5F").replace("%", "="))):
        words = f"=?utf-8?{scheme}?{header}?="
        read = read_words(words)
        if read is not None:
            assert read[0] == text
            assert read[1].damage(text) == words


@given(
    text=st.text(st.characters(max_codepoint=0x7F, min_codepoint=0x20), min_size=1),
    wrong=st.sampled_from(["gbk", "cp437"]),
)
@settings(max_examples=60, deadline=None)
def test_marks_are_taken_away_and_put_back(text: str, wrong: str) -> None:
    channel = Mark(wrong)
    try:
        seen = channel.damage(text)
    except ValueError:
        return
    assert [candidate.text for candidate in channel.undo(seen)] == [text]
    assert channel.align(text, seen)[-1] == (len(text), len(seen))


@pytest.mark.parametrize("cls", channel_classes, ids=lambda cls: cls.kind)
def test_every_class_is_stored(cls: type[Channel]) -> None:
    assert cls in stored_classes()


def test_hashes_hold_no_text() -> None:
    """No digest of a thousand is taken for digits of a text."""
    digests = [made(str(number).encode()).hexdigest() for made in (md5, sha256) for number in range(500)]
    for case in ("x", "X"):
        seen = "\n".join(digest.upper() if case == "X" else digest for digest in digests)
        for encoding in ("utf-16-be", "utf-16-le", "utf-8", "gb18030", "big5"):
            assert list(Digits(encoding, case).spans(seen)) == []
