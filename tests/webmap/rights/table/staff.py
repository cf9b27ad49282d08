"""The staff desk: the list, the form of a station, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.webmap.rights.right import NOW, seen, sent, typed
from webmap.checks import tend_checks

if TYPE_CHECKING:
    from tests.webmap.rights.world import World

STATION = {"name": "新驿站", "lon": "{lon}", "lat": "39.93", "kind": "rest_station"}

RIGHTS = (
    seen("staff.home", "/staff/"),
    sent("staff.own", "/staff/own", "editor", done=302, writes=False, form={"own": ""}),
    seen("staff.new", "/staff/stations/new", "editor"),
    typed("staff.create", "/staff/stations/new", "editor", done=302, foreign=422, form=STATION),
    seen("staff.edit", "/staff/stations/{station}"),
    typed(
        "staff.change",
        "/staff/stations/{station}",
        "editor",
        done=302,
        foreign=422,
        form={**STATION, "name": "改了名", "seen": "999999-999999"},  # all that will ever be
    ),
    seen("staff.read_hours", "/staff/hours?hours_text=24小时", "editor"),
    seen("staff.checks", "/staff/checks", tends=True),
    seen("staff.checks_done", "/staff/checks/done"),
    sent("staff.take", "/staff/checks/{check}/take", "editor", foreign=403),
    sent(
        "staff.answer",
        "/staff/checks/{check}/answer",
        "editor",
        foreign=403,
        form={"note": "没人接电话"},
    ),
    sent(
        "staff.finish",
        "/staff/checks/{check}",
        "editor",
        foreign=403,
        form={"outcome": "fine", "note": "去看过"},
    ),
)


def furnish(world: World) -> None:
    """Let a door of each area be reported, and a check of it be open."""
    store = world.store
    for code in ("W", "E"):
        for device in ("d", "e"):
            store.add_report(code, "gone", devices=[device + code], at=NOW, now=NOW)
    tend_checks(store, NOW)
    ids = {check.code: check.id for check in store.list_checks()}
    world.put("check", own=ids["W"], foreign=ids["E"])
