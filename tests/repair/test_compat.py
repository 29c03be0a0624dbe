"""Characters from a wrong block: mended where text runs on around them, left where they are what is meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair import repair_text
from repair.channel import damage
from repair.compat import WrongBlock, propose
from repair.compat.meanings import meanings
from repair.compat.private import hong_kong
from repair.stored import chain_from_json, chain_to_json

MENDED = [
    ("会议强调要坚持⼈⺠⾄上", "会议强调要坚持人民至上", "radicals"),
    ("⻓江⽇报2023年⽉刊第3⻚", "长江日报2023年月刊第3页", "radicals"),
    ("⼾籍制度改革和⻩河流域治理", "户籍制度改革和黄河流域治理", "radicals"),
    ("⼀、总则", "一、总则", "radicals"),
    ("县\uf9f7第一中学今年招\uf967少新生", "县立第一中学今年招不少新生", "compatibility"),
    ("南汉高祖刘\ue863的名字", "南汉高祖刘䶮的名字", "GB 18030-2000"),
    ("他的名字里有一个\ue854字很少见", "他的名字里有一个龺字很少见", "GB 18030-2022"),
    ("呢度\uecd7個人\uecd8邊度，佢哋知道\uecd9未", "呢度嗰個人喺邊度，佢哋知道咗未", "HKSCS-2001"),
    ("\ud842\udfb7野家的牛肉饭", "𠮷野家的牛肉饭", "surrogate"),
    ("第\u200b一百\ufeff条规定", "第一百条规定", "invisible"),
    ("各级人民\u200e政府应当\u00ad加强领导", "各级人民政府应当加强领导", "invisible"),
    ("\u0093数据\u0094的质量", "“数据”的质量", "Windows-1252"),
    ("It\u0092s fine \u0096 really", "It’s fine – really", "Windows-1252"),
    ("提供\ue71f5\ue71d领导力\n每月\ue71f3\ue71d点", "提供§Y5§W领导力\n每月§Y3§W点", "Windows-936"),
]


@pytest.mark.parametrize(("seen", "text", "standard"), MENDED)
def test_mended_in_running_text(seen: str, text: str, standard: str) -> None:
    (proposal,) = propose(seen)
    assert proposal.settled
    assert proposal.candidate.text == text
    assert damage(proposal.chain, text) == seen
    assert proposal.candidate.cuts[-1] == (len(text), len(seen))
    assert standard in proposal.chain[0].describe()
    (channel,) = proposal.chain
    assert isinstance(channel, WrongBlock)
    assert all(standard in (channel.reason(start, end) or "") for start, end, _, _ in channel.places)
    assert list(propose(text)) == []


LEFT = [
    "⼀⼁⼂⼃⼄⼅⼆⼇⼈",
    "⼀ 部 ⼁ 部 ⼂ 部",
    "⽔\t水\tshuǐ",
    "部首⽔在左边时写作三点水",
    "U+2F00 ⼀ 与汉字一同形",
    "康熙字典的⼈部和⼝部",
    "水（⽔）与火（⽕）不相容",
    "豈更車賈滑串句",
    "\ue815\ue816\ue817\ue818",
    "点击 \uf013 设置按钮",
    "第二条 北京市人民代表大会常务委员会\ue004",
    "他叫李镕\ue004，今年五岁",
    "می\u200cخواهم به خانه بروم",
    "क्\u200dष हिन्दी",
    "👨\u200d👩\u200d👧\u200d👦全家出游",
    "שלום\u200f עולם，中\u200f文",
    "\ufeff开头的标记",
    "神社の\ufa19主は福\ufa1bさん",
    "\uf90a대학교 \uf9b4시",
    "葛\U000e0100城市と葛飾区",
    "Ã\u0092 Ö\u0094ÃÄ",
    "半个\ud842字",
    "\ue713 设置 \ue71e 缩放",
]


@pytest.mark.parametrize("text", LEFT)
def test_left_where_it_is_meant(text: str) -> None:
    assert list(propose(text)) == []


def test_radicals_all_mean_one_ideograph_or_two() -> None:
    radicals = [character for character in meanings() if "\u2e80" <= character <= "\u2fd5"]
    assert len(radicals) == 114 + 214
    assert all(1 <= len(meanings()[character]) <= 2 for character in radicals)


def test_private_use_of_gbk_is_what_python_reads_there() -> None:
    """The rows that Python's codec, an edition of 2000 with one change of 2005, knows by itself."""
    for character, possible in meanings().items():
        if "\ue815" <= character <= "\ue864" and "2000" in possible[0].standard:
            trail = ord(character) - 0xE815 + 0x50
            code = bytes([0xFE, trail + (trail >= 0x7F)])
            assert code.decode("gb18030") == possible[0].text


def test_hkscs_has_its_characters() -> None:
    assert len(hong_kong()) == 4900
    assert sum("2008" in meaning.standard for possible in meanings().values() for meaning in possible) == 68


PIECES = st.sampled_from(["人民", "⼈⺠", "政府", "\u200b", "，", "\ue863", "a ", "\u0093", "\n", "\uf9f7", "⽔"])


@given(seen=st.lists(PIECES, max_size=12).map("".join))
@settings(max_examples=200, deadline=None)
def test_whatever_is_proposed_replays_and_is_stored(seen: str) -> None:
    for proposal in propose(seen):
        assert damage(proposal.chain, proposal.candidate.text) == seen
        assert chain_from_json(chain_to_json(proposal.chain)) == proposal.chain


REASONS = [
    (
        "会议强调要坚持⼈⺠⾄上",
        {"Kangxi radicals: Unicode, NFKC", "CJK radicals supplement: Unicode, Equivalent_Unified_Ideograph"},
    ),
    ("⼾籍制度改革和流域治理", {"Kangxi radicals: the form that simplified print draws"}),
    ("县\uf9f7第一中学今年招收新生", {"compatibility ideographs: Unicode, canonical decomposition"}),
    ("南汉高祖刘\ue863的名字", {"private use: GB 18030-2000"}),
    ("他的名字里有一个\ue854字很少见", {"private use: GB 18030-2022"}),
    ("呢度\uecd7個人\uecd8邊度，佢哋知道\uecd9未", {"private use: HKSCS-2001"}),
    ("第\u200b一百条规定", {"invisible characters inside Chinese text"}),
    ("鍏ㄩ潰钀藉疄闃叉睕璐ｄ换", {"read back"}),
]


@pytest.mark.parametrize(("seen", "reasons"), REASONS)
def test_edits_name_the_standard(seen: str, reasons: set[str]) -> None:
    told = {reason for edit in repair_text(seen).edits for reason in edit.reason.split("; ")}
    assert told == reasons
