"""A station's history in words: who, when, through what, and which fields from what to what."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from flask_babel import gettext

from webmap.forms.say import Change, say_changes, say_stamp

if TYPE_CHECKING:
    import pandas as pd

_IMPORT = "import:"


class Event(NamedTuple):
    """One row of history, ready to be written."""

    at: str  # on the stations' clock
    moment: str  # ISO 8601, for programs
    actor: str  # "" for a program that is named by its origin
    origin: str
    is_first: bool  # the station was entered here; its changes are all its fields
    changes: list[Change]


def say_history(history: pd.DataFrame) -> list[Event]:
    """Return the rows of ``Store.history`` in words, newest first."""
    rows = cast("list[dict[str, Any]]", history.iloc[::-1].to_dict(orient="records"))
    return [_event(row) for row in rows]


def _event(row: dict[str, Any]) -> Event:
    return Event(
        at=say_stamp(dt.datetime.fromisoformat(row["at"])),
        moment=row["at"],
        actor=row["actor"] if row["actor"] != row["origin"] else "",
        origin=_say_origin(row["origin"]),
        is_first=row["action"] == "create",
        changes=say_changes(row["before"], row["after"]),
    )


def _say_origin(origin: str) -> str:
    """Return through what a change came."""
    if origin.startswith(_IMPORT):
        return gettext("导入 %(file)s", file=origin.removeprefix(_IMPORT))
    words = {
        "form": gettext("网页表单"),
        "check": gettext("待查"),
        "cli": gettext("命令行"),
        "demo": gettext("演示数据"),
    }
    return words.get(origin, origin)
