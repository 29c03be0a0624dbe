"""Mirror sites: pages of hidden programs come back, honest notes stay, and the page that the project began with."""

import re
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.fields import extract
from repair import Grade, repair_bytes, repair_text, replay
from repair.channel import damage
from repair.mirror import Mirror, Strewn, infer, infer_site
from repair.policy import Policy
from repair.stored import chain_from_json, chain_to_json

PAGE = """县委召开会议,总结当前工作,要求各单位进一步认清形势。
会议指出,我县车辆管理严格,请各级领导重视,执行日报告制度,管严重点场所,保障人民群众生命安全。
县长强调,要发现问题,及时解决问题。县里还将组织专业人员开展检查。县领导参加会议。
"""
TRADITIONAL = "會議總結當單進認勢縣車嚴請級領導執報點場長發現問題時還將組織專業員開檢"
SIMPLIFIED = "会议总结当单进认势县车严请级领导执报点场长发现问题时还将组织专业员开检"
SITES = [
    (("會", "huì"), ("報", "bào"), ("嚴", "yán"), ("請", "qǐng"), ("車", "chē"), ("開", "kāi"), ("問", "wèn")),
    (("問", "wèn"), ("長", "zhǎng"), ("發", "fā"), ("現", "xiàn"), ("進", "jìn"), ("領", "lǐng")),
    (("總", "zǒng"), ("結", "jié"), ("會", "huì"), ("級", "jí"), ("開", "kāi"), ("員", "yuán")),
]


@pytest.mark.parametrize("notes", SITES)
def test_the_page_of_a_hidden_program_comes_back(notes: tuple[tuple[str, str], ...]) -> None:
    seen = Mirror(SIMPLIFIED, TRADITIONAL, notes).damage(PAGE)
    assert seen != PAGE
    repair = repair_text(seen)
    assert replay(repair) == seen
    assert repair.text == PAGE


def test_a_replacement_may_straddle_characters() -> None:
    assert Mirror("报", "報", (("報", "bào"), ("請", "qǐng"))).damage("日报告") == "日?qǐng)?bào)告"
    assert Mirror("县", "縣", ()).damage("。县委") == "??h委"


RUNNING_ON = [
    ("情况。总结过去", "情況?？偨Y(jié)過去"),
    ("发展本科和专科建设", "發展本科和?？平ㄔO(shè)"),
    ("学校“大班额”问题", "學(xué)?！按蟀囝~”問(wèn)題"),
    ("解决。《决定》指出", "解決?！稕Q定》指出"),
    ("学生。现在", "學(xué)生?，F(xiàn)在"),
    ("我们日常玩的密室逃生一样。我们", "我們?nèi)粘Ｍ娴拿苁姨由\ue321粯印Ｎ覀"),
]
"""Shifted runs as real sites show them, in whole sentences, by a site that folds nothing."""
RUNNING = Mirror(
    SIMPLIFIED + "绍学设况过该专绩额决关丰们内样",
    TRADITIONAL + "紹學設況過該專績額決關豐們內樣",
    (("內", "nèi"), ("設", "shè"), ("學", "xué"), ("結", "jié"), ("現", "xiàn"), ("會", "huì"), ("問", "wèn")),
    cut="？！，",
    folds=False,
    undefined="private",
)
RUNNING_TEXT = (
    "会上介绍了学校建设情况。总结过去，发展本科和专科建设学校，学校“大班额”问题已经解决。《决定》指出，要关心学生。"
    "现在的学校，内容丰富，和我们日常玩的密室逃生一样。我们要坚持。\n"
)


def test_runs_that_are_shifted_come_back_to_the_character() -> None:
    text = RUNNING_TEXT + PAGE
    seen = RUNNING.damage(text)
    for truth, shown in RUNNING_ON:
        assert truth in text
        assert shown in seen
    repair = repair_text(seen)
    assert replay(repair) == seen
    assert repair.text == text


