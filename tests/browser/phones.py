"""A phone as these tests hold it: its screen, where it stands, what it may say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.city import list_cities

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage, Site

PHONE: Final = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ANOTHER_CITY: Final = (121.47, 31.23)
WECHAT: Final = (
    "Mozilla/5.0 (Linux; Android 10; made up) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.30"
)


def middle(site: Site) -> tuple[float, float]:
    """Return the middle of the demo's box."""
    (city,) = list_cities(site.settings.cities)
    return (city.west + city.east) / 2, (city.south + city.north) / 2


def standing(lon: float, lat: float, accuracy_m: float = 5.0) -> dict[str, Any]:
    """Return the options of a browser that stands somewhere and may say so."""
    return {
        "geolocation": {"longitude": lon, "latitude": lat, "accuracy": accuracy_m},
        "permissions": ["geolocation"],
    }


def answered(site: Site, open_page: OpenPage, address: str = "/", **options: object) -> Page:
    """Open the finder on a phone in the middle of the demo, and wait for its answer."""
    page = open_page(**PHONE, **standing(*middle(site)) | options)
    page.goto(address)
    page.wait_for_selector(".near .station.best")
    return page
