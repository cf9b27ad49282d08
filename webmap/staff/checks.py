"""The list of what staff should look into, the urgent first, and of what was done last."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, cast

from flask import current_app, render_template, request
from flask_babel import gettext

from webmap.checks import Rules, tend_checks
from webmap.moments import now, say_ago, say_date
from webmap.planner.access import desk as run_desk
from webmap.planner.access import may_see
from webmap.roles import needs_role
from webmap.served import Served, newest_served
from webmap.staff.base import blueprint, settings, writer
from webmap.staff.check_acts import LONGEST_NOTE
from webmap.staff.check_lines import Known, name_of, say_checks
from webmap.staff.check_list import (
    ABOUT,
    ALL,
    AREA,
    MINE,
    Found,
    Wish,
    choose,
    own_codes,
    stations_of,
)
from webmap.staff.check_words import ENDS, say_reason
from webmap.staff.desk import open_desk
from webmap.staff.territory import find_territory

if TYPE_CHECKING:
    from webmap.runs import Run
    from webmap.staff.territory import Territory

_MOST_DONE: Final = 50  # shown


@blueprint.get("/checks")
@needs_role("viewer")
def checks() -> str:
    """Show the open checks, the most urgent first, a page at a time."""
    desk, at = open_desk(), now()
    tend_checks(desk.store, at)
    _rules().tend(desk.store, at)
    every = desk.store.list_checks()
    rows = stations_of(desk.store, {code for one in every for code in (one.code, one.amenity)})
    territory = find_territory(writer().area, desk.store.read_areas())
    own = own_codes(territory, rows) | {one.code for one in every if one.code not in rows}
    wish = _wish(territory)
    wanted = own if territory.code else frozenset(rows)
    served = _served(wanted, is_demo=desk.is_demo)
    found = choose(every, wish, name=writer().name, own=own, served=served, at=at)
    size = settings().page_size
    pages = max(1, -(-len(found.checks) // size))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    shown = found.checks[(page - 1) * size : page * size]
    return render_template(
        "staff/checks.html",
        desk=desk,
        wish=wish,
        lines=say_checks(desk.store, shown, Known(rows, own, served, at), writer()),
        total=len(every),
        page=page,
        pages=pages,
        owners=_owners(territory, found),
        abouts=_abouts(found),
        run=served.run,
        run_day=_day_of(served.run),
        longest=LONGEST_NOTE,
    )


@blueprint.get("/checks/done")
@needs_role("viewer")
def checks_done() -> str:
    """Show which checks were done last, by whom, and how they ended."""
    desk, at = open_desk(), now()
    last = desk.store.list_checks(is_done=True, most=_MOST_DONE)
    rows = stations_of(desk.store, {code for one in last for code in (one.code, one.amenity)})
    lines = [
        {
            "code": check.code if check.code in rows else "",
            "name": name_of(check.code, rows),
            "what": say_reason(check, name_of(check.amenity, rows)),
            "end": ENDS[check.reason].get(check.outcome, ""),
            "note": check.note,
            "who": check.done_by,
            "when": say_ago(check.done_at, at) if check.done_at else "",
        }
        for check in last
    ]
    return render_template("staff/checks_done.html", desk=desk, lines=lines)


def _rules() -> Rules:
    return cast("Rules", current_app.extensions.setdefault("rules", Rules()))


def _wish(territory: Territory) -> Wish:
    """Read the wish from the address; who works for an area sees that first."""
    usual = AREA if territory.code else ALL
    who = request.args.get("who", usual)
    about = request.args.get("about", "")
    return Wish(who if who in {MINE, AREA, ALL} else usual, about if about in ABOUT else "")


def _served(codes: frozenset[str], *, is_demo: bool) -> Served:
    def is_known(run: Run) -> bool:
        return may_see(run) or bool(run.published)

    runs = run_desk()
    return newest_served(runs.runs(), runs.folder, codes, is_demo=is_demo, may_see=is_known)


def _owners(territory: Territory, found: Found) -> list[tuple[str, str, int]]:
    """Return the choices of ownerse checks are shown: value, word and number."""
    words = {MINE: gettext("归我去看的"), AREA: territory.name, ALL: gettext("全部地方")}
    if not territory.code:
        del words[AREA]
    return [(who, word, found.by_who[who]) for who, word in words.items()]


def _abouts(found: Found) -> list[tuple[str, str, int]]:
    """Return the choices of what the checks shown are about: value, word and number."""
    words = {
        "": gettext("所有原因"),
        "told": gettext("劳动者报的"),
        "record": gettext("资料有疑问"),
        "age": gettext("太久没核实"),
    }
    return [(about, word, found.by_about.get(about, 0)) for about, word in words.items()]


def _day_of(run: Run | None) -> str:
    """Return the day on which a run ended."""
    if run is None or not run.finished:
        return ""
    return say_date(dt.datetime.fromisoformat(run.finished).astimezone(now().tzinfo).date())
