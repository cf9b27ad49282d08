"""A site whose line can be cut, mended and slowed down while browsers are looking at it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from werkzeug.serving import make_server

from tests.browser.conftest import Watch
from webmap import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

    from webmap.settings import Settings


class Line:
    """One installation behind a line; the port stays the same when it is mended."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self._wsgi = self.app.wsgi_app
        self.app.wsgi_app = self._answer  # type: ignore[assignment,method-assign]  # Flask's way
        self._may_answer = threading.Event()
        self._may_answer.set()
        self.asked: list[str] = []  # paths, with their queries
        self._start(0)

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def cut(self) -> None:
        """Refuse all connections from now on."""
        self._server.shutdown()
        self._server.server_close()

    def mend(self) -> None:
        """Answer again."""
        self._start(self._server.server_port)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Take requests, but answer none of them before the end of the block."""
        self._may_answer.clear()
        try:
            yield
        finally:
            self._may_answer.set()

    def _start(self, port: int) -> None:
        self._server = make_server("127.0.0.1", port, self.app, threaded=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        query = environ["QUERY_STRING"]
        self.asked.append(environ["PATH_INFO"] + (f"?{query}" if query else ""))
        self._may_answer.wait(60)
        return self._wsgi(environ, start)


class WatchCut(Watch):
    """A watch that minds no request which fails because the line is cut."""

    def on_console(self, message: ConsoleMessage) -> None:
        """Note all other errors; the library of the streets logs each tile that it is not given."""
        is_tile = "Failed to fetch" in message.text and "protomaps-leaflet" in message.text
        if not is_tile and not message.text.startswith("Failed to load resource: net::ERR_"):
            super().on_console(message)


@contextmanager
def phone(browser: Browser, line: Line, **options: Any) -> Iterator[Page]:  # noqa: ANN401
    """Open a phone's page that may have a service worker.

    Yields
    ------
    Page
        Of 390 x 844.
    """
    usual: dict[str, Any] = {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "locale": "zh-CN",
    }
    context = browser.new_context(base_url=line.url, **usual | options)
    watch = WatchCut()
    watch.follow(context)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert watch.wrongs == [], watch.wrongs
