"""What the search of broken places remembers of the text before costs the same as all of it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.language import load
from repair.language.kernel import cost, push
from repair.mirror.contexts import cost_after, remembered, taken

TEXT = st.text("会议指出,我县车辆管理严格。\n(a)8 縣會?\ufffd", min_size=1, max_size=12)


@settings(deadline=None)  # the first call compiles
@given(st.text("会议指出,我县。縣 ", max_size=4), TEXT)
def test_a_shortened_context_costs_the_same(before: str, text: str) -> None:
    tables = load().tables
    whole = np.uint64(0)
    for character in before:
        whole = np.uint64(push(whole, int(tables.unit_of[ord(character)])))
    short = np.uint64(remembered(tables, whole))
    for character in text:
        unit = int(tables.unit_of[ord(character)])
        expected = cost(tables, whole, unit)
        assert np.isclose(cost_after(tables, short, unit), expected, atol=1e-4)
        bits, after = taken(tables, short, unit)
        short, whole = np.uint64(after), np.uint64(push(whole, unit))
        assert np.isclose(bits, expected, atol=1e-4)
