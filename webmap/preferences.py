"""What a visitor has chosen: the language and the size of the type, remembered in two cookies.

A choice arrives as ``?lang=en`` or ``?type=large`` on any page and stays for a year; no session,
no account. Words outside the lists are ignored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from flask import request
from flask_babel import Babel

if TYPE_CHECKING:
    from flask import Flask, Response

CHOICES: Final[dict[str, tuple[str, ...]]] = {  # the first of each is the default
    "lang": ("zh", "en"),
    "type": ("normal", "large"),
}
_OF_PAGES: Final = (
    "q", "area", "need", "no_phone", "open", "always", "kind", "mode", "at", "status", "sort",
    "page", "place", "from", "who", "what", "since", "until", "below", "after", "platform",
    "state", "only",
    "about",
)  # fmt: skip
_YEAR_S: Final = 365 * 24 * 3600


def add_preferences(app: Flask) -> None:
    """Let ``app`` speak the visitor's language and remember what was chosen."""
    Babel(app, default_locale="zh", default_timezone="Asia/Shanghai", locale_selector=language)
    app.after_request(_remember)
    app.context_processor(_words)


def language() -> str:
    """Return the visitor's language, ``zh`` or ``en``."""
    return chosen("lang")


def chosen(name: str) -> str:
    """Return the visitor's choice: of the address, else of the cookie, else the default."""
    words = CHOICES[name]
    for word in (request.args.get(name), request.cookies.get(name)):
        if word in words:
            return word
    return words[0]


def _remember(response: Response) -> Response:
    """Set a cookie for each choice the address makes; say that pages differ by cookie."""
    for name, words in CHOICES.items():
        word = request.args.get(name)
        if word in words and word != request.cookies.get(name):
            response.set_cookie(
                name,
                word,
                max_age=_YEAR_S,
                secure=request.is_secure,
                httponly=True,
                samesite="Lax",
            )
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
    return response


def _words() -> dict[str, Any]:
    """Give templates the choices, and a way to write this page's address with another one."""
    return {"lang": language(), "type_size": chosen("type"), "address_with": address_with}


def address_with(**changes: str | int) -> str:
    """Return this page's path and query with some words of the query changed; "" takes one out.

    Words of the query that no page knows are left out, so that links stay short and clean.
    """
    query = {name: ",".join(request.args.getlist(name)) for name in (*_OF_PAGES, *CHOICES)}
    query |= {name: str(value) for name, value in changes.items()}
    text = urlencode({name: value for name, value in query.items() if value})
    path = request.script_root + request.path
    return f"{path}?{text}" if text else path
