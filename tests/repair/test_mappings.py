"""The user's own tables: read with every mistake named, obeyed where the text gains, reported where it would lose."""

import pytest

from repair import Grade, MappingError, Policy, load_mappings, repair_text, replay

TABLE = "# names of our county\nseen\ttext\tsource\tfield\talways\tnote\n"


def test_a_table_is_read_with_scope_and_origin() -> None:
    (mapping,) = load_mappings(TABLE + "桃原县\t桃源县\t*/2021/*\tbody\tyes\tthe scanner's\n", "names.tsv")
    assert (mapping.seen, mapping.text, mapping.always, mapping.origin) == ("桃原县", "桃源县", True, "names.tsv:3")
    assert mapping.applies("site/2021/a.txt", "body")
    assert not mapping.applies("site/2022/a.txt", "body")
    assert not mapping.applies("site/2021/a.txt", "title")


@pytest.mark.parametrize(
    ("rows", "mistakes"),
    [
        ("\ta\n", ["names.tsv:3: 'seen' is empty"]),
        ("a\ta\n", ["names.tsv:3: 'seen' and 'text' are the same"]),
        ("a\tb\nc\td\t*\t*\tperhaps\n", ["names.tsv:4: 'always' is 'perhaps'; write yes or no"]),
        ("a\tb\na\tc\n", ["names.tsv:4: 'a' is mapped in line 3 already"]),
        ("a\tb\t*\t*\tno\tnote\tmore\n\tb\n", ["names.tsv:3: 7 columns where the header has 6", "names.tsv:4: 'se"]),
    ],
)
def test_every_mistake_is_named_with_its_line(rows: str, mistakes: list[str]) -> None:
    with pytest.raises(MappingError) as caught:
        load_mappings(TABLE + rows, "names.tsv")
    for mistake in mistakes:
        assert mistake in str(caught.value)


def test_an_unknown_column_is_a_mistake() -> None:
    with pytest.raises(MappingError, match="column 'txt' is unknown"):
        load_mappings("seen\ttxt\na\tb\n")


def test_a_mapping_mends_what_no_search_can() -> None:
    policy = Policy(mappings=load_mappings("seen\ttext\n锟斤拷县\t桃源县\n", "names.tsv"))
    repair = repair_text("8月11日，锟斤拷县召开会议，总结工作。", policy)
    assert repair.text == "8月11日，桃源县召开会议，总结工作。"
    assert repair.grade is Grade.POLICY
    assert "names.tsv:2 applied" in repair.edits[0].reason
    assert replay(repair) == repair.seen


def test_a_mapping_works_together_with_a_repair() -> None:
    policy = Policy(mappings=load_mappings("seen\ttext\talways\n桃原县\t桃源县\tyes\n"))
    seen = "桃原县关于做好防汛工作的通知".encode().decode("latin-1")
    repair = repair_text(seen, policy)
    assert repair.text == "桃源县关于做好防汛工作的通知"
    assert replay(repair) == seen
    assert "".join(edit.seen for edit in repair.edits) == seen


def test_a_mapping_that_would_change_clean_text_is_reported_not_obeyed() -> None:
    policy = Policy(mappings=load_mappings("seen\ttext\n工作\t工做\n"))
    repair = repair_text("会议总结了疫情防控工作。", policy)
    assert repair.text == repair.seen
    assert repair.grade is Grade.CLEAN
    assert "refused" in repair.edits[0].reason


def test_a_mapping_that_says_always_is_obeyed() -> None:
    policy = Policy(mappings=load_mappings("seen\ttext\talways\n工作\t工做\tyes\n"))
    repair = repair_text("会议总结了疫情防控工作。", policy)
    assert repair.text == "会议总结了疫情防控工做。"
    assert replay(repair) == repair.seen
