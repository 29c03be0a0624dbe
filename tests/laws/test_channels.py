"""The laws of channels, over every channel of the catalogue."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repair.altered import Altered
from repair.catalogue import Local, catalogue
from repair.channel import Pieces, UndamageableError, align, damage, join_pieces
from repair.decoders import several_codes
from repair.escapes.references import Reference
from repair.filled import Filled
from repair.lossy import Lossy
from repair.misreading import Misreading
from repair.stored import chain_from_json, chain_to_json
from repair.written import decode

CHANNELS = [channel for channel, _ in catalogue()]
HANZI = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
CHARACTERS = st.one_of(HANZI, st.characters(max_codepoint=0x7E, min_codepoint=0x20), st.sampled_from("，。：“”《》\n"))
TEXTS = st.text(CHARACTERS, min_size=1, max_size=40)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("channel", CHANNELS, ids=repr)
@given(text=TEXTS)
@quick
def test_lossless_damage_is_undone_and_replays(channel: Local, text: str) -> None:
    try:
        seen = channel.damage(text)
    except UndamageableError:
        return
    candidates = [candidate.text for candidate in channel.undo(seen)]
    assert all(channel.damage(candidate) == seen for candidate in candidates)
    # A codec with two codes for a character may read back the other one; a text that it maps to itself is no damage.
    if _one_to_one(channel, text, seen) and seen != text:
        assert text in candidates


def _one_to_one(channel: Local, text: str, seen: str) -> bool:
    if isinstance(channel, Lossy | Altered):  # what several texts turn into, one of them answers for
        return False
    if not isinstance(channel, Misreading):
        return True
    if not several_codes(channel.wrong).keys().isdisjoint(seen):  # which of the codes it was, only a search tells
        return False
    try:
        return seen.encode(channel.wrong) == text.encode(channel.original)
    except UnicodeError:
        return False


@pytest.mark.parametrize("channel", CHANNELS, ids=repr)
@given(seen=ANYTHING)
@quick
def test_candidates_of_anything_replay(channel: Local, seen: str) -> None:
    assert all(channel.damage(candidate.text) == seen for candidate in channel.undo(seen))


@pytest.mark.parametrize("channel", CHANNELS, ids=repr)
@given(text=TEXTS)
@quick
def test_cuts_rise_and_span_both(channel: Local, text: str) -> None:
    try:
        seen = channel.damage(text)
    except UndamageableError:
        return
    cuts = channel.align(text, seen)
    assert cuts[0] == (0, 0)
    assert cuts[-1] == (len(text), len(seen))
    assert list(cuts) == sorted(set(cuts))


@pytest.mark.parametrize("channel", CHANNELS, ids=repr)
def test_channels_are_stored_and_read_back(channel: Local) -> None:
    chain = (channel, Pieces(((0, 2, (channel,)),)), Filled(((0, 1, "？"),)))
    assert chain_from_json(chain_to_json(chain)) == chain


@given(text=ANYTHING)
@quick
def test_the_empty_chain_changes_nothing(text: str) -> None:
    assert damage((), text) == text
    assert align((), text)[-1] == (len(text), len(text))


@given(text=st.text(HANZI, min_size=1))
@quick
def test_composition_is_associative(text: str) -> None:
    a, b, c = Misreading("utf-8", "latin-1"), Reference("decimal"), Misreading("utf-8", "cp437")
    assert damage((a, b, c), text) == damage((b, c), damage((a,), text)) == damage((c,), damage((a, b), text))


@given(left=TEXTS, middle=st.text(HANZI, min_size=1), right=TEXTS)
@quick
def test_pieces_damage_only_their_places(left: str, middle: str, right: str) -> None:
    chain = (Misreading("utf-8", "latin-1"),)
    text, pieces = join_pieces([(left, ()), (middle, chain), (right, ())])
    seen = damage(pieces, text)
    assert seen == left + damage(chain, middle) + right
    assert align(pieces, text)[-1] == (len(text), len(seen))


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "big5", "big5hkscs", "utf-16", "utf-16-le", "shift_jis", "hz", "cp1252"]


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("hz", b"~{"),
        ("hz", b"~{~}"),
        ("utf-7", b"+"),
        ("iso2022_jp", b"\x1b$B"),
        ("iso2022_kr", b"\x1b$)C"),
        ("iso2022_kr", b"ab\x1b$B\x1b(B"),
    ],
)
def test_shifts_that_show_no_text_are_kept(encoding: str, data: bytes) -> None:
    text, written = decode(data, encoding)
    assert written.encode(text) == data


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(data=st.one_of(st.binary(max_size=60), TEXTS.map(lambda text: text.encode("gb18030")), ANYTHING.map(str.encode)))
@quick
def test_decoding_keeps_every_byte(encoding: str, data: bytes) -> None:
    text, written = decode(data, encoding)
    assert written.encode(text) == data
    text.encode()  # no lone surrogates: Parquet could not hold them