@pytest.mark.parametrize("undefined", ["mark", "marks", "drop", "private"])
@pytest.mark.parametrize("mark", ["?", "\ufffd"])
def test_whatever_a_decoder_does_with_bad_bytes_runs_come_back(undefined: str, mark: str) -> None:
    site = replace(RUNNING, undefined=undefined, mark=mark, eats=mark == "?")
    text = RUNNING_TEXT + PAGE.replace(",", "，")
    seen = site.damage(text)
    assert next(site.undo(seen)).text == text
    if undefined != "marks":  # a page with one such place reads as well without it
        repair = repair_text(seen)
        assert replay(repair) == seen
        assert repair.text == text


@pytest.mark.parametrize("notes", SITES)
def test_signs_that_were_cut_out_tell_where_bad_bytes_left_no_sign(notes: tuple[tuple[str, str], ...]) -> None:
    seen = Mirror(SIMPLIFIED, TRADITIONAL, notes, cut="？", mark="").damage(PAGE)
    assert "檢查?h領" in seen
    repair = repair_text(seen)
    assert replay(repair) == seen
    assert repair.text == PAGE


@pytest.mark.parametrize("undefined", ["mark", "drop", "private"])
def test_a_known_program_is_undone_where_bad_bytes_left_no_sign(undefined: str) -> None:
    site = replace(RUNNING, undefined=undefined, mark="")
    text = PAGE.replace(",", "，")
    assert next(site.undo(site.damage(text))).text == text


def test_what_the_site_left_alone_comes_back_as_it_was() -> None:
    site = Mirror(SIMPLIFIED + "发着", TRADITIONAL + "發著", SITES[0])
    text = PAGE + "关于张於生着手编写县志,成效显著,里程三千。王后、太后陵前,徐乾学发问:后来如何?\n"
    seen = site.damage(text)
    assert "著手编写縣志,成效显著" in seen
    repair = repair_text(seen)
    assert replay(repair) == seen
    assert repair.text == text


STREWN = (
    "县{(xian)(xian)}委书记、县{(xian)}新冠肺炎疫情防控指挥{(hui)(hui)(hui)}部第一指挥长强{(qiang)(qiang)}调，"
    "全县各级要认清形势，坚决克{\u200b}服麻痹思想的{(de)(de)(de)}心态和疲{😀}劳厌战情绪，全力守{<huij>}护人民群众生命安全。"
)


def strewn_page(*, traditional: bool) -> tuple[str, str]:
    """Return a page and what a site made of it, the marked strings strewn in."""
    parts = re.split(r"[{}]", STREWN)
    places = accumulate(len(part) for part in parts[::2])
    strewn = Strewn(tuple(zip(places, parts[1::2], strict=False)))
    script = Mirror(
        "县书记冲挥长强调级认势坚决态劳厌战绪护众", "縣書記沖揮長強調級認勢堅決態勞厭戰緒護衆", (), cut="", folds=False
    )
    text = "".join(parts[::2])
    return text, damage((script, strewn) if traditional else (strewn,), text)


@pytest.mark.parametrize("traditional", [True, False])
def test_what_was_strewn_over_a_page_is_taken_out(traditional: bool) -> None:  # noqa: FBT001 - a parameter of the test
    text, seen = strewn_page(traditional=traditional)
    repair = repair_text(seen)
    assert replay(repair) == seen
    assert repair.text == text
    assert repair.grade is Grade.EXACT


SHORT = [("县长强调防控", "縣(xian)長強調防(fang)(fang)控"), ("各级形势与职务", "各級(ji)形勢與職務(wu)")]


@pytest.mark.parametrize(("text", "seen"), SHORT)
def test_a_short_page_comes_back_where_its_site_strews_notes(text: str, seen: str) -> None:
    _, long = strewn_page(traditional=True)
    assert repair_text(seen).text == seen
    site = infer_site([long, *(page for _, page in SHORT)])
    assert site is not None
    repair = repair_text(seen, Policy(programs=(site,)))
    assert replay(repair) == seen
    assert repair.text == text


@pytest.mark.parametrize(
    "text", ["他(he)姓王(wang)。", "出席的有王(小明)、李(xiao)。", "床(chuáng)前(qián)明月光,銀行(bank)。"]
)
def test_honest_pages_stay_where_a_site_strews_notes(text: str) -> None:
    _, long = strewn_page(traditional=True)
    site = infer_site([long, *(page for _, page in SHORT)])
    assert site is not None
    assert repair_text(text, Policy(programs=(site,))).text == text
    assert infer_site([text] * 20) is None


