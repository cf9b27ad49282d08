"""``nuanyi hours parse``: one line in, one line out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.webmap.conftest import Run


def test_each_text_becomes_one_line(run: Run) -> None:
    result = run("hours", "parse", "周一到周五 8:30-18:30", "9:00-17:00，春节休息", "以公告为准")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Mo-Fr 08:30-18:30\tok\t",
        "09:00-17:00; PH unknown\tpartial\t春节休息",
        "\tunknown\t以公告为准",
    ]


def test_standard_input_is_read_line_by_line_and_an_empty_line_is_unknown(run: Run) -> None:
    told = "24小时\r\n\n周六日 9点-12点".encode()
    for words in (["hours", "parse"], ["hours", "parse", "-"]):
        result = run(*words, input=told)
        assert result.stdout.split("\n") == [
            "24/7\tok\t",
            "\tunknown\t",
            "Sa-Su 09:00-12:00\tok\t",
            "",
        ]


def test_tabs_and_new_lines_in_a_text_do_not_break_the_line(run: Run) -> None:
    result = run("hours", "parse", "不一定\t看\n情况")
    assert result.stdout == "\tunknown\t不一定 看 情况\n"


def test_bytes_that_are_no_text_are_answered_too(run: Run) -> None:
    result = run("hours", "parse", input=b"\xff\xfe\n9:00-17:00\n")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1] == "09:00-17:00\tok\t"


def test_json_gives_an_object_for_each_text(run: Run) -> None:
    result = run("hours", "parse", "--json", "24小时", "x\ty")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"words": "24小时", "osm": "24/7", "status": "ok", "rest": ""},
        {"words": "x\ty", "osm": "", "status": "unknown", "rest": "x\ty"},
    ]
