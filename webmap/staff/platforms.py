"""Map platforms: the sheet to hand in, how far each station has come, and progress by area."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext

from geo.coords import DATUMS
from geo.stations.platforms import (
    CONTENTS,
    PLATFORMS,
    TEXT,
    SheetColumn,
    platform_sheet,
    write_platform_sheet,
)
from geo.store.platforms import ACCEPTED, PLATFORM_STATES, SENT, WRONG
from geo.store.sheets import OUT
from webmap.forms.labels import LABELS
from webmap.forms.say import say_stamp
from webmap.preferences import language
from webmap.roles import needs_role
from webmap.staff.base import blueprint, my_territory, roll_of, writer
from webmap.staff.desk import open_desk
from webmap.staff.export import DATUM_WORDS
from webmap.staff.reason import read_reason
from webmap.staff.roll import Wish, areas_of, find

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd
    from werkzeug.wrappers import Response as AnyResponse

    from geo.store import Store
    from geo.store.platforms import PlatformState

NONE, GONE = "none", "gone"  # not handed in yet | closed here, but still on the platform
LISTED: Final = ("open", "temporarily_closed")  # what belongs on a map
STATE_WORDS: Final = {
    NONE: lazy_gettext("还没报"),
    SENT: lazy_gettext("已经报了"),
    ACCEPTED: lazy_gettext("能查到了"),
    WRONG: lazy_gettext("有错，要改"),
    GONE: lazy_gettext("关了，要请平台删"),
}
CONTENT_WORDS: Final = {
    "lon_lat": lazy_gettext("经度,纬度"),
    "full_address": lazy_gettext("区县街道加地址"),
    "hours": lazy_gettext("开放时间"),
    TEXT: lazy_gettext("固定写后面这几个字"),
}
MOST_TICKED: Final = 300
_SPARE: Final = 2  # empty lines for more columns
_LONGEST: Final = 60  # characters of a header
_MOST_COLUMNS: Final = 40
_FORMATS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class Progress(NamedTuple):
    """How far an area has come."""

    area: str
    total: int
    counts: dict[str, int]  # by state, those of NONE among them

    @property
    def percent(self) -> int:
        """Accepted ones of a hundred, rounded down."""
        return 100 * self.counts.get(ACCEPTED, 0) // self.total


class Sheet(NamedTuple):
    """The sheet of a platform as it was last settled."""

    columns: list[SheetColumn]
    datum: str


@blueprint.get("/platforms")
@needs_role("viewer")
def platforms() -> str:
    """Show progress by area, the stations of one state, and the sheet."""
    desk, platform = open_desk(), _platform()
    states = desk.store.platform_states(platform)
    rows = _with_states(roll_of(desk.store), states)
    asked = request.args.get("state", "")
    shown = _asked_rows(rows)
    sheet = _sheet(desk.store, platform)
    is_listed = len(shown) <= MOST_TICKED
    return render_template(
        "staff/platforms.html",
        desk=desk,
        platform=platform,
        platforms=[(name, _say_platform(name)) for name in PLATFORMS],
        progress=_progress(rows),
        words=STATE_WORDS,
        choices=[(state, STATE_WORDS[state]) for state in (NONE, *PLATFORM_STATES, GONE)],
        areas=[(area, area) for area in areas_of(rows)],
        asked={"area": request.args.get("area", ""), "state": asked},
        total=len(shown),
        rows=shown.to_dict("records") if is_listed else [],
        told={code: (one.note, one.set_by, say_stamp(one.set_at)) for code, one in states.items()},
        sheet=sheet,
        lines=[*sheet.columns, *[SheetColumn("", "name")] * _SPARE],
        contents=[(name, CONTENT_WORDS.get(name) or LABELS[name]) for name in CONTENTS],
        datums=[(datum, DATUM_WORDS[datum]) for datum in DATUMS],
        may_set=writer().may("editor"),
        may_sheet=writer().may("reviewer"),
    )


@blueprint.get("/platforms/sheet")
@needs_role("viewer")
def platform_file() -> Response:
    """Send the sheet of the stations asked for, as the platform takes it."""
    desk, platform = open_desk(), _platform()
    ending = request.args.get("format", "")
    if ending not in _FORMATS:
        abort(400)
    states = desk.store.platform_states(platform)
    rows = _asked_rows(_with_states(roll_of(desk.store), states))
    sheet = _sheet(desk.store, platform)
    stations = desk.store.read_stations(codes=rows["code"].tolist())
    name = f"nuanyi-{'demo-' if desk.is_demo else ''}{platform}-{sheet.datum}.{ending}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        write_platform_sheet(platform_sheet(stations, sheet.columns, datum=sheet.datum), file)
        content = file.read_bytes()
    response = Response(content, mimetype=_FORMATS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/platforms/states")
@needs_role("editor")
def set_states() -> AnyResponse:
    """Set the state of ticked stations, and of those whose codes were pasted."""
    store, platform = open_desk().store, _platform()
    state = request.form.get("set", "")
    if state not in {NONE, *PLATFORM_STATES}:
        abort(400)
    wanted = set(request.form.getlist("code"))
    pasted = set(re.split(r"[\s,;，；、]+", request.form.get("codes", ""))) - {""}
    rows = roll_of(store)
    known = rows[rows["code"].isin(wanted | pasted)]
    place = ["district", "subdistrict"]
    found = store.read_stations(codes=known["code"].tolist(), columns=place)
    territory = my_territory(store)
    codes = [row["code"] for row in found.to_dict("records") if territory.holds_row(row)]
    number = store.set_platform_state(
        platform,
        codes,
        "" if state == NONE else state,
        actor=writer().name,
        now=_now(),
        note=read_reason("note"),
    )
    flash(ngettext("记好了 %(num)s 个。", "记好了 %(num)s 个。", number), "good")
    if strange := len(pasted - set(rows["code"])):
        flash(ngettext("%(num)s 个编号没有这样的驿站。", "%(num)s 个编号没有这样的驿站。", strange))
    if outside := len(known) - number:
        flash(
            ngettext(
                "%(num)s 个不在你负责的地方，没有动。",
                "%(num)s 个不在你负责的地方，没有动。",
                outside,
            )
        )
    return redirect(url_for("staff.platforms", platform=platform, **_asked(request.form)), 303)


@blueprint.post("/platforms/sheet")
@needs_role("reviewer")
def save_platform_sheet() -> AnyResponse:
    """Keep which column of a platform's sheet holds what."""
    store, platform = open_desk().store, _platform()
    parts = [request.form.getlist(name) for name in ("header", "content", "text")]
    columns = [
        SheetColumn(header.strip()[:_LONGEST], content, text.strip()[:_LONGEST])
        for header, content, text in zip(*parts, strict=False)
        if header.strip()
    ][:_MOST_COLUMNS]
    datum = request.form.get("datum", "")
    if datum not in DATUMS or any(column.content not in CONTENTS for column in columns):
        abort(400)
    headers = Counter(column.header for column in columns)
    twice = [header for header, count in headers.items() if count > 1]
    if not columns or twice:
        what = gettext("“%(header)s”写了两次", header=twice[0]) if twice else gettext("一列也没有")
        flash(gettext("表格没有存：%(what)s。", what=what))
    else:
        kept = [[one.header, one.content, one.text] for one in columns]
        store.save_sheet(
            OUT, platform, columns={"columns": kept}, datum=datum, actor=writer().name, now=_now()
        )
        flash(gettext("表格的样子记住了。"), "good")
    return redirect(url_for("staff.platforms", platform=platform), 303)


