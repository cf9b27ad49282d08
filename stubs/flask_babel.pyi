# What we use of Flask-Babel 4, which ships no types.
# ruff: noqa: A002 - the arguments are called so
from collections.abc import Callable
from datetime import date, datetime

from babel import Locale
from flask import Flask

class LazyString(str): ...

class Babel:
    def __init__(
        self,
        app: Flask | None = None,
        *,
        default_locale: str = "en",
        default_timezone: str = "UTC",
        locale_selector: Callable[[], str | None] | None = None,
    ) -> None: ...

def gettext(string: str, **variables: object) -> str: ...
def ngettext(singular: str, plural: str, num: int, **variables: object) -> str: ...
def lazy_gettext(string: str, **variables: object) -> LazyString: ...
def get_locale() -> Locale | None: ...
def format_date(
    date: date | None = None,
    format: str | None = None,
    rebase: bool = True,
) -> str: ...
def format_datetime(
    datetime: datetime | None = None,
    format: str | None = None,
    rebase: bool = True,
) -> str: ...
