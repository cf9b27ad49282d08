"""The pages of a keeper: their stations as large cards, and what one tap does to each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from geo.nearest.arrival import wall_time
from geo.stations.status import OPEN, PAUSED, is_in_use, reopens_at
from geo.store.users import KEEPER
from geo.vocab import load_vocab
from webmap.cards import listed_card
from webmap.keeper import acts
from webmap.keeper.base import blueprint, kept_row, kept_rows, me, store
from webmap.moments import now, say_age, say_date
from webmap.roles import needs_role
from webmap.words import say_hours, say_word

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from webmap.keeper.base import Row
    from webmap.words import Hours

_KEPT: Final = (OPEN, PAUSED)  # what a keeper may turn into each other


class Thing(NamedTuple):
    """An amenity that is there, working or not."""

    code: str
    word: str
    state: str


class Station(NamedTuple):
    """One card."""

    code: str
    name: str
    place: str
    state: str  # as the public sees it now, "" where its hours do not count
    line: str
    hours: Hours
    is_paused: bool
    may_change: bool  # False: planned, closed for good, ...: that is the staff's
    confirmed: str
    is_fresh: bool  # confirmed today
    things: list[Thing]


@blueprint.get("")
@needs_role(KEEPER)
def home() -> str:
    """Show the stations of the keeper."""
    at = now()
    tomorrow = at.date() + dt.timedelta(days=1)
    return render_template(
        "keep/home.html",
        stations=[_station(row, at) for row in kept_rows()],
        earliest=tomorrow.isoformat(),
        latest=(at.date() + acts.LONGEST_CLOSURE).isoformat(),
    )


@blueprint.post("/<path:code>/confirm")
@needs_role(KEEPER)
def confirm(code: str) -> Response:
    """Note that all is as it stands on the card."""
    row = _changeable(code)
    acts.confirm(store(), code, actor=me().name, at=_moment())
    return _back(row, gettext("记下了：今天看过，信息没变。谢谢！"))


@blueprint.post("/<path:code>/close")
@needs_role(KEEPER)
def close(code: str) -> Response:
    """Close for a while."""
    row, typed = _changeable(code), request.form.get("until", "").strip()
    until, fault = _until(typed)
    if fault:
        return _back(row, fault, "fault")
    acts.close(store(), code, until, actor=me().name, at=_moment())
    said = gettext("记下了：暂时关门。重新开门那天，记得来点一下“重新开门”。")
    if until is not None:
        said = gettext("记下了：暂时关门，%(day)s重新开门。", day=say_date(until))
    return _back(row, said)


@blueprint.post("/<path:code>/open")
@needs_role(KEEPER)
def reopen(code: str) -> Response:
    """Open again."""
    row = _changeable(code)
    acts.reopen(store(), code, actor=me().name, at=_moment())
    return _back(row, gettext("记下了：重新开门了。"))


@blueprint.post("/<path:code>/amenity")
@needs_role(KEEPER)
def amenity(code: str) -> Response:
    """Note that something is broken, or works again."""
    row, thing = _changeable(code), request.form.get("thing", "")
    state = request.form.get("state", "")
    if state not in acts.TOLD:
        abort(400)
    if not acts.tell_amenity(store(), code, thing, state, actor=me().name, at=_moment()):
        abort(400)
    word = say_word("amenity", thing)
    if state == acts.BROKEN:
        return _back(row, gettext("记下了：%(thing)s坏了。", thing=word))
    return _back(row, gettext("记下了：%(thing)s修好了。", thing=word))


def _changeable(code: str) -> Row:
    """Return the cells of a station that a keeper may change; 409 where only staff may."""
    row = kept_row(code)
    if row["status"] not in _KEPT:
        abort(409)
    return row


def _until(typed: str) -> tuple[dt.date | None, str]:
    """Return the day of opening again, None for none, and what is wrong with it."""
    if not typed:
        return None, ""
    today = now().date()
    try:
        until = dt.date.fromisoformat(typed)
    except ValueError:
        return None, gettext("没看懂这个日期，没有改。写成 2026-03-05 这样。")
    if not today < until <= today + acts.LONGEST_CLOSURE:
        return None, gettext("重新开门的日子要在明天到一年之内，没有改。")
    return until, ""


def _moment() -> dt.datetime:
    clock = current_app.extensions["clock"]
    at: dt.datetime = clock()
    return at


def _back(row: Row, said: str, category: str = "good") -> Response:
    """Go back to the cards and say what was done, of which station where there are several."""
    if len(me().stations) > 1:
        said = gettext("%(name)s：%(said)s", name=row["name"], said=said)
    flash(said, category)
    return redirect(url_for("keeper.home"), 303)


def _station(row: Row, at: dt.datetime) -> Station:
    card = listed_card(row, at)
    is_paused = row["status"] == PAUSED and not is_in_use(row, at)
    line = card.line
    if is_paused:
        end = reopens_at(row["status"], row["status_until"])
        line = gettext("暂时关门，没说到哪天")
        if end is not None:
            line = gettext("暂时关门，%(day)s重新开门", day=say_date(wall_time(end).date()))
    today = wall_time(at).date()
    verified = dt.date.fromisoformat(row["verified_on"]) if row["verified_on"] else None
    states = acts.amenity_cells(row["amenities"])
    return Station(
        code=row["code"],
        name=row["name"],
        place=row["address"] or row["subdistrict"],
        state=card.state,
        line=line,
        hours=say_hours(row),
        is_paused=is_paused,
        may_change=row["status"] in _KEPT,
        confirmed=say_age(verified, today) if verified else "",
        is_fresh=verified == today,
        things=[
            Thing(code, say_word("amenity", code), states[code])
            for code in load_vocab("amenity")
            if states.get(code, "no") != "no"
        ],
    )
