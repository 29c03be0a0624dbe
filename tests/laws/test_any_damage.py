"""Whatever damage lies on whatever other: it is mended or left, every repair replays, and nothing is raised."""

from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from repair import repair_text, replay
from repair.catalogue import catalogue
from repair.channel import Channel, UndamageableError
from repair.decoders import habits
from repair.lossy import Lossy

_SAYINGS = "汛期值班\n通知：各乡镇24小时值班 ok，请转移。资料来源（统计局）“增长”约三成"
_CHANNELS: list[Channel] = [channel for channel, _ in catalogue()]
_LOSSY: list[Channel] = [
    Lossy(original, wrong, habit)
    for original in ("utf-8", "gb18030", "big5")
    for wrong in ("gbk", "gb18030", "big5", "cp949", "cp932")
    for habit in habits()
    if original != wrong
]
_LONGEST = 300


@settings(deadline=None, max_examples=150)
@given(
    st.text(st.sampled_from(_SAYINGS), min_size=2, max_size=16),
    st.lists(st.sampled_from(_CHANNELS) | st.sampled_from(_LOSSY), min_size=1, max_size=4),
)
def test_every_answer_replays(text: str, channels: list[Channel]) -> None:
    seen = reduce(_damaged, channels, text)
    assert replay(repair_text(seen)) == seen


def _damaged(text: str, channel: Channel) -> str:
    """Damage a text where the channel can, and where it stays short."""
    try:
        seen = channel.damage(text)
    except UndamageableError:
        return text
    return seen if len(seen) <= _LONGEST else text
