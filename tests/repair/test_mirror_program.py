"""What a site's program makes of a page, beside the same done rule by rule with Python's own codec."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.channel import UndamageableError
from repair.mirror import Mirror
from repair.mirror.tables import private_characters

BYTES = (0x81, 0x95, 0xA3, 0xA6, 0xFE)
PAIRS = [bytes((lead, trail)).decode("gbk", "ignore") for lead in BYTES for trail in (0x48, 0x80, *BYTES)]
HANZI = sorted({pair for pair in PAIRS if len(pair) == 1 and not pair.isascii()})
"""Characters whose bytes make each other's when they are shifted."""
TEXTS = st.text([*HANZI, *HANZI, *"a(?\n！？é😀\ue000"], max_size=30)
PROGRAMS = st.builds(
    Mirror,
    st.just("".join(HANZI[:3])),
    st.permutations(HANZI).map(lambda every: "".join(every[:3])),
    st.dictionaries(st.sampled_from(HANZI), st.sampled_from(["a", "huì"]), max_size=6).map(lambda own: (*own.items(),)),
    st.sampled_from(["", "？", f"{HANZI[0]}！", HANZI[1]]),
    folds=st.booleans(),
    unfolded=st.sampled_from(["", "！"]),
    repeat=st.integers(1, 2),
    mark=st.sampled_from(["?", "", "\ufffd"]),
    eats=st.booleans(),
    undefined=st.sampled_from(["mark", "marks", "drop", "private"]),
    cuts_first=st.booleans(),
).filter(lambda program: not {*program.cut}.intersection(dict(program.notes)))


def rule_by_rule(program: Mirror, text: str) -> str:
    """Run a program on one text that GBK holds."""
    data = text.translate(str.maketrans(program.simplified, program.traditional)).encode("gbk")
    notes = [(character, character + f"({reading})" * program.repeat) for character, reading in program.notes]
    cuts = [(sign, f"\0{sign}\0") for sign in program.cut]
    for old, new in [*cuts, *notes] if program.cuts_first else [*notes, *cuts]:
        data = data.replace(old.encode("gbk"), new.encode("gbk"))
    codecs.register_error("of-the-site", lambda error: _replaced(program, error))
    seen = "".join(piece.decode("gbk", "of-the-site") for piece in data.split(b"\0"))
    wide = [chr(sign) for sign in range(0xFF01, 0xFF5F) if program.folds and chr(sign) not in program.unfolded]
    return seen.translate({ord(sign): ord(sign) - 0xFEE0 for sign in wide})


def _replaced(program: Mirror, error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    lead, *trails = error.object[error.start : error.start + 2]
    if not trails or lead in (0x80, 0xFF):
        return program.mark, error.start + 1
    if trails[0] < 0x80:
        return program.mark, error.start + 1 + program.eats
    if program.undefined == "private" and (character := int(private_characters()[lead << 8 | trails[0]])):
        return chr(character), error.start + 2
    return "" if program.undefined == "drop" else program.mark, error.start + 1 + (program.undefined != "marks")


@settings(deadline=None, max_examples=300)  # the first example compiles
@given(PROGRAMS, TEXTS)
def test_a_program_does_what_its_rules_do_one_by_one(program: Mirror, text: str) -> None:
    pieces = [""]
    for character in text:
        if len(character.encode("gbk", "ignore")) > 0:
            pieces[-1] += character
        else:
            pieces += character, ""
    expected = "".join(piece if odd % 2 else rule_by_rule(program, piece) for odd, piece in enumerate(pieces))
    assert program.damage(text) == expected


def test_a_text_with_nul_does_not_pass() -> None:
    with pytest.raises(UndamageableError):
        Mirror("", "", (("會", "huì"),)).damage("會\0")
