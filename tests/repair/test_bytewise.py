"""Damage to the bytes of a text that was read rightly afterwards."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.bytewise import Cased, Chunked, Missing, Slashed, channel_classes, propose
from repair.catalogue import channel_classes as stored_classes
from repair.channel import Channel, Proposal, UndamageableError, align, damage
from repair.stored import chain_from_json, chain_to_json

NEWS = "县委召开第十九次防汛抗旱工作会议，总结分析当前全县雨情汛情，安排部署下一阶段防汛工作。"
REPORT = "从根本上说，要保持经济的长期稳定发展，必须坚定不移地全面推进经济体制改革"
TRADITIONAL = "我們的成功之路，許多人的功勞都不可忘記，全體會議通過了關於經濟工作的報告。"


def proposed(seen: str) -> list[Proposal]:
    """Return the proposals, each of them checked to replay, to line up and to be stored."""
    proposals = list(propose(seen))
    for proposal in proposals:
        text = proposal.candidate.text
        assert proposal.settled
        assert damage(proposal.chain, text) == seen
        assert proposal.candidate.cuts[0] == (0, 0)
        assert proposal.candidate.cuts[-1] == (len(text), len(seen))
        assert chain_from_json(chain_to_json(proposal.chain)) == proposal.chain
        for loss in proposal.candidate.losses:
            assert text[loss.start : loss.end] == loss.alternatives[0][0]
            assert sum(probability for _, probability in loss.alternatives) <= 1.001
    return proposals


def texts(seen: str) -> list[str]:
    return [proposal.candidate.text for proposal in proposed(seen)]


@pytest.mark.parametrize("at", [44, 46, 49, 51, 54])
def test_a_byte_missing_misaligns_what_follows(at: int) -> None:
    data = f"{REPORT}，谢谢大家。".encode("gbk")
    seen = (data[:at] + data[at + 1 :]).decode("gbk", "replace")
    (proposal,) = proposed(seen)
    right = sum(a == b for a, b in zip(proposal.candidate.text, f"{REPORT}，谢谢大家。", strict=True))
    assert right >= len(REPORT) + 4  # all but what lost its bytes
    assert proposal.candidate.losses


def test_backslashes_taken_from_big5_are_put_back() -> None:
    data = TRADITIONAL.encode("big5")
    assert b"\\" in data
    assert TRADITIONAL in texts(data.replace(b"\\", b"").decode("big5"))


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ("成功\\之路，許\\多人的功\\勞", "成功之路，許多人的功勞"),
        ('他說\\"成功\\的人\\"都在這裡', '他說"成功的人"都在這裡'),
    ],
)
def test_backslashes_too_many_are_taken_out(seen: str, text: str) -> None:
    assert text in texts(seen)


def test_backslashes_before_quotes_alone_are_how_strings_are_written() -> None:
    assert texts('他说\\"今天的会议很重要\\"，大家都同意') == []


@pytest.mark.parametrize(
    ("original", "text", "case"),
    [
        ("gbk", NEWS, "lower"),
        ("gbk", NEWS, "upper"),
        ("gbk", REPORT, "lower"),
        ("gbk", REPORT, "upper"),
        ("big5", TRADITIONAL, "lower"),
        ("big5", TRADITIONAL, "upper"),
        ("utf-8", NEWS, "upper"),  # the lead bytes of hanzi are lower case in Latin-1 already
    ],
)
def test_letters_turned_to_one_case_after_a_misreading(original: str, text: str, case: str) -> None:
    channel = Cased(original, "latin-1", "lower" if case == "lower" else "upper")
    found = texts(channel.damage(text))
    assert found
    assert sum(a == b for a, b in zip(found[0], text, strict=True)) >= 0.95 * len(text)


def test_bytes_of_big5_turned_to_lower_case() -> None:
    seen = Cased("big5", "big5", "lower").damage(TRADITIONAL)
    assert seen != TRADITIONAL
    assert texts(seen)[0] == TRADITIONAL


def test_characters_cut_where_chunks_end() -> None:
    text = "\n".join(f"{number}、{line}" for number, line in enumerate([NEWS, REPORT] * 12))
    data = text.encode()
    seen = "".join(data[at : at + 256].decode("utf-8", "replace") for at in range(0, len(data), 256))
    assert seen.count("\ufffd") > 6
    (proposal,) = proposed(seen)
    assert len(proposal.candidate.text) == len(text)
    sure = [loss for loss in proposal.candidate.losses if loss.alternatives[0][1] >= 0.95]
    assert all(text[loss.start] == loss.alternatives[0][0] for loss in sure)
    assert sure


LEFT = [
    NEWS,
    REPORT,
    TRADITIONAL,
    "王喆、李翀、张彧、犇犇、龑、魑魅魍魉、饕餮、耄耋、龃龉",
    "唵嘛呢叭咪吽，南无阿弥陀佛，揭谛揭谛，波罗揭谛，波罗僧揭谛，菩提萨婆诃",
    "學而時習之，不亦說乎？有朋自遠方來，不亦樂乎？",
    "＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝＝",
    "東京都は本日、新型コロナウイルスの感染者を確認したと発表した。",
    "대한민국의 수도는 서울이다. 국민의 권리와 의무를 규정한다.",
    "les élèves français mangent des crêpes à noël; ärger über öl, übung, straße.",
    "ÀÈÌÒÙ ÁÉÍÓÚ ÂÊÎÔÛ ÃÑÕ ÄËÏÖÜ",
    "häääyöaie, määrä, pääasia, öööäää",
    "öð¹ú",
    'if (a == \\"数据库建设\\") { return 0; }',
    "路径是 C:\\功\\許，请打开这个目录",
    "正则 \\d+\\w 与 \\\\server\\share 共享目录的说明",
    "LaTeX 里写作 \\frac 或 \\alpha 的符号有很多",
    "数\ufffd\ufffd据库建设的有关要求",
    "烫烫烫烫烫烫烫烫",
    "",
]


@pytest.mark.parametrize("text", LEFT)
def test_clean_text_and_what_cannot_be_known_is_left(text: str) -> None:
    assert texts(text) == []


TEXTS = st.text(st.sampled_from("数据库成功許蓋建设，。 a\\\"'Z1"), min_size=1, max_size=30)


@given(text=TEXTS, encoding=st.sampled_from(["gbk", "big5"]))
@settings(max_examples=150, deadline=None)
def test_slashed_is_undone_and_lines_up(text: str, encoding: str) -> None:
    channel = Slashed(encoding)
    try:
        seen = channel.damage(text)
    except UndamageableError:
        return
    assert seen == text or [candidate.text for candidate in channel.undo(seen)] == [text]
    assert align((channel,), text)[-1] == (len(text), len(seen))


@given(seen=TEXTS)
@settings(max_examples=150, deadline=None)
def test_candidates_of_anything_replay(seen: str) -> None:
    for encoding in ("gbk", "big5"):
        assert all(Slashed(encoding).damage(candidate.text) == seen for candidate in Slashed(encoding).undo(seen))
    proposed(seen)


@pytest.mark.parametrize("cls", channel_classes, ids=lambda cls: cls.kind)
def test_every_class_is_stored(cls: type[Channel]) -> None:
    assert cls in stored_classes()


def test_damage_that_a_text_cannot_have_met() -> None:
    with pytest.raises(UndamageableError):
        Missing("gbk", (9,)).damage("数据")
    with pytest.raises(UndamageableError):
        Cased("big5", "latin-1", "lower").damage("数据")
    assert Chunked("utf-8", (1,)).damage("数据") == "\ufffd\ufffd\ufffd据"
