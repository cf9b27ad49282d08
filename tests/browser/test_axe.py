"""No public page breaks a rule of accessibility that axe knows, in any language, light or size.

Rules of WCAG 2.0 to 2.2, levels A and AA, and axe's good practice.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

from geo.store import open_store
from tests.browser.phones import middle, standing

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
PAGES = (
    "/", "/map", "/?q=驿站", "/?q=没有的", "/?need=toilet&no_phone=1&open=1", "/s/{code}",
    "/s/{code}/poster", "/print", "/print?area={area}", "/privacy", "/login", "/nowhere",
)  # fmt: skip
LOOKS = tuple(product(("zh", "en"), ("light", "dark"), ("normal", "large")))
FEW = (LOOKS[0], LOOKS[-1])  # both of everything
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 800}}


def address_of(site: Site, page: str) -> str:
    """Return an address with a station and an area of the demo in it."""
    with open_store(site.settings.demo_database) as store:
        rows = store.read_stations(columns=["code", "status", "district", "subdistrict"])
    row = rows[rows["status"] == "open"].iloc[0]
    return page.format(code=row["code"], area=quote(f"{row['district']}/{row['subdistrict']}"))


def broken(page: Page) -> list[str]:
    """Return the rules that a page breaks, each with the parts that break it."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(
    ("size", "looks"),
    [
        pytest.param(PHONE, FEW, id="phone"),
        pytest.param(PHONE, LOOKS[1:-1], id="phone-all", marks=pytest.mark.long),
        pytest.param(DESK, FEW, id="desk", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("address", PAGES)
def test_no_rule_is_broken(
    site: Site,
    open_page: OpenPage,
    address: str,
    size: dict[str, object],
    looks: tuple[tuple[str, str, str], ...],
) -> None:
    place = address_of(site, address)
    joint = "&" if "?" in place else "?"
    page, wrongs = open_page(**size), []
    for lang, scheme, type_size in looks:
        page.emulate_media(color_scheme=scheme)
        answer = page.goto(f"{place}{joint}lang={lang}&type={type_size}")
        assert answer is not None
        assert answer.status == (404 if address == "/nowhere" else 200)
        wrongs += [f"{lang} {scheme} {type_size}: {wrong}" for wrong in broken(page)]
    assert wrongs == []


@pytest.mark.parametrize(
    "looks", [FEW, pytest.param(LOOKS[1:-1], marks=pytest.mark.long)], ids=["few", "others"]
)
def test_no_rule_is_broken_by_the_answer_from_a_position(
    site: Site, open_page: OpenPage, looks: tuple[tuple[str, str, str], ...]
) -> None:
    page, wrongs = open_page(**PHONE, **standing(*middle(site))), []
    for lang, scheme, type_size in looks:
        page.emulate_media(color_scheme=scheme)
        page.goto(f"/?lang={lang}&type={type_size}")
        page.wait_for_selector(".station.best")
        wrongs += [f"{lang} {scheme} {type_size}: {wrong}" for wrong in broken(page)]
    assert wrongs == []
