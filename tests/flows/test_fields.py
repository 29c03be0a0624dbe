"""Fields of many articles at once are those of each by itself, and their lines those that Python knows."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from flows.fields import Articles, extract, extract_all
from flows.fields.kernel import find_lines
from flows.fields.language import language

PARTS = [
    *("发布时间:2021-08-13 09:38", "作者：李明、王芳", "来源:", "訪問次數：12", "责任编辑:赵", "日期:2021年13月1日"),
    *("会议召开", "會議", "ひらがな", "한국", "ab", "𠀀", "。", "：", "12 "),
    *("\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\u3000", "\ufeff", " ", "\t"),
]
texts = st.lists(st.sampled_from(PARTS), max_size=30).map("".join)


def of_all(found: list[str]) -> Articles:
    """Return the fields of texts that lie in one buffer, with something between them."""
    data = [text.encode() for text in found]
    ends = np.cumsum([0, *(len(text) + 1 for text in data)])
    bounds = np.column_stack((ends[:-1], ends[1:] - 1))
    return extract_all(np.frombuffer(b"\n".join((*data, b"")), np.uint8), bounds)


@given(st.lists(texts, max_size=5))
def test_many_say_what_each_says(found: list[str]) -> None:
    articles = of_all(found)
    columns = articles.columns()
    for number, text in enumerate(found):
        alone = extract(text)
        assert articles.tops[number]._replace(body=alone.body, language=alone.language) == alone
        assert columns["body"][number].as_py() == alone.body
        assert columns["language"][number].as_py() == alone.language == language(text)
        assert columns["title"][number].as_py() == alone.title


@given(texts)
@example("a\r")
@example("\u3000\ufeff\u3000")
@example("一\x0b二\u2028 三\x85")
def test_lines_are_those_of_python(text: str) -> None:
    data = text.encode()
    lines, firsts, colons = find_lines(np.frombuffer(data, np.uint8), np.array([[0, len(data)]]), 12)
    wanted = [line for raw in text.splitlines(keepends=True) if (line := raw.strip(" \t\r\n\u3000\ufeff"))]
    assert [data[start:end].decode() for start, end, _, _ in lines.tolist()] == wanted
    assert [text[start:end] for _, _, start, end in lines.tolist()] == wanted
    assert colons.tolist() == [number < 12 and (":" in line or "：" in line) for number, line in enumerate(wanted)]
    assert firsts.tolist() == [0, len(wanted)]


@given(texts)
def test_fields_stand_where_they_are_said_to(text: str) -> None:
    fields = extract(text)
    for name in ("title", "source", "url"):
        if value := getattr(fields, name):
            start, end = fields.spans[name]
            assert text[start:end] == value
    if fields.body:
        start, end = fields.spans["body"]
        lines = fields.body.split("\n")
        assert text[start:end].startswith(lines[0])
        assert text[start:end].endswith(lines[-1])


@given(st.text(max_size=40))
def test_any_text_has_fields(text: str) -> None:
    assert (language(text) is None) == (extract(text).language is None)
    assert "\n".join(line for line in (extract(text).body or "").split("\n") if line) == (extract(text).body or "")
