"""Words typed where a position is known: the nearest that have them; and what a rough one says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.webmap.conftest import Save

HERE = "/near?lon=116.0000&lat=40.0000"


def names(page: str) -> list[str]:
    """Return the names of the stations in their order."""
    return re.findall(r'<a href="/s/[^"]+">(\S+)</a>', page)


@pytest.fixture
def four(save: Save) -> None:
    """Save stations to the east, the farther the later."""
    save(
        {"name": "远处银行驿站", "lon": "116.006", "hours": "24/7"},
        {"name": "近处银行驿站", "lon": "116.001", "hours": "24/7"},
        {"name": "近处书店驿站", "lon": "116.0005", "hours": "24/7"},
        {"name": "银行", "lon": "116.009", "hours": "24/7"},
    )


@pytest.mark.usefixtures("four")
def test_the_nearest_that_have_the_words_come_first_with_minutes(client: FlaskClient) -> None:
    page = client.get(f"{HERE}&q=银行驿站").text
    assert names(page)[:2] == ["近处银行驿站", "远处银行驿站"]
    assert "书店" not in page
    assert "步行" in page
    assert "离你近的“银行驿站”" in page


@pytest.mark.usefixtures("four")
def test_a_station_of_just_this_name_comes_first(client: FlaskClient) -> None:
    assert names(client.get(f"{HERE}&q=银行").text)[0] == "银行"


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize("words", ["工会驿站", "驿站", "", " "])
def test_a_word_for_any_station_asks_for_the_nearest(client: FlaskClient, words: str) -> None:
    page = client.get(f"{HERE}&q={words}").text
    assert names(page)[0] == "近处书店驿站"
    assert "最近能进的" in page


@pytest.mark.usefixtures("four")
def test_words_that_nothing_has_offer_the_nearest_and_hold_no_position(client: FlaskClient) -> None:
    page = client.get(f"{HERE}&q=没有这个词儿&open=1").text
    assert "没有找到“没有这个词儿”" in page
    assert "data-nearest" in page
    assert "看离我最近的" in page
    assert "116.0" not in page
    assert 'href="/?open=1"' in page


@pytest.mark.usefixtures("four")
def test_needs_narrow_what_the_words_find(client: FlaskClient) -> None:
    assert "少选一个条件" in client.get(f"{HERE}&q=银行驿站&kind=union_hub").text


@pytest.mark.usefixtures("four")
def test_a_rough_position_is_answered_by_minutes_alone(client: FlaskClient) -> None:
    page = client.get(f"{HERE}&rough=1").text
    way = re.search(r'<p class="way">(.*?)</p>', page)
    assert way is not None
    assert re.sub(r"<[^>]+>", "", way[1]) == "步行大约 1 分钟"
    assert re.search(r'class="minutes">大约 \d+ 分钟', page)
    assert "往东" in client.get(HERE).text


def test_an_area_counts_the_same_in_its_choice_its_list_and_on_paper(
    client: FlaskClient, save: Save
) -> None:
    of = {"district": "柳堤区", "subdistrict": "东街道"}
    save({"name": "甲", **of}, {"name": "乙", "status": "planned", **of})
    assert "东街道（1）" in client.get("/").text
    page = re.sub(r"<[^>]+>|\s", "", client.get("/?area=柳堤区/东街道").text)
    assert "东街道有1个驿站，另有1个还没开放" in page
    assert re.search(r"东街道\D*1", re.sub(r"<[^>]+>", "", client.get("/print").text))