def _platform() -> str:
    """Return which platform is asked for."""
    name = request.values.get("platform", "") or next(iter(PLATFORMS))
    if name not in PLATFORMS:
        abort(404)
    return name


def _say_platform(name: str) -> str:
    return PLATFORMS[name].zh if language() == "zh" else PLATFORMS[name].en


def _asked(values: Mapping[str, str]) -> dict[str, Any]:
    return {name: values.get(name) or None for name in ("area", "state")}


def _with_states(rows: pd.DataFrame, states: Mapping[str, PlatformState]) -> pd.DataFrame:
    """Return the list of stations that belong on a map or are on it, with a column of states."""
    known = {code: one.state for code, one in states.items()}
    found = rows.assign(state=[known.get(code, NONE) for code in rows["code"]])
    is_listed = found["status"].isin(LISTED)
    found.loc[~is_listed & (found["state"] != NONE), "state"] = GONE
    return found[is_listed | (found["state"] == GONE)]


def _asked_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the area and state that the address asks for."""
    found = find(rows, Wish(area=request.args.get("area", "")))
    state = request.args.get("state", "")
    return found[found["state"] == state] if state else found


def _progress(rows: pd.DataFrame) -> list[Progress]:
    """Return how far each area has come, of the stations that belong on a map."""
    listed = rows[rows["state"] != GONE]
    order = [*areas_of(listed), ""]
    counts = {area: Counter(part["state"]) for area, part in listed.groupby("area")}
    return [
        Progress(area, sum(counts[area].values()), dict(counts[area]))
        for area in order
        if area in counts
    ]


def _sheet(store: Store, platform: str) -> Sheet:
    """Return the sheet as it was kept, else the one to begin with."""
    kept = store.find_sheet(OUT, platform)
    if kept is None:
        about = PLATFORMS[platform]
        return Sheet(list(about.columns), about.datum)
    columns = [SheetColumn(*cells) for cells in kept["columns"]["columns"]]
    return Sheet([one for one in columns if one.content in CONTENTS], kept["datum"])


def _now() -> dt.datetime:
    now: dt.datetime = current_app.extensions["clock"]()
    return now
