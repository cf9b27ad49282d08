"""Putting things into one page that opens from disk: data as text, scripts by their hash."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from geo.errors import InvalidOptionError

if TYPE_CHECKING:
    from collections.abc import Iterable

_ESCAPES: Final[dict[str, str | int | None]] = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",  # ends a line in old scripts
    "\u2029": "\\u2029",
}
_ADDRESS: Final = re.compile(r"url\((?!['\"]?data:)[^)]*\)")
_ENDS: Final = re.compile(r"</(script|style)|<!--|<script", re.IGNORECASE)


@dataclass(frozen=True)
class MapFrame:
    """The parts of an interactive map: texts of its styles and scripts, and its element.

    The last script must leave a Leaflet map in ``window.map_report``.
    """

    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    html: str


def to_json(value: object) -> Markup:
    """Return data as JSON that cannot leave a ``script`` element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(str.maketrans(_ESCAPES)))  # noqa: S704 - escaped above


def to_script(text: str) -> Markup:
    """Return one of our scripts for a ``script`` element.

    Raises
    ------
    InvalidOptionError
        It holds what would end the element or hide what follows.
    """
    _require_inside(text)
    return Markup(text)  # noqa: S704 - our own file


def to_style(text: str) -> Markup:
    """Return one of our styles for a ``style`` element, without addresses of other files.

    Raises
    ------
    InvalidOptionError
        It holds what would end the element.
    """
    _require_inside(text)
    return Markup(_ADDRESS.sub("none", text))  # noqa: S704 - our own file


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return the content security policy: these very scripts and styles, pictures inside, else no.

    Parameters
    ----------
    scripts, styles : iterable of str
        The texts between the tags, byte for byte.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hashes(scripts)}",
            f"style-src {_hashes(styles)}",
            "img-src data:",
            "font-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def data_address(content: bytes, kind: str) -> str:
    """Return content as a ``data:`` address; "" of nothing."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if content else ""


def _hashes(texts: Iterable[str]) -> str:
    found = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
    return " ".join(f"'sha256-{one}'" for one in found) or "'none'"


def _require_inside(text: str) -> None:
    found = _ENDS.search(text)
    if found:
        msg = f"a text to be put into the page holds {found.group()!r}"
        raise InvalidOptionError(msg)
