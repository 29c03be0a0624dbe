"""Whatever comes in: no traceback, and what comes out gives back what came in, to the byte."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repair import repair_bytes, repair_text, replay
from repair.decoders import decode

HANZI = st.text("会议强调安全第一方针防汛抗旱数据统计功許", min_size=1, max_size=6)
MISREAD = (
    HANZI.map(lambda text: decode(text.encode(), "gbk", "replace")),
    HANZI.map(lambda text: decode(text.encode(), "gbk", "question")),
    HANZI.map(lambda text: decode(decode(text.encode(), "gbk", "replace").encode(), "gbk", "replace")),
    HANZI.map(lambda text: text.encode().decode("latin-1")),
    HANZI.map(lambda text: text.encode("gb18030").decode("cp437")),
    HANZI.map(lambda text: text.encode("gb18030").decode("big5", "replace")),
)
SIGNS = st.text("\ufffd?\ud842\udfb7\ue5e5\u2f00\u200b\ufeff\x7f\x85\u20ac\xa0\\\r\t\n(ha)", min_size=1, max_size=6)
ESCAPES = st.sampled_from(
    ["锟斤拷", "烫烫烫", r"\u6570", "%E6%95%B0", "&#25968;", "=E6=95=B0", "~{J}~}", "C:\\功\\", "會(hui)"]
)
TEXTS = st.lists(st.one_of(HANZI, *MISREAD, SIGNS, ESCAPES, st.text(max_size=4)), max_size=7).map("".join)
pytestmark = pytest.mark.slow
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(TEXTS)
@many
def test_every_text_is_given_back(seen: str) -> None:
    assert replay(repair_text(seen)) == seen


@given(st.one_of(st.binary(max_size=60), TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))), st.data())
@many
def test_all_bytes_are_given_back(data: bytes, choice: st.DataObject) -> None:
    gone = choice.draw(st.integers(0, len(data)))
    found = data[:gone] + data[gone + 1 :]
    assert replay(repair_bytes(found)) == found
