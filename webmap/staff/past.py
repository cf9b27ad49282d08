"""A station's past: where each field comes from, every change with its differences, and undo."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from flask import render_template

from geo.store.provenance import trace_fields
from geo.zones import LOCAL_ZONE
from webmap.forms.labels import LABELS
from webmap.forms.say import say_cell, say_stamp
from webmap.roles import needs_role
from webmap.staff.base import blueprint, my_territory, writer
from webmap.staff.desk import open_desk
from webmap.staff.history import say_history, say_origin

if TYPE_CHECKING:
    import pandas as pd

    from geo.store import Store
    from geo.store.provenance import Provenance


class Source(NamedTuple):
    """Where one field comes from, ready to be written."""

    label: str
    value: str
    actor: str
    at: str
    origin: str
    verified: str  # a date; "" where it was not verified since


@blueprint.get("/history/<path:code>")
@needs_role("viewer")
def past(code: str) -> str:
    """Show the past of a station, also of one that an undo took out."""
    desk = open_desk()
    history = desk.store.history(code)
    station = _station(desk.store, code)
    is_mine = station is None or my_territory(desk.store).holds_row(station)
    found = trace_fields(history, zone=LOCAL_ZONE)
    return render_template(
        "staff/past.html",
        desk=desk,
        code=code,
        name=station["name"] if station else _last_name(history) or code,
        is_there=station is not None,
        sources=[_source(found[name]) for name in LABELS if name in found and name != "code"],
        events=say_history(history),
        may_undo=writer().may("editor") and is_mine,
    )


def _station(store: Store, code: str) -> dict[str, Any] | None:
    """Return name and place of a station; None if there is none of this code now."""
    columns = ("name", "district", "subdistrict")
    found = store.read_stations(codes=[code], columns=columns).drop(columns="geometry")
    return cast("dict[str, Any]", found.iloc[0].to_dict()) if len(found) else None


def _last_name(history: pd.DataFrame) -> str:
    """Return the last name that a station had."""
    cells = [row[name] for _, row in history.iterrows() for name in ("before", "after")]
    named = [one["name"] for one in cells if one.get("name")]
    return str(named[-1]) if named else ""


def _source(one: Provenance) -> Source:
    return Source(
        label=str(LABELS[one.field]),
        value=say_cell(one.field, one.value),
        actor=one.actor if one.actor != one.origin else "",
        at=say_stamp(one.at),
        origin=say_origin(one.origin),
        verified=one.verified_on.isoformat() if isinstance(one.verified_on, dt.date) else "",
    )
