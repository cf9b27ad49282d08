"""After a visit by a browser that knows where it is, nobody else does.

The visit asks for the nearest stations, a way, and reports; then every file of the installation and
all that the server printed are searched for the position, as text and as binary numbers.
"""

from __future__ import annotations

import re
import shutil
import struct
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from geo.store import open_store
from tests.browser.conftest import Watch, serving
from webmap.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

LON, LAT = 113.9017361, 35.0528472  # in the demo; no station and no node has these digits
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ALLOWED_COOKIES = {"lang", "type"}
ASKING = ("/near", "/api/v1/nearest", "/api/v1/way", "/api/v1/search", "/offline/pack")
STORED = """
async () => {
  const said = [JSON.stringify(localStorage)];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) said.push(request.url);
  }
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      const [keys, values] = [done(rows.getAllKeys()), done(rows.getAll())];
      said.push(JSON.stringify([await keys, await values]));
    }
    database.close();
  }
  return said.join('\\n');
}
"""


def traces() -> dict[str, bytes]:
    """Return how a position might stand in a file: digits to 10 m, and as numbers."""
    found = {}
    for name, exact in (("lon", LON), ("lat", LAT)):
        found[f"{name}, digits"] = f"{int(exact * 10_000) / 10_000:.4f}".encode()
        found[f"{name}, rounded"] = f"{exact:.4f}".encode()
        for degrees in (exact, round(exact, 4), round(exact, 5)):
            for form in ("<d", ">d"):
                found[f"{name}, {degrees} as {form}"] = struct.pack(form, degrees)
            found[f"{name}, {degrees} as <f"] = struct.pack("<f", degrees)
    return found


def count_traces(folder: Path) -> Counter[str]:
    """Return how often each file below a folder holds the position, in content or name."""
    found: Counter[str] = Counter()
    for path in sorted(folder.rglob("*")):
        content = str(path).encode() + (path.read_bytes() if path.is_file() else b"")
        for name, trace in traces().items():
            found[f"{path.relative_to(folder)}: {name}"] += content.count(trace)
    return found


@dataclass
class Visit:
    """What a visit left behind."""

    left: Counter[str]  # traces that are in the installation since
    printed: bytes
    addresses: list[str]  # of pages, and of whatever else was fetched
    cookies: set[str]
    stored: str
    asked: list[str]  # requests that carried the position


@pytest.fixture(scope="module")
def visit(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Visit:
    """Walk through the site like a worker, then stop it, and return what is left."""
    folder = tmp_path_factory.mktemp("private")
    shutil.copytree(demo_instance, folder / "instance")
    before = count_traces(folder / "instance")  # places of the demo may share digits
    settings = Settings.from_env({"NUANYI_INSTANCE": str(folder / "instance")})
    with open_store(settings.demo_database) as store:
        code = str(store.read_stations(columns=["code"])["code"].iloc[0])
    printed, watch = folder / "printed.txt", Watch()
    with printed.open("wb") as out, serving(settings, out=out.fileno()) as url:
        context = browser.new_context(
            base_url=url, locale="zh-CN", permissions=["geolocation"],
            geolocation={"longitude": LON, "latitude": LAT}, **PHONE,
        )  # fmt: skip
        watch.follow(context)
        seen = follow_addresses(context)
        page = context.new_page()
        walk_through(page)
        ask_badly(page, code)
        cookies = {cookie["name"] for cookie in context.cookies()}
        stored = page.evaluate(STORED)
        context.close()
    assert watch.wrongs == []
    asked = [address for address in seen if "113.90" in address]
    left = count_traces(folder / "instance") - before
    return Visit(left, printed.read_bytes(), seen, cookies, stored, asked)


def follow_addresses(context: BrowserContext) -> list[str]:
    """Return a list that grows by the address of each request."""
    seen: list[str] = []
    context.on("request", lambda request: seen.append(request.url))
    return seen


def walk_through(page: Page) -> None:
    """Ask for the nearest, go by bike, turn to the map, open a station, its way, and tell."""
    page.goto("/?lang=zh")
    if page.locator("#locate").is_visible():
        page.locator("#locate").click()
    page.wait_for_selector(".station.best")
    page.locator("#answer .station h3 a").first.click()
    page.wait_for_load_state("networkidle")
    go = page.locator("#go")
    if go.count() and go.is_visible():
        go.click()
        page.wait_for_load_state("networkidle")
    page.go_back()
    page.wait_for_load_state("networkidle")


def ask_badly(page: Page, code: str) -> None:
    """Ask by hand, rightly and wrongly: errors must not repeat the position either."""
    where = f"lon={LON:.4f}&lat={LAT:.4f}"
    said: dict[str, Any] = {
        "GET": [
            f"/api/v1/nearest?{where}", f"/api/v1/nearest?{where}&limit=x", f"/near?{where}",
            f"/near?lon={LON:.4f}&lat=abc", f"/api/v1/way?{where}&code=none",
            f"/api/v1/way?{where}&code={code}", f"/nowhere?{where}", f"/?{where}",
            f"/offline/pack?{where}", f"/api/v1/search?q=a&{where}",
        ],
        "POST": [(f"/api/v1/stations/{code}/reports", {"state": "open", "near": True}),
                 ("/api/v1/wishes", {"lon": round(LON, 4), "lat": round(LAT, 4)})],
    }  # fmt: skip
    for address in said["GET"]:
        page.request.get(address)
    for address, body in said["POST"]:
        page.request.post(address, data=body)


def test_the_visit_did_ask_from_the_position(visit: Visit) -> None:
    assert visit.asked


def test_no_file_of_the_installation_holds_the_position(visit: Visit) -> None:
    assert dict(visit.left) == {}


def test_nothing_printed_holds_the_position(visit: Visit) -> None:
    assert visit.printed  # the line that says where the site is
    assert [name for name, trace in traces().items() if trace in visit.printed] == []


@pytest.mark.parametrize("kept", [f"x={LON:.4f}".encode(), struct.pack("<d", round(LAT, 4))])
def test_the_search_finds_what_it_is_for(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "log").write_bytes(b"...." + kept)
    assert count_traces(tmp_path).total() > 0


def test_only_questions_carry_the_position_and_only_rounded(visit: Visit) -> None:
    assert {urlsplit(address).path for address in visit.asked} <= set(ASKING)
    assert not any(digits in one for one in visit.addresses for digits in ("113.90173", "35.05284"))


def test_the_browser_keeps_two_cookies_at_most_and_no_position(visit: Visit) -> None:
    assert visit.cookies <= ALLOWED_COOKIES
    rounded = (f"{LON:.4f}", f"{LAT:.4f}")  # as numbers by themselves: stations have more digits
    assert not any(re.search(rf"{re.escape(text)}(?!\d)", visit.stored) for text in rounded)
    assert "113.90173" not in visit.stored
    assert "35.05284" not in visit.stored
