"""What workers' reports ask staff to look into: the list of open checks, and how one is done."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import pandas as pd
from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from geo.nearest.arrival import wall_time
from geo.stations.evidence import GONE, LOCKED, OF_AMENITY, OPEN
from geo.store.checks import FINE, OUTCOMES
from webmap.checks import tend_checks
from webmap.locks import LOOKBACK, judge_stations
from webmap.moments import now, say_ago
from webmap.roles import needs_role
from webmap.staff.base import blueprint, writer
from webmap.staff.desk import open_desk
from webmap.staff.territory import find_territory
from webmap.words import say_word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from werkzeug.wrappers import Response

    from geo.stations.evidence import Lock, Report
    from geo.store import Store
    from geo.store.checks import Check
    from webmap.staff.territory import Territory

MOST_SHOWN: Final = 200
_LONGEST_NOTE: Final = 500  # characters
_READ: Final = ("name", "address", "district", "subdistrict")
_ORIGIN: Final = "check"  # of a change that the end of a check makes


class Line(NamedTuple):
    """One open check, ready to be written."""

    id: str
    code: str
    name: str
    place: str
    what: str  # why it was opened
    since: str  # how long ago
    said: list[str]  # what workers said, and how many
    is_locked: bool  # the public sees it as reported_locked now
    has_run_out: bool  # it did, until 72 h passed without another word
    may_finish: bool


@blueprint.get("/checks")
@needs_role("viewer")
def checks() -> str:
    """Show the open checks, the oldest first."""
    desk, at = open_desk(), now()
    tend_checks(desk.store, at)
    found = desk.store.list_checks()
    shown = _own_first(desk.store, found)[:MOST_SHOWN]
    return render_template(
        "staff/checks.html",
        desk=desk,
        lines=_lines(desk.store, shown, at),
        total=len(found),
        longest=_LONGEST_NOTE,
    )


@blueprint.post("/checks/<id>")
@needs_role("editor")
def finish(id: str) -> Response:  # noqa: A002 - the column's name
    """Mark a check as done; where nothing was wrong at the door, the station is verified today."""
    store, at = open_desk().store, current_app.extensions["clock"]()
    check, outcome = store.find_check(id), request.form.get("outcome", "")
    rows = _stations(store, [check.code])
    if outcome not in OUTCOMES:
        abort(400)
    if check.code in rows and not _holds(_territory(store), rows[check.code]):
        abort(403)
    note = request.form.get("note", "").strip()[:_LONGEST_NOTE]
    if not store.finish_check(id, outcome, actor=writer().name, now=at, note=note):
        flash(gettext("这一条同事已经处理了。"))
        return redirect(url_for("staff.checks"), 303)
    if outcome == FINE and not check.amenity and check.code in rows:
        day = wall_time(at).date().isoformat()
        verified = pd.DataFrame({"code": [check.code], "verified_on": [day]})
        store.save_stations(verified, actor=writer().name, origin=_ORIGIN, now=at)
    flash(gettext("处理好了，谢谢。"))
    return redirect(url_for("staff.checks"), 303)


def _own_first(store: Store, found: list[Check]) -> list[Check]:
    """Return checks; of too many, those of the account's own area before all that is not."""
    territory = _territory(store)
    if len(found) <= MOST_SHOWN or not territory.code:
        return found
    rows = _stations(store, sorted({check.code for check in found}))
    is_other = {code for code, row in rows.items() if not _holds(territory, row)}
    return sorted(found, key=lambda check: check.code in is_other)  # the oldest first in both


def _lines(store: Store, found: Sequence[Check], at: dt.datetime) -> list[Line]:
    """Put checks into words, with what workers said of their stations."""
    codes = sorted({check.code for check in found})
    rows = _stations(store, codes)
    locks = judge_stations(store, codes, at) if codes else {}
    told: defaultdict[str, list[Report]] = defaultdict(list)
    if found:
        first = min(min(check.opened_at, check.told_at) for check in found)
        for report in store.reports_since(first - LOOKBACK, codes):
            told[report.code].append(report)
    territory, is_editor = _territory(store), writer().may("editor")
    lines = []
    for check in found:
        row = rows.get(check.code, {"name": check.code, "address": "", "subdistrict": ""})
        is_own = check.code not in rows or _holds(territory, row)
        lines.append(
            _line(check, row, told[check.code], locks.get(check.code), at, may=is_own and is_editor)
        )
    return lines


def _line(
    check: Check,
    row: Mapping[str, Any],
    told: Sequence[Report],
    lock: Lock | None,
    at: dt.datetime,
    *,
    may: bool,
) -> Line:
    is_of_lock = check.reason == LOCKED and lock is not None
    return Line(
        id=check.id,
        code=check.code,
        name=row["name"],
        place=row["address"] or row["subdistrict"],
        what=_say_reason(check),
        since=say_ago(check.opened_at, at),
        said=_say_told(check, told, at),
        is_locked=is_of_lock and lock is not None and lock.is_locked,
        has_run_out=is_of_lock and lock is not None and lock.needs_check,
        may_finish=may,
    )


def _say_reason(check: Check) -> str:
    thing = say_word("amenity", check.amenity)
    words = {
        LOCKED: gettext("开放时间里，有人说锁着"),
        GONE: gettext("有人说不在了"),
        OF_AMENITY[0]: gettext("有人说坏了：%(thing)s", thing=thing),
        OF_AMENITY[1]: gettext("有人说没有了：%(thing)s", thing=thing),
    }
    return words[check.reason]


def _say_told(check: Check, told: Sequence[Report], at: dt.datetime) -> list[str]:
    """Say how many devices said what, and when last; "open" speaks against a door's trouble."""
    states = (check.reason,) if check.amenity else (check.reason, OPEN)
    lines = []
    for state in states:
        found = [
            report
            for report in told
            if report.state == state
            and report.amenity == (check.amenity if state == check.reason else "")
            and report.at >= check.told_at - LOOKBACK
        ]
        if found:
            people = len({report.device for report in found})
            number = ngettext("%(num)s 人", "%(num)s 人", people)
            parts = {"state": _say_state(state), "people": number}
            last = say_ago(found[-1].at, at)
            lines.append(
                gettext("说“%(state)s”的：%(people)s（最近一次：%(last)s）", last=last, **parts)
            )
    return lines


def _say_state(state: str) -> str:
    words = {
        OPEN: gettext("开着"),
        LOCKED: gettext("锁着"),
        GONE: gettext("不在了"),
        OF_AMENITY[0]: gettext("坏了"),
        OF_AMENITY[1]: gettext("没有了"),
    }
    return words[state]


def _stations(store: Store, codes: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    rows = store.read_stations(codes=codes, columns=_READ).drop(columns="geometry")
    return {row["code"]: row for row in cast("list[dict[str, Any]]", rows.to_dict("records"))}


def _territory(store: Store) -> Territory:
    return find_territory(writer().area, store.read_areas())


def _holds(territory: Territory, row: Mapping[str, Any]) -> bool:
    return territory.holds(row["lon"], row["lat"], (row["district"], row["subdistrict"]))
