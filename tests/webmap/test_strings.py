"""No public page holds a text that is untranslated, or mixes languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from geo.vocab import load_vocab
from tests.webmap.page_text import Piece, read_pieces

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.webmap.conftest import Save

AREA = quote("东区/柳街道", safe="")
STATION = {
    "code": "1001",
    "name": "隆福寺爱心驿站",
    "aliases": "暖蜂驿站",
    "address": "钱粮胡同 38 号",
    "district": "东区",
    "subdistrict": "柳街道",
    "hours": "Mo-Fr 08:30-12:00,13:30-17:30; PH off",
    "hours_text": "工作日上午下午",
    "self_hours": "Mo-Su 17:30-23:00",
    "entry_mode": "ask_counter",
    "self_entry_mode": "id_card",
    "needs_phone": "no",
    "dignity": "own_room",
    "host": "bank",
    "audience": "快递员;环卫工",
    "floor": "一层",
    "area_m2": "12",
    "capacity": "6",
    "amenity_hours": "toilet: Mo-Su 08:00-20:00",
    "phone_public": "010-12345678",
    "note": "门口有台阶",
    "verified_on": "2026-01-20",
}
BARE = {"code": "1002", "name": "乙驿站", "district": "东区", "subdistrict": "柳街道"}
PAUSED = BARE | {"code": "1003", "name": "丙驿站", "status": "temporarily_closed"}
GONE = BARE | {"code": "1004", "name": "丁驿站", "status": "closed"}
ROWS = (
    STATION | {"amenities": ";".join(load_vocab("amenity"))},
    BARE | {"hours_text": "看心情", "kind": "service_point", "amenities": "toilet:broken;wifi:no"},
    PAUSED | {"kind": "union_hub", "hours": "24/7"},
    GONE,
)
NOWHERE = "丙丁戊"  # searched for and not found
PAGES = (
    "/", "/map", "/?q=柳街道", f"/?q={NOWHERE}", f"/?area={AREA}",
    "/?need=toilet&no_phone=1&open=1", "/?at=2026-02-14T09:00&mode=ride&kind=union_hub&always=1",
    "/near?lon=116&lat=40", "/near?lon=110&lat=30&mode=ride",
    "/s/1001", "/s/1002", "/s/1003", "/s/1004", "/s/1001/poster",
    "/s/1002/poster", "/s/1003/poster", "/print", f"/print?area={AREA}", "/privacy", "/nowhere",
)  # fmt: skip
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
LATIN = re.compile("[A-Za-z]{2,}")
NAMES = {"PDF", "JavaScript", "https", "WGS", "GCJ", "BD", "cookie", "EN", "GPS", "OpenStreetMap"}


def owners_words() -> list[str]:
    """Return what the owners of the stations wrote, the longest first."""
    texts = {NOWHERE} | {text for row in ROWS for text in row.values() if HAN.search(text)}
    parts = {part for text in texts for part in re.split("[;；]", text)}
    return sorted(texts | parts, key=len, reverse=True)


def without_owners(text: str) -> str:
    """Return a text without owners' words: a title cannot say that a part is Chinese."""
    for words in owners_words():
        text = text.replace(words, "")
    return text


def chinese_in_english(piece: Piece) -> list[str]:
    is_name = piece.lang == "en"
    return HAN.findall(without_owners(piece.text)) if is_name else []


def english_in_chinese(piece: Piece) -> list[str]:
    if piece.lang != "zh-CN":
        return []
    blanks = re.sub(r"\{\w+\}|https?://\S+", "", piece.text)
    return [word for word in LATIN.findall(blanks) if word not in NAMES]


def fetch(client: FlaskClient, address: str, lang: str) -> list[Piece]:
    joint = "&" if "?" in address else "?"
    page = client.get(f"{address}{joint}lang={lang}").text
    whole = page if "<html" in page else f'<html lang="{"en" if lang == "en" else "zh-CN"}">{page}'
    return read_pieces(whole)


@pytest.mark.parametrize("address", PAGES)
def test_an_english_page_has_chinese_only_where_it_says_so(
    client: FlaskClient, save: Save, address: str
) -> None:
    save(*ROWS)
    found = [(piece.text, found) for piece in fetch(client, address, "en")
             if (found := chinese_in_english(piece))]  # fmt: skip
    assert found == []


@pytest.mark.parametrize("address", PAGES)
def test_a_chinese_page_has_no_english_words(client: FlaskClient, save: Save, address: str) -> None:
    save(*ROWS)
    found = [(piece.text, found) for piece in fetch(client, address, "zh")
             if (found := english_in_chinese(piece))]  # fmt: skip
    assert found == []


def test_the_reader_of_pages_sees_what_a_person_meets() -> None:
    page = (
        '<html lang="en"><title>One</title><svg aria-label="Two"><symbol>x</symbol></svg>'
        '<p>Three <b lang="zh-CN">四</b> Five</p><input placeholder="Six" value="7">'
        '<script>var eight</script><script type="application/json">{"a": ["Nine", "/x"]}</script>'
    )
    assert read_pieces(page) == [
        Piece("One", "en"), Piece("Two", "en"), Piece("Three", "en"), Piece("四", "zh-CN"),
        Piece("Five", "en"), Piece("Six", "en"), Piece("Nine", "en"),
    ]  # fmt: skip
