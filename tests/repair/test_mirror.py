"""Mirror sites: pages of hidden programs come back, honest notes stay, and the page that the project began with."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.fields import extract
from repair import Grade, repair_bytes, repair_text, replay
from repair.mirror import Mirror, infer

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


HONEST = [
    "妈(mā)、麻(má)、马(mǎ)、骂(mà)四个字声调不同,请跟老师读:妈(mā)麻(má)马(mǎ)骂(mà)。",
    "床(chuáng)前(qián)明(míng)月(yuè)光(guāng),疑(yí)是(shì)地(dì)上(shàng)霜(shuāng)。",
    "龑(yǎn)是南汉皇帝刘龑为自己造的字。南汉(917年—971年)定都番(pān)禺(yú)。",
    "選項：(a) 是；(b) 否；(c) 不知道。長度(cm)、重量(kg)、體積(ml)、時間(h)、速度(km)。",
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
