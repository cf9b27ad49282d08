"""A served demo installation and a real Chromium that reports everything that should not be.

Every page opened through these fixtures fails its test on a console error, an exception in a
script, a violation of the security policy, or a request that leaves this machine.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from geo.store import open_store
from tests.demo import copy_of_demo, demo_instance
from tests.passwords import cheap_hash
from webmap import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

    from webmap.settings import Settings

    OpenPage = Callable[..., Page]

__all__ = ["copy_of_demo", "demo_instance"]  # fixtures of these tests

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "a made-up password"  # noqa: S105  # of accounts that live for one test
_NEAR = ("127.0.0.1", "localhost")
_TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


@dataclass(frozen=True)
class Site:
    """A running installation: its address, its settings, and a way to make accounts."""

    url: str
    settings: Settings

    def user(self, name: str, role: str, area: str = "") -> str:
        """Make an account and return its password."""
        with open_store(self.settings.database) as store:
            store.add_user(
                name,
                role=role,
                area=area,
                password_hash=cheap_hash(PASSWORD),
                now=datetime.now(UTC),
            )
        return PASSWORD


@dataclass
class Watch:
    """What a page did that it should not."""

    wrongs: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # pages answered with an error on purpose

    def on_console(self, message: ConsoleMessage) -> None:
        """Note an error; a browser also logs a page that was refused on purpose."""
        is_refusal = message.text.startswith("Failed to load") and (
            message.location["url"] in self.refused
        )
        if message.type == "error" and not is_refusal:
            self.wrongs.append(f"console: {message.text} {message.location['url']}")

    def on_route(self, route: Route) -> None:
        """Stop and note a request to another machine."""
        parts = urlsplit(route.request.url)
        if parts.scheme in ("http", "https", "ws") and parts.hostname not in _NEAR:
            self.wrongs.append(f"outside: {route.request.url}")
            route.abort()
        else:
            route.fallback()

    def follow(self, context: BrowserContext) -> None:
        """Watch all pages of a context."""
        context.add_init_script(_TELL_VIOLATIONS)
        context.route("**/*", self.on_route)
        context.on("console", self.on_console)
        context.on("weberror", lambda error: self.wrongs.append(f"script: {error.error}"))
        context.on("response", self._on_response)

    def _on_response(self, response: Any) -> None:  # noqa: ANN401  # Playwright's response
        if response.status >= 400 and response.request.is_navigation_request():
            self.refused.add(response.url)


@pytest.fixture(scope="session")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve one copy of the demo to all files whose tests change nothing in it.

    A file whose tests do has a ``site`` of its own. A process of its own takes long to start.

    Yields
    ------
    Site
        Stopped after them.
    """
    settings = copy_of_demo()
    with serving(settings) as url:
        yield Site(url, settings)


@contextmanager
def served_here(settings: Settings, now: Callable[[], datetime] | None = None) -> Iterator[Site]:
    """Serve an installation from a thread, by the clock ``now`` if given.

    Yields
    ------
    Site
        Stopped after the block.
    """
    app = create_app(settings)
    if now:
        app.extensions["clock"] = now
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", settings)
    finally:
        server.shutdown()
        server.server_close()
        app.extensions["stores"].close()


class serving:  # noqa: N801  # reads as a verb
    """Run ``nuanyi serve`` on a free port while the block lasts; enters as the address."""

    def __init__(
        self,
        settings: Settings,
        *,
        workers: int = 1,
        worker: bool = False,
        out: int | None = None,
    ) -> None:
        self._settings = settings
        self._out = out  # a file's descriptor for all that it prints; None: where this does
        self._workers = workers
        self._runs = [] if worker else ["--no-worker"]

    def __enter__(self) -> str:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            port = trial.getsockname()[1]
        command = [sys.executable, "-c", "from webmap.cli import main; main()", "serve"]
        options = ["--port", str(port), "--workers", str(self._workers), *self._runs]
        kept = {key: text for key, text in os.environ.items() if not key.startswith("NUANYI_")}
        instance = {"NUANYI_INSTANCE": str(self._settings.instance)}
        self._process = subprocess.Popen(  # noqa: S603
            [*command, *options], env=kept | instance, stdout=self._out, stderr=self._out
        )
        url = f"http://127.0.0.1:{port}"
        wait_until_alive(url, self._process)
        return url

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=60)


def wait_until_alive(url: str, process: subprocess.Popen[bytes]) -> None:
    """Ask until the site answers; fail as soon as its process has ended."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310  # http, ours
                return
        except (URLError, ConnectionError):
            try:
                process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
    pytest.fail(f"the site ended with {process.returncode} before it answered")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once; where it is not installed these tests are skipped, but never in CI.

    Yields
    ------
    Browser
        Closed at the end.
    """
    if not CHROMIUM.exists():
        message = "Chromium is not installed (apt-get install chromium fonts-noto-cjk)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM), headless=True, args=FLAGS
        )
        yield started
        started.close()


@pytest.fixture
def open_page(site: Site, browser: Browser) -> Iterator[OpenPage]:
    """Return a function that opens a page with Playwright's context options.

    Yields
    ------
    callable
        ``open_page(**options) -> Page``; relative addresses are those of the site.
    """
    watch, contexts = Watch(), []

    def _open(**options: Any) -> Page:  # noqa: ANN401  # Playwright's options
        usual = {
            "viewport": {"width": 1280, "height": 800},
            "locale": "zh-CN",
            "service_workers": "block",  # for tests of its own
        }
        context = browser.new_context(base_url=site.url, **usual | options)
        watch.follow(context)
        contexts.append(context)
        return context.new_page()

    yield _open
    for context in contexts:
        context.close()
    assert watch.wrongs == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Return a page of a desk's width in Chinese."""
    return open_page()
