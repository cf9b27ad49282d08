"""The sheet for a station's door, as a page and as a PDF."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from webmap.printed.square_code import make_square_code

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.webmap.conftest import Save

FULL = {
    "code": "A1",
    "name": "隆福寺爱心驿站",
    "address": "钱粮胡同 38 号",
    "hours": "Mo-Fr 08:30-12:00,13:30-17:30; PH off",
    "hours_text": "工作日",
    "self_hours": "Mo-Su 17:30-23:00",
    "entry_mode": "ask_counter",
    "self_entry_mode": "id_card",
    "needs_phone": "no",
    "amenities": "drinking_water;microwave:broken;toilet;wifi:no",
    "amenity_hours": "toilet: Mo-Su 08:00-20:00",
    "phone_public": "010-12345678",
    "verified_on": "2026-01-20",
}
ZH = (
    "隆福寺爱心驿站", "周一至周五8:30–12:00、13:30–17:30", "节假日休息", "每天17:30–23:00",
    "问店员", "刷身份证", "不用手机", "饮水", "厕所（每天8:00–20:00）", "12351", "010-12345678",
    "钱粮胡同38号", "2026年1月20日核实过",
)  # fmt: skip


def words_of(response: object) -> str:
    """Return the text of a PDF without spaces, as lines may break anywhere."""
    reader = PdfReader(io.BytesIO(response.data))  # type: ignore[attr-defined]  # Werkzeug's
    return re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))


def test_page_and_pdf_say_hours_entry_what_is_there_and_whom_to_call(
    client: FlaskClient, save: Save
) -> None:
    save(FULL)
    page = client.get("/s/A1/poster")
    plain = re.sub(r"<[^>]*>|\s", "", page.text)
    pdf = words_of(client.get("/s/A1/poster.pdf"))
    for words in ZH:
        assert words in plain, words
        assert words in pdf, words
    for absent in ("微波炉", "无线网络", "演示数据"):
        assert absent not in plain
        assert absent not in pdf


def test_both_speak_english(client: FlaskClient, save: Save) -> None:
    save(FULL)
    page = client.get("/s/A1/poster?lang=en").text
    assert "Mon–Fri 8:30–12:00, 13:30–17:30" in page
    assert '<h1 lang="zh-CN">隆福寺爱心驿站</h1>' in page
    assert "Mon–Fri8:30–12:00,13:30–17:30" in words_of(client.get("/s/A1/poster.pdf?lang=en"))


@pytest.mark.parametrize("hours_text", ["看心情", ""])
def test_hours_that_nobody_could_read_stand_in_the_owners_words_or_as_unknown(
    client: FlaskClient, save: Save, hours_text: str
) -> None:
    save({"code": "A1", "name": "甲", "hours_text": hours_text})
    words = hours_text or "开放时间不详"
    assert words in client.get("/s/A1/poster").text
    assert words in words_of(client.get("/s/A1/poster.pdf"))


def test_the_square_code_leads_to_the_page_of_the_station(client: FlaskClient, save: Save) -> None:
    save({"code": "东-1/2", "name": "甲"})
    page = client.get("/s/东-1/2/poster", base_url="https://nuanyi.example")
    link = "https://nuanyi.example/s/%E4%B8%9C-1/2"
    assert f'<path d="{make_square_code(link).path}"' in page.text
    assert client.get(link.removeprefix("https://nuanyi.example")).status_code == 200
    assert "这台电脑自己的网址" not in page.text
    assert "这台电脑自己的网址" in client.get("/s/东-1/2/poster").text


def test_a_station_that_is_shut_for_a_while_says_until_when(
    client: FlaskClient, save: Save
) -> None:
    save({"code": "A1", "name": "甲", "status": "temporarily_closed",
          "status_until": "2099-03-01T00:00:00+08:00"})  # fmt: skip
    assert "暂停开放，到 2099 年 3 月 1 日" in client.get("/s/A1/poster").text


@pytest.mark.parametrize("address", ["/s/A1/poster", "/s/A1/poster.pdf", "/s/none/poster"])
def test_there_is_no_sheet_of_a_station_that_is_given_up_or_unknown(
    client: FlaskClient, save: Save, address: str
) -> None:
    save({"code": "A1", "name": "甲", "status": "closed"})
    assert client.get(address).status_code == 404


def test_all_that_a_station_can_have_fits_on_one_page(client: FlaskClient, save: Save) -> None:
    from geo.vocab import load_vocab  # noqa: PLC0415 - of this test alone

    times = "; ".join(f"{day} 06:00-08:00,09:00-11:00,13:00-15:00,16:00-18:00" for day in
                      ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))  # fmt: skip
    save(FULL | {"name": "东" * 120, "hours": times, "amenities": ";".join(load_vocab("amenity"))})
    response = client.get("/s/A1/poster.pdf")
    assert len(PdfReader(io.BytesIO(response.data)).pages) == 1
    words = words_of(response)
    assert "周日6:00–8:00" in words
    assert "一层" in words  # the last of the amenities
    assert "东" * 120 in words


def test_a_name_with_signs_the_font_lacks_is_said_and_never_a_box(
    client: FlaskClient, save: Save
) -> None:
    save({"code": "A1", "name": "𠮷野驿站"})
    assert "PDF 里印不出来" in client.get("/s/A1/poster").text
    assert "?野驿站" in words_of(client.get("/s/A1/poster.pdf"))


SCRIPT = """
import hashlib
from flask import Flask
from flask_babel import Babel
from webmap.printed.poster_pdf import write_poster
from webmap.printed.said import Said, Station, Group
from webmap.entry import Way
app = Flask("x")
Babel(app, default_locale="zh")
station = Station("A1", "隆福寺", "rest_station", "暖心驿站", "胡同", "",
    Said("每天 8:00–9:00", "zh"), None, (Way("", ("问店员",)),),
    (Group("休息", ("座椅", "桌")),), "", "", "")
with app.test_request_context():
    pdf = write_poster(station, link="https://a.example/s/A1", is_demo=True, language="zh")
print(hashlib.sha256(pdf).hexdigest())
"""


def test_fresh_processes_of_other_hashes_and_zones_write_the_same_bytes() -> None:
    marks = set()
    for seed, zone in (("1", "America/New_York"), ("2", "Asia/Shanghai")):
        changes = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(  # noqa: S603 - fixed words
            [sys.executable, "-c", SCRIPT], env=os.environ | changes, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        marks.add(done.stdout)
    assert len(marks) == 1


def test_the_pdf_is_saved_under_the_stations_name_and_asked_for_again(
    client: FlaskClient, save: Save
) -> None:
    save(FULL)
    response = client.get("/s/A1/poster.pdf")
    assert response.mimetype == "application/pdf"
    assert "filename*=UTF-8''%E9%9A%86" in response.headers["Content-Disposition"]
    again = client.get("/s/A1/poster.pdf", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    save(FULL | {"name": "改了名字的驿站"})
    assert "改了名字的驿站" in words_of(client.get("/s/A1/poster.pdf"))
