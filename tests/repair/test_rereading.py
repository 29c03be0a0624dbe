"""The compiled contest of misreadings says what the codecs and the model say, and dismisses no damage."""

from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.channel import UndamageableError
from repair.language import load
from repair.lossy import Lossy
from repair.misreading import Misreading
from repair.outright import thresholds
from repair.places import LINE_BITS
from repair.policy import Policy
from repair.rereading.prospects import (
    lossy,
    points_of,
    readings_of,
    strict,
    verdicts_of,
    worth_dividing,
    worth_rereading,
)
from repair.soundness import DEARNESS, reads_well

LINES = [
    "县委召开第十九次防汛抗旱工作会议，总结分析当前全县雨情汛情。",
    "关于做好2021年春季森林防火工作的通知（试行）",
    "全面落实责任，确保人民群众生命财产安全。",
    "會議總結了當前全縣防汛工作，並安排部署下一階段的任務。",
    "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。",
]
CLEAN = "会议强调，要坚持安全第一。"
texts = st.text(st.sampled_from("".join(LINES) + "“”—…0123456789 abcXYZ"), min_size=1, max_size=30)


def spans(text: str) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    return np.array([[0, len(text)]])


def seen_of(text: str, channel: Misreading | Lossy) -> str | None:
    try:
        return channel.damage(text)
    except UndamageableError:
        return None


@settings(deadline=None, max_examples=150)
@given(texts, st.integers(0, len(strict().entries) - 1))
def test_a_reading_costs_what_the_model_says_of_the_codecs_text(text: str, number: int) -> None:
    channel, _ = strict().entries[number]
    seen = seen_of(text, channel)
    if not isinstance(channel, Misreading) or not seen:
        return
    if channel.original == "euc_jp" and b"\x8f" in text.encode("euc_jp"):
        return  # the three bytes of JIS X 0212 are not read
    readings = readings_of(points_of(seen), spans(seen), DEARNESS)
    read = channel.reread(seen)
    model = load()
    gain = model.log_probability(read) - model.log_probability(seen) if read else 0.0
    if gain > 0 and read:
        assert readings.gains[0, number] == pytest.approx(gain, abs=1e-3)
        assert readings.sound[0, number] == reads_well(read, model)
    else:
        assert readings.gains[0, number] <= 0


@settings(deadline=None, max_examples=150)
@given(texts, st.integers(0, len(strict().entries) - 1))
def test_a_verdict_is_the_likeliest_of_all_readings(text: str, number: int) -> None:
    seen = seen_of(text, strict().entries[number][0])
    if not seen:
        return
    policy = Policy()
    readings = readings_of(points_of(seen), spans(seen), DEARNESS)
    verdict = verdicts_of(points_of(seen), spans(seen), DEARNESS, thresholds(policy))[0]
    evidence = readings.gains[0] + strict().known.channels["prior"]
    best = int(evidence.argmax())
    if verdict["channel"] >= 0:
        assert verdict["channel"] == best
        assert readings.sound[0, best]
        assert policy.min_evidence <= verdict["evidence"] <= evidence[best] + 1e-3
    elif readings.sound[0, best] and evidence[best] >= policy.min_evidence and readings.gains[0, best] > LINE_BITS:
        rivals = evidence[readings.texts[0] != readings.texts[0, best]]
        assert rivals.max(initial=-np.inf) > evidence[best] - thresholds(policy).margin


def damaged() -> Iterator[tuple[int, str, str]]:
    """Yield lines that lost bytes, with the number of their channel."""
    for number, (channel, _) in zip((number for (number,) in lossy().numbers), lossy().entries, strict=True):
        for line in LINES:
            with suppress(UndamageableError):
                seen = channel.damage(line)
                if channel.leaves_a_sign(seen) and 3 * seen.count("�") < len(seen):
                    yield number, channel.describe(), seen


@pytest.mark.parametrize(("number", "words", "seen"), list(damaged()))
def test_the_misreading_that_lost_bytes_is_worth_trying(number: int, words: str, seen: str) -> None:
    assert words
    worth = worth_rereading(seen, [(0, len(seen))], DEARNESS, np.inf)
    entries = dict(zip((number for (number,) in lossy().numbers), lossy().entries, strict=True))
    told = [entries[other][0] for other in worth if other in entries]
    channel = entries[number][0]
    assert channel in told or any((one.original, one.habit) == (channel.original, channel.habit) for one in told)  # type: ignore[union-attr]


def stretches() -> Iterator[tuple[int, str]]:
    """Yield clean lines with a misread stretch, and the number of its channel in the catalogue."""
    for (channel, _), (number,) in zip(strict().entries, strict().numbers, strict=True):
        for line in LINES:
            seen = seen_of(line[: 2 * (len(line) // 2)], channel)
            if seen:
                yield number, f"{CLEAN}{seen}{CLEAN}"


@pytest.mark.parametrize(("number", "text"), list(stretches()))
def test_a_misread_stretch_of_a_clean_line_is_worth_trying(number: int, text: str) -> None:
    assert number in worth_dividing(text, [(0, len(text))])


def test_clean_lines_are_worth_nothing() -> None:
    text = "\n".join(LINES)
    lines = [(text.index(line), text.index(line) + len(line)) for line in LINES]
    assert not worth_rereading(text, lines, DEARNESS, LINE_BITS)
    assert not worth_dividing(text, lines)
