"""What all pictures are taken with: an installation at a fixed moment, a page, a file to write."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from waitress import create_server

from geo.store import open_store
from webmap import create_app
from webmap.auth import hash_password
from webmap.runs.keeper import WorkerKeeper
from webmap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Playwright

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURES: Final = ROOT / "docs" / "pictures"
MOMENT: Final = dt.datetime(2026, 11, 16, 2, 40, tzinfo=dt.UTC)  # a Monday, 10:40 in China
DOWNTOWN: Final = (113.9000, 35.0500)  # the old core of the demo
PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1280, "height": 800}
LOOKS: Final = [(lang, scheme) for lang in ("zh", "en") for scheme in ("light", "dark")]
QUALITY: Final = 80  # of JPEG
_WORKER: Final = "chenyi"
_PASSWORD: Final = "for-the-pictures-only"  # noqa: S105  # of an installation that lives a minute


def launched(playwright: Playwright, *flags: str) -> Browser:
    """Start a Chromium."""
    return playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", *flags]
    )


@contextmanager
def running(make: Callable[[Settings], None], moment: dt.datetime = MOMENT) -> Iterator[str]:
    """Serve a new installation at a fixed moment.

    Yields
    ------
    str
        Its address.
    """
    folder = Path(tempfile.mkdtemp(prefix="nuanyi-pictures-"))
    settings = Settings.from_env({"NUANYI_INSTANCE": str(folder)})
    make(settings)
    with open_store(settings.database) as store:
        hashed = hash_password(_PASSWORD)
        store.add_user(_WORKER, role="admin", area="", password_hash=hashed, now=MOMENT)
    app = create_app(settings)
    app.extensions["clock"] = lambda: moment
    server: Any = create_server(app, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        with WorkerKeeper(settings):
            yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        app.extensions["stores"].close()
        shutil.rmtree(folder, ignore_errors=True)


def opened(
    browser: Browser,
    view: dict[str, int],
    scheme: str,
    here: tuple[float, float] | None,
    **options: Any,  # noqa: ANN401  # Playwright's
) -> Page:
    """Open an empty page that knows where it is; without a place it is not told."""
    usual: dict[str, Any] = {"viewport": view, "color_scheme": scheme, "locale": "zh-CN"}
    if view is PHONE:
        usual |= {"has_touch": True, "is_mobile": True}
    if here:
        usual |= {
            "geolocation": {"longitude": here[0], "latitude": here[1], "accuracy": 5},
            "permissions": ["geolocation"],
        }
    return browser.new_context(**usual | options).new_page()


def show_nearest(page: Page, url: str) -> None:
    """Open the finder and wait for its answer."""
    page.goto(url)
    page.wait_for_selector(".station.best")


def log_in(page: Page, url: str) -> None:
    """Go to the staff's pages."""
    page.goto(f"{url}/staff/?lang=zh")
    page.fill("#name", _WORKER)
    page.fill("#password", _PASSWORD)
    page.click(".login button")
    page.wait_for_selector(".deskhead")


def settle(page: Page) -> None:
    """Wait until nothing is being fetched and what came has been drawn."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)


def take(page: Page, name: str, *, close: bool = True) -> None:
    """Write one picture."""
    settle(page)
    path = PICTURES / f"{name}.jpg"
    page.screenshot(path=path, type="jpeg", quality=QUALITY)
    print(f"{path.name}: {path.stat().st_size // 1024} kB")
    if close:
        page.context.close()
