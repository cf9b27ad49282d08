"""Why somebody changed a station: free to say, but nobody closes one without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request
from flask_babel import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY: Final = "why"  # in a form
LONGEST: Final = 500  # characters
_CLOSED: Final = "closed"


def read_reason(name: str = WHY) -> str:
    """Return why, as the sent form says it, on one line."""
    return " ".join(request.form.get(name, "").split())[:LONGEST]


def missing_reason(texts: Mapping[str, str], stored: Mapping[str, object]) -> str:
    """Return what to tell who closes a station without saying why; "" of all others."""
    closes = texts["status"] == _CLOSED != stored["status"]
    return gettext("在最下面写一下为什么关。") if closes and not read_reason() else ""
