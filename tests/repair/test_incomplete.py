"""Characters that lost a byte: what is left of them tells what they may have been."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair import Grade, repair_bytes, replay
from repair.broken import Broken, mended
from repair.channel import damage
from repair.incomplete import Incomplete, incomplete_places
from repair.written import decode

NEWS = "会议强调，要坚持安全第一、预防为主的方针，切实做好防汛抗旱各项工作。"
ENCODINGS = ("utf-8", "gb18030", "big5hkscs")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_last_character_of_a_text_cut_at_a_byte_length_comes_back(encoding: str) -> None:
    data = NEWS.encode(encoding)[:-1]
    repair = repair_bytes(data)
    assert (repair.text, repair.grade) == (NEWS, Grade.LIKELY)
    assert repair.edits[-1].alternatives[0][0] == "。"
    assert replay(repair) == data


@pytest.mark.parametrize("gone", [37, 38])
def test_a_byte_lost_in_the_middle_of_utf_8_is_found(gone: int) -> None:
    data = NEWS.encode()
    data = data[:gone] + data[gone + 1 :]
    repair = repair_bytes(data)
    assert repair.text == NEWS
    assert replay(repair) == data


@pytest.mark.parametrize("data", [NEWS.encode()[:-2], NEWS.encode()[:33] + b"\xff\xfe" + NEWS.encode()[33:]])
def test_where_too_much_is_lost_the_place_stays_lost(data: bytes) -> None:
    repair = repair_bytes(data)
    assert repair.grade is Grade.LOST
    assert "\ufffd" in repair.text
    assert replay(repair) == data


@given(st.text("会议强调安全第一方针工作。，", min_size=4, max_size=12), st.sampled_from(ENCODINGS[:2]), st.data())
def test_every_place_replays(text: str, encoding: str, data: st.DataObject) -> None:
    written = text.encode(encoding)
    gone = data.draw(st.integers(0, len(written) - 1))
    seen, how = decode(written[:gone] + written[gone + 1 :], encoding)
    for place in incomplete_places(seen, how):
        assert isinstance(place, Broken)
        assert place.channel.damage(place.text) == seen[place.start : place.end]
        whole = mended(seen, [place])
        assert whole is not None
        assert damage(whole[1], whole[0].text) == seen


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_channel_needs_the_byte_that_it_takes(encoding: str) -> None:
    character = "中"
    for at in range(len(character.encode(encoding))):
        assert Incomplete(encoding, at).damage(character) != character
    with pytest.raises(ValueError, match="shorter"):
        Incomplete(encoding, 9).damage(character)
