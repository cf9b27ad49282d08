"""The staff desk as these tests hold it: a copy of the demo that is changed, and the way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Site, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from webmap.settings import Settings


@pytest.fixture(scope="module")
def site(copy_of_demo: Callable[[], Settings]) -> Iterator[Site]:
    """Serve a copy of the demo whose stations are changed.

    Yields
    ------
    Site
        Stopped after the tests.
    """
    settings = copy_of_demo()
    with serving(settings) as url:
        yield Site(url, settings)


def log_in(page: Page, password: str, name: str = "小王") -> None:
    """Log in from the page that is shown."""
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
