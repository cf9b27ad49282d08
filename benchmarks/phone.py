"""A cheap phone on a thin line: seconds until a worker can read the answer, in a real browser.

The line brings 50 kB/s after 400 ms for each question, the phone is 4 times slower than this
machine: both by Chromium's own throttles. A page of nothing stands beside each scene.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, CDPSession, Page

CHROMIUM: Final = "/usr/bin/chromium"
SCREEN: Final = {"width": 390, "height": 844}
LINE: Final = {
    "offline": False,
    "latency": 400,  # ms
    "downloadThroughput": 50_000,  # bytes/s
    "uploadThroughput": 50_000,
}
SLOWER: Final = 4
TIMES: Final = 3  # each scene; the middle one counts
PATIENCE_MS: Final = 120_000
TILES: Final = (
    "() => { const all = [...document.querySelectorAll('.leaflet-tile')];"
    " return all.length && all.every((one) => one.classList.contains('leaflet-tile-loaded')); }"
)


class Scene(NamedTuple):
    """One thing that was waited for."""

    name: str
    seconds: float
    kb: float  # over the line
    requests: int


def measure_phone(address: str, here: tuple[float, float], *, has_map: bool) -> list[Scene]:
    """Open the finder on a throttled phone; return its scenes, the middle of three runs each.

    Parameters
    ----------
    address : str
        Of the site, on loopback.
    here : tuple of float
        Longitude and latitude the phone gives, degrees, WGS-84.
    has_map : bool
        Whether there is a city with streets to wait for.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        runs = [list(_scenes(browser, address, here, has_map=has_map)) for _ in range(TIMES)]
        browser.close()
    return [
        sorted(scene, key=lambda one: one.seconds)[TIMES // 2] for scene in zip(*runs, strict=True)
    ]


def _scenes(
    browser: Browser, address: str, here: tuple[float, float], *, has_map: bool
) -> Iterator[Scene]:
    """Open the finder as one phone does.

    Yields
    ------
    Scene
        From its first visit on.
    """
    context = browser.new_context(
        viewport=SCREEN,
        has_touch=True,
        is_mobile=True,
        permissions=["geolocation"],
        geolocation={"longitude": here[0], "latitude": here[1], "accuracy": 10},
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    line = Line(context.new_cdp_session(page))
    page.goto(f"{address}/healthz")
    yield line.scene("a page of nothing", page)
    line.begin()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".best, .stations .station")
    yield line.scene("first visit: the page is there", page)
    page.wait_for_selector(".near .station.best")
    yield line.scene("first visit: the best station from here", page)
    if has_map:
        line.begin()
        began = float(page.evaluate("performance.now()"))
        page.tap('.tabs [data-tab="map"]')
        page.wait_for_function(TILES)
        yield line.scene("then the map, with its streets", page, began)
    page.wait_for_timeout(3_000)  # the worker keeps what it needs
    page.goto("about:blank")
    line.begin()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".near .station.best")
    yield line.scene("second visit: the best station from here", page)
    context.close()


class Line:
    """The throttled line of a page, and what came over it."""

    def __init__(self, session: CDPSession) -> None:
        self._bytes = self._requests = 0
        session.on("Network.loadingFinished", self._add)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def begin(self) -> None:
        """Count from here on."""
        self._bytes = self._requests = 0

    def scene(self, name: str, page: Page, began_ms: float = 0.0) -> Scene:
        """Return what has been waited for since the page, or ``began_ms`` of its clock, began."""
        seconds = (float(page.evaluate("performance.now()")) - began_ms) / 1000
        return Scene(name, seconds, self._bytes / 1000, self._requests)

    def _add(self, event: dict[str, float]) -> None:
        if event["encodedDataLength"] > 0:  # else from the phone's own store
            self._bytes += int(event["encodedDataLength"])
            self._requests += 1
