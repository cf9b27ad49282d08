"""The history on a station's page, in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from webmap.forms.say import Change, say_cell, say_changes, say_stamp

if TYPE_CHECKING:
    from flask import Flask

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login


def test_a_change_says_who_when_through_what_and_from_what_to_what(
    login: Login, save: Save, own_store: Store
) -> None:
    save({"code": "A", "name": "甲", "kind": "rest_station", "amenities": "seat;toilet:no"})
    own_store.save_stations(
        pd.DataFrame(
            {"code": ["A"], "kind": ["union_hub"], "amenities": ["seat;microwave:broken"]}
        ),
        actor="小李",
        origin="import:驿站.xlsx",
        now=datetime(2026, 11, 20, 3, 5, tzinfo=UTC),
    )
    page = login().get("/staff/stations/A").text
    past = page[page.index('<section class="past"') :]
    for words in ("2026 年 11 月 20 日 11:05", "小李", "导入 驿站.xlsx"):
        assert words in past
    rows = re.findall(r"<dt>([^<]+)</dt><dd><del>([^<]*)</del>.*?<ins>([^<]*)</ins>", past)
    assert rows == [
        ("类型", "暖心驿站", "职工服务中心"),
        ("厕所", "没有", "未核实"),
        ("微波炉", "未核实", "坏了"),
    ]
    assert past.index("小李") < past.index("登记了这个驿站")


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("kind", "union_hub", "职工服务中心", "union hub"),
        ("entry_mode", "qr;id_card", "扫码、刷身份证", "scan a code, ID card"),
        ("amenities", "seat;toilet:no", "座椅、厕所（没有）", "seat, toilet (none)"),
        ("needs_phone", "no", "否", "no"),
        ("lon", 116.41, "116.410000", "116.410000"),
        ("capacity", 12, "12", "12"),
        ("area_m2", 35.5, "35.5", "35.5"),
        ("area_m2", None, "", ""),
        ("area_m2", float("nan"), "", ""),
        ("name", "甲", "甲", "甲"),
        ("status_until", "2026-12-01T08:30:00+08:00", "2026 年 12 月 1 日 8:30", "1 Dec 2026 8:30"),
        ("kind", "castle", "castle", "castle"),
        ("amenities", "no such thing", "no such thing", "no such thing"),
        ("needs_phone", "perhaps", "perhaps", "perhaps"),
    ],
)
def test_a_cell_is_said_in_words(app: Flask, name: str, value: object, zh: str, en: str) -> None:
    with app.test_request_context("/"):
        assert say_cell(name, value) == zh
    with app.test_request_context("/?lang=en"):
        assert say_cell(name, value).lower() == en.lower()


def test_a_field_that_is_no_more_is_left_out(app: Flask) -> None:
    with app.test_request_context("/"):
        assert say_changes({"old": "1"}, {"old": "2", "floor": "3"}) == [Change("楼层", "", "3")]


def test_a_stamp_is_on_the_stations_clock(app: Flask) -> None:
    with app.test_request_context("/"):
        assert say_stamp(datetime(2026, 12, 31, 16, 5, tzinfo=UTC)) == "2027 年 1 月 1 日 0:05"
