"""Lines as Chinese and English are set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmap.printed.lines import break_lines

SIGNS = "，。、；：！？）》"  # never at the beginning of a line


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("甲乙丙丁戊", 2, ["甲乙", "丙丁", "戊"]),
        ("甲乙，丙丁", 2, ["甲", "乙，", "丙丁"]),
        ("甲乙（丙）丁", 3, ["甲乙", "（丙）", "丁"]),
        ("every day 8:00–9:00", 10, ["every day", "8:00–9:00"]),
        ("每天 8:00–9:00、10:00–11:00", 13, ["每天 8:00–9:00、", "10:00–11:00"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a\n\nb", 3, ["a", "", "b"]),
        ("", 3, [""]),
    ],
)
def test_a_line_breaks_where_a_reader_expects_it(text: str, room: int, lines: list[str]) -> None:
    assert break_lines(text, room, len) == lines


@given(st.text(alphabet="甲乙ab 19:–，。（）、", max_size=60), st.integers(4, 20))
def test_lines_fit_and_lose_nothing_but_spaces(text: str, room: int) -> None:
    lines = break_lines(text, room, len)
    assert all(len(line) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.lists(st.sampled_from(["甲", "乙，", "丙）", "（丁", "ab。"])), st.integers(4, 9))
def test_no_line_begins_with_a_closing_sign(pieces: list[str], room: int) -> None:
    lines = break_lines("".join(pieces), room, len)
    assert not any(line[:1] in SIGNS for line in lines[1:])
