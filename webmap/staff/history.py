"""A station's history in words: who, when, through what, and which fields from what to what."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from flask_babel import gettext

from webmap.forms.say import Change, say_changes, say_stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_IMPORT = "import:"
UNDO = "undo"
BULK = "bulk"


class Event(NamedTuple):
    """One row of history, ready to be written."""

    seq: int  # its number in the history
    at: str  # on the stations' clock
    moment: str  # ISO 8601, for programs
    actor: str  # "" for a program that is named by its origin
    origin: str
    is_first: bool  # the station was entered here; its changes are all its fields
    is_last: bool  # it was taken out here; all it held stands before
    changes: list[Change]
    batch: str  # id of the act upon many it belongs to; "" for one alone
    note: str  # why


def say_history(history: pd.DataFrame) -> list[Event]:
    """Return the rows of ``Store.history`` in words, newest first."""
    rows = cast("list[dict[str, Any]]", history.iloc[::-1].to_dict(orient="records"))
    return [_event(row) for row in rows]


def _event(row: dict[str, Any]) -> Event:
    return Event(
        seq=int(row["seq"]),
        at=say_stamp(dt.datetime.fromisoformat(row["at"])),
        moment=row["at"],
        actor=row["actor"] if row["actor"] != row["origin"] else "",
        origin=say_origin(row["origin"]),
        is_first=row["action"] == "create",
        is_last=row["action"] == "remove",
        changes=say_difference(row["before"], row["after"]),
        batch=row["batch"],
        note=row["note"],
    )


def say_difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return what differs between two states in words; a field may lack on either side."""
    return say_changes(before, {**dict.fromkeys(before, ""), **after})


def say_origin(origin: str) -> str:
    """Return through what a change came."""
    if origin.startswith(_IMPORT):
        return gettext("导入 %(file)s", file=origin.removeprefix(_IMPORT))
    words = {
        "form": gettext("网页表单"),
        "check": gettext("待查"),
        "check:amenity": gettext("待查"),
        "doubts": gettext("可疑的记录"),
        "cli": gettext("命令行"),
        "demo": gettext("演示数据"),
        "keeper": gettext("驿站的人"),
        "keeper:amenity": gettext("驿站的人"),
        BULK: gettext("批量改"),
        UNDO: gettext("撤销"),
    }
    return words.get(origin, origin)
