"""The list of a neighbourhood's stations, as a page and as a PDF."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from pypdf import PdfReader

from webmap.printed import area_list
from webmap.printed.square_code import make_square_code

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.webmap.conftest import Save

WILLOW = {"district": "东区", "subdistrict": "柳街道"}
WILLOW_LIST = {"area": "东区/柳街道"}


def test_the_page_without_an_area_offers_those_that_have_stations(
    client: FlaskClient, save: Save
) -> None:
    save(
        {"name": "甲"} | WILLOW,
        {"name": "乙"} | WILLOW,
        {"name": "丙", "district": "东区"},
        {"name": "丁", "district": "西区", "subdistrict": "槐街道", "status": "planned"},
    )
    page = client.get("/print").text
    links = re.findall(r'href="(/print\?area=[^"]+)"', page)
    assert [quote(part, safe="") in link for link in links for part in ("柳街道",)] == [True, False]
    assert "没写街道的驿站" in page
    assert "槐街道" not in page
    assert all(client.get(link).status_code == 200 for link in links)


def test_of_many_areas_the_district_is_chosen_first(
    client: FlaskClient, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area_list, "MOST_CHOICES", 2)
    save(*({"name": "甲", "district": district, "subdistrict": f"{name}街道"}
           for district in ("东区", "西区") for name in "柳槐杨"), {"name": "乙"})  # fmt: skip
    links = re.findall(r'href="(/print\?district=[^"]*)"', client.get("/print").text)
    assert len(links) == 3
    assert "没写区县的驿站" in client.get("/print").text
    page = client.get("/print", query_string={"district": "西区"}).text
    assert page.count('href="/print?area=') == 3
    assert quote("东区") not in page


def test_a_district_without_stations_is_not_found_and_not_kept(
    client: FlaskClient, save: Save
) -> None:
    save({"name": "甲"} | WILLOW, {"name": "丁", "district": "西区", "status": "planned"})
    found = [
        client.get("/print", query_string={"district": name}).status_code
        for name in ("东区", "西区", "北区", "")
    ]
    assert found == [200, 404, 404, 404]


def test_page_and_pdf_list_the_stations_of_the_area_alone(client: FlaskClient, save: Save) -> None:
    save(
        {"name": "甲驿站", "address": "柳巷 1 号", "hours": "24/7", "amenities": "toilet"} | WILLOW,
        {"name": "乙驿站", "status": "temporarily_closed"} | WILLOW,
        {"name": "丙驿站", "district": "东区", "subdistrict": "槐街道"},
        {"name": "丁驿站", "status": "planned"} | WILLOW,
    )
    page = client.get("/print", query_string=WILLOW_LIST)
    pdf = PdfReader(io.BytesIO(client.get("/print.pdf", query_string=WILLOW_LIST).data))
    for text in (page.text, "\n".join(one.extract_text() for one in pdf.pages)):
        for words in ("甲驿站", "柳巷 1 号", "每天 24 小时", "厕所", "乙驿站", "暂停开放", "12351"):
            assert words in text, words
        assert "丙驿站" not in text
        assert "丁驿站" not in text
    assert "2 个驿站" in page.text


def test_the_square_code_leads_to_the_same_area_in_the_finder(
    client: FlaskClient, save: Save
) -> None:
    save({"name": "甲"} | WILLOW)
    page = client.get("/print", query_string=WILLOW_LIST, base_url="https://nuanyi.example").text
    found = re.search(r'<path d="([^"]+)" fill="#000"', page)
    link = "https://nuanyi.example/?area=" + quote("东区/柳街道", safe="/")
    assert found
    assert found[1] == make_square_code(link).path


def test_a_long_list_turns_pages_between_stations_and_repeats_its_titles(
    client: FlaskClient, save: Save
) -> None:
    save(*({"name": f"第{n:03d}号驿站", "address": f"柳巷{n:03d}号", "hours": "24/7"} | WILLOW
           for n in range(60)))  # fmt: skip
    pdf = PdfReader(io.BytesIO(client.get("/print.pdf", query_string=WILLOW_LIST).data))
    texts = [page.extract_text() for page in pdf.pages]
    assert len(texts) > 2
    for number, text in enumerate(texts, start=1):
        assert "开放时间" in text
        assert f"第 {number} 页，共 {len(texts)} 页" in text
        assert re.findall(r"第(\d{3})号驿站", text) == re.findall(r"柳巷(\d{3})号", text)
    found = [name for text in texts for name in re.findall(r"第(\d{3})号驿站", text)]
    assert found == [f"{n:03d}" for n in range(60)]


def test_a_list_that_is_too_long_says_how_many_are_missing(
    client: FlaskClient, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area_list, "MOST_STATIONS", 2)
    save(*({"name": f"驿站{n}"} | WILLOW for n in range(5)))
    page = client.get("/print", query_string=WILLOW_LIST).text
    assert "还有 3 个没印上" in page
    assert page.count('<th role="rowheader"') == 2


@pytest.mark.parametrize("address", ["/print?area=", "/print?area=zz", "/print.pdf"])
def test_there_is_no_list_of_an_area_without_stations(
    client: FlaskClient, save: Save, address: str
) -> None:
    save({"name": "甲"} | WILLOW)
    assert client.get(address).status_code == 404


def test_the_same_list_is_the_same_bytes_and_another_language_is_another_file(
    client: FlaskClient, save: Save
) -> None:
    save({"name": "甲"} | WILLOW)
    first = client.get("/print.pdf", query_string=WILLOW_LIST).data
    area_list.files.__init__()  # type: ignore[misc]  # forgets what it kept
    assert client.get("/print.pdf", query_string=WILLOW_LIST).data == first
    assert client.get("/print.pdf", query_string=WILLOW_LIST | {"lang": "en"}).data != first


def test_what_nobody_knows_of_the_way_in_is_said_and_not_left_empty(
    client: FlaskClient, save: Save
) -> None:
    save({"name": "甲驿站"} | WILLOW)
    page = client.get("/print", query_string=WILLOW_LIST).text
    assert "<p>未核实</p>" in page
    pdf = client.get("/print.pdf", query_string=WILLOW_LIST).data
    assert "未核实" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
