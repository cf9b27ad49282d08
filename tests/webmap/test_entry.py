"""How one gets in, as the station page says it: with staff, without, and what is not verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.stations import FIELD_NAMES
from webmap.entry import say_entry

if TYPE_CHECKING:
    from flask import Flask

UNKNOWN = dict.fromkeys(FIELD_NAMES, "")
KNOWN = UNKNOWN | {
    "entry_mode": "open_door",
    "needs_phone": "no",
    "needs_registration": "no",
    "audience": "快递员",
}


@pytest.mark.parametrize(
    ("row", "ways", "unknown"),
    [
        (UNKNOWN, [], ("怎么进门", "要不要手机", "要不要登记", "接待谁")),
        (KNOWN, [("", ("推门即入", "不用手机", "不用登记"))], ()),
        (
            KNOWN | {"entry_mode": "qr", "needs_phone": "", "needs_registration": ""},
            [("", ("扫码", "要用手机"))],
            ("要不要登记",),
        ),
        (
            KNOWN | {"self_hours": "20:00-08:00", "self_entry_mode": "id_card"},
            [
                ("有人的时候", ("推门即入", "不用手机", "不用登记")),
                ("没人的时候", ("刷身份证", "不用手机")),
            ],
            (),
        ),
        (
            KNOWN | {"self_entry_mode": "app"},
            [
                ("有人的时候", ("推门即入", "不用手机", "不用登记")),
                ("没人的时候", ("下载应用", "要用手机")),
            ],
            (),
        ),
        (
            UNKNOWN | {"self_hours": "20:00-08:00"},
            [("没人的时候", ("怎么进还没核实",))],
            ("怎么进门", "要不要手机", "要不要登记", "接待谁"),
        ),
    ],
)
def test_entry_is_said_for_both_timetables(
    app: Flask,
    row: dict[str, str],
    ways: list[tuple[str, tuple[str, ...]]],
    unknown: tuple[str, ...],
) -> None:
    with app.test_request_context("/"):
        said = say_entry(row)
    assert [tuple(way) for way in said.ways] == ways
    assert said.unknown == unknown