@given(
    st.text("县委书记，a(", min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["(xian)", "(de)(de)", "\u200b", "😀"])), max_size=5),
)
def test_strewn_strings_are_taken_out_of_any_text(text: str, pieces: list[tuple[int, str]]) -> None:
    strewn = Strewn(tuple(sorted((min(at, len(text)), piece) for at, piece in pieces)))
    seen = strewn.damage(text)
    (candidate,) = strewn.undo(seen)
    assert candidate.text == text
    assert chain_from_json(chain_to_json((strewn,))) == (strewn,)
    starts = [at for at, _ in candidate.cuts]
    assert starts == sorted(set(starts))
    assert candidate.cuts[-1] == (len(text), len(seen))


EMOJI = [
    ("各级领😂导要认清形势🔥,防控新冠肺💯炎疫情。", "各级领导要认清形势,防控新冠肺炎疫情。"),
    ("大家很高兴😀。今天天气好🎉!明天见😂。", "大家很高兴😀。今天天气好🎉!明天见😂。"),
]


@pytest.mark.parametrize(("seen", "text"), EMOJI)
def test_emoji_before_signs_are_strewn_where_others_stand_inside_words(seen: str, text: str) -> None:
    _, long = strewn_page(traditional=False)
    assert repair_text(long + seen).text.endswith(text)


def test_tags_of_html_and_emoji_between_words_stay() -> None:
    _, seen = strewn_page(traditional=True)
    more = "今天<strong>很高</strong>兴！😀大家好。"
    assert repair_text(seen + more).text.endswith(more)


HONEST = [
    "妈(mā)、麻(má)、马(mǎ)、骂(mà)四个字声调不同,请跟老师读:妈(mā)麻(má)马(mǎ)骂(mà)。",
    "床(chuáng)前(qián)明(míng)月(yuè)光(guāng),疑(yí)是(shì)地(dì)上(shàng)霜(shuāng)。",
    "龑(yǎn)是南汉皇帝刘龑为自己造的字。南汉(917年—971年)定都番(pān)禺(yú)。",
    "選項：(a) 是；(b) 否；(c) 不知道。長度(cm)、重量(kg)、體積(ml)、時間(h)、速度(km)。",
    "床(chuang)(chuang)前明月光,疑是(shi)地上(shang)霜。舉頭望(wang)明月,低頭思故鄉。",
    "這位哈(hā)(hā)先生住在香港(gang)九龍(long)尖沙咀(ju),電話(hua)號碼(ma)如下。",
    "漢字的讀音:會(huì)議、會(kuài)計;長(cháng)短、長(zhǎng)輩;銀行(háng)、行(xíng)走;音樂(yuè)、快樂(lè)。",
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_notes_stay(text: str) -> None:
    assert infer(text) is None
    repair = repair_text(text)
    assert repair.text == text
    assert repair.grade is Grade.CLEAN


SEED = sorted((Path(__file__).parents[3] / "shared" / "seed").glob("*.txt"))


@pytest.mark.skipif(not SEED, reason="the real page is not part of the project")
def test_the_real_page() -> None:
    data = SEED[0].read_bytes()
    repair = repair_bytes(data)
    assert replay(repair) == data
    grades = [(edit.text, str(edit.grade)) for edit in repair.edits if edit.alternatives]
    lost = [("。", "likely"), ("县", "unique")]
    assert grades == [*lost, ("严", "unique"), ("报", "unique"), *lost]
    assert "(" not in repair.text.replace("(村)", "")
    fields = extract(repair.text)
    assert fields.published_at == datetime(2021, 8, 13, 9, 38, 43, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (fields.authors, fields.source) == (("兰亮", "李翔根"), "县融媒体中心")
    assert (fields.visits, fields.named_but_empty) == (None, ("visits",))
    assert fields.body is not None
    assert len(fields.body.splitlines()) == 6
