"""Columns: what is too short to be sure of alone is decided with its neighbours."""

import pyarrow as pa
import pytest

from repair import repair_column, repair_text
from repair.channel import damage
from repair.stored import chain_from_json

NAMES = ["王小明", "李红", "张建国", "陈静", "刘洋"]


def column(values: list[str]) -> list[str]:
    return repair_column(pa.array(values)).column("text").to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("original", ["utf-8", "gb18030"])
@pytest.mark.parametrize("wrong", ["latin-1", "cp437", "mac-roman", "koi8-r"])
def test_short_names_are_decided_together(original: str, wrong: str) -> None:
    seen = [name.encode(original).decode(wrong) for name in NAMES]
    assert column([*seen, "王伟", "plain"]) == [*NAMES, "王伟", "plain"]
    assert column([*seen, *seen]) == [*NAMES, *NAMES]


@pytest.mark.parametrize("original", ["utf-8", "gb18030"])
def test_each_has_a_chain_of_its_own(original: str) -> None:
    seen = [name.encode(original).decode("cp437") for name in NAMES]
    for row, value in zip(repair_column(pa.array([*seen, "王伟"])).to_pylist(), seen, strict=False):
        assert damage(chain_from_json(row["chain"]), row["text"]) == value


def test_a_short_name_alone_stays_as_it_is() -> None:
    seen = "李红".encode("gb18030").decode("sloppy-windows-1252")
    assert repair_text(seen).text == seen
    assert column([seen, "王伟", "赵敏"]) == [seen, "王伟", "赵敏"]


@pytest.mark.parametrize(
    "values",
    [
        NAMES,
        ["龘靐", "犇猋", "羴鱻", "堃喆"],
        ["Åsa", "Jürgen", "Zoë", "Renée", "Øyvind"],
        ["Анна", "Пётр", "Юлия", "Игорь"],
        ["김철수", "이영희", "박민수"],
        ["渡邊", "斎藤", "髙橋", "齋藤"],
        ["Νίκος", "Ελένη", "Γιώργος"],
        ["Nguyễn", "Trần", "Phạm", "Đặng"],
    ],
)
def test_names_of_all_kinds_are_left_alone(values: list[str]) -> None:
    assert column(values) == values


SURNAMES, GIVEN = "俞许高袁廖戴唐康冷鲁曾祁顾韦宋姜曹黄邱辛谷傅", ("淑华", "鑫", "刚", "冬梅", "玲", "霞", "柳", "慧")
MANY = [surname + given for surname in SURNAMES for given in GIVEN]


@pytest.mark.parametrize("wrong", ["latin-1", "koi8-r"])
def test_rare_names_follow_a_column_that_was_damaged_throughout(wrong: str) -> None:
    assert column([name.encode().decode(wrong) for name in MANY]) == MANY


@pytest.mark.parametrize("wrong", ["latin-1", "koi8-r"])
@pytest.mark.parametrize("every", [1, 3])
def test_what_does_not_follow_its_column_is_not_read_another_way(wrong: str, every: int) -> None:
    seen = [name.encode("gb18030").decode(wrong) if not at % every else name for at, name in enumerate(MANY)]
    for found, name, before in zip(column(seen), MANY, seen, strict=True):
        assert found in (name, before)
