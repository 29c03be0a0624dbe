"""Lines of mirrored pages that other damage befell: they are searched by themselves, and all of it replays."""

import pytest

from repair import repair_text, replay
from repair.channel import damage
from repair.found import Found
from repair.mirror import Mirror
from repair.mirror.rest import explains, joined, odd_lines
from repair.policy import Policy
from repair.search import search

PAGE = """县委召开会议,总结当前工作,要求各单位进一步认清形势。
会议指出,我县车辆管理严格,请各级领导重视,执行日报告制度,管严重点场所,保障人民群众生命安全。
县长强调,要发现问题,及时解决问题。县里还将组织专业人员开展检查。县领导参加会议。
"""
TRADITIONAL = "會議總結當單進認勢縣車嚴請級領導執報點場長發現問題時還將組織專業員開檢"
SIMPLIFIED = "会议总结当单进认势县车严请级领导执报点场长发现问题时还将组织专业员开检"
NOTES = (("會", "huì"), ("報", "bào"), ("嚴", "yán"), ("請", "qǐng"), ("車", "chē"), ("開", "kāi"), ("問", "wèn"))
SITE = Mirror(SIMPLIFIED, TRADITIONAL, NOTES)
OTHERS = [
    ("改革和建设的决定", "鏀归潻鍜屽缓璁剧殑鍐冲畾"),
    ("关于做好春季森林防火工作的通知", "关于做好春季森林防火工作的通知".encode().decode("latin-1")),
    ("数据安全管理办法", "&#25968;&#25454;&#23433;&#20840;&#31649;&#29702;&#21150;&#27861;"),
]


@pytest.mark.parametrize(("text", "found"), OTHERS)
@pytest.mark.parametrize("policy", [Policy(), Policy(programs=(SITE,))], ids=["alone", "known"])
def test_a_line_that_other_damage_befell_comes_back_beside_the_notes(text: str, found: str, policy: Policy) -> None:
    seen = f"{SITE.damage(PAGE)}{found}\n{SITE.damage(PAGE)}"
    repair = repair_text(seen, policy)
    assert repair.text == f"{PAGE}{text}\n{PAGE}"
    assert replay(repair) == seen
    assert all(repair.text[edit.start : edit.end] == edit.text for edit in repair.edits)
    assert any(edit.text and edit.text in text for edit in repair.edits)


@pytest.mark.parametrize(("text", "found"), OTHERS)
def test_what_is_found_of_lines_lines_up_in_the_page(text: str, found: str) -> None:
    page = f"{PAGE}{found}\n{PAGE}{found}"
    lines = [((start, end), search(Found(found), found, Policy())) for start, end in odd_lines(page)]
    assert [page[start:end] for (start, end), _ in lines] == [found, found]
    whole = joined(page, lines)
    assert whole.text == f"{PAGE}{text}\n{PAGE}{text}"
    assert damage(whole.chain, whole.text) == page
    assert (whole.cuts[0], whole.cuts[-1]) == ((0, 0), (len(whole.text), len(page)))
    assert sorted(whole.cuts) == list(whole.cuts)
    assert (len(PAGE), len(PAGE)) in whole.cuts


def test_other_damage_is_no_mirror_and_pages_that_are_odd_throughout_are_searched_as_one() -> None:
    assert explains(search(Found(SITE.damage(PAGE)), SITE.damage(PAGE), Policy()).chain)
    assert not explains(search(Found(OTHERS[0][1]), OTHERS[0][1], Policy()).chain)
    assert not explains(())
    assert not odd_lines("\n".join(found for _, found in OTHERS))
