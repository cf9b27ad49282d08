"""Where workers miss a station: cells of about 500 m in which five or more said so in one week."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import current_app
from flask_babel import gettext

from geo.store.wishes import week_of
from webmap.moments import now, say_days
from webmap.planner.access import blueprint
from webmap.search import area_at

if TYPE_CHECKING:
    from webmap.stores import Stores

LEAST: Final = 5  # so few devices could be led back to somebody
WEEKS: Final = 12  # shown
MOST_SHOWN: Final = 30
_WEEK: Final = dt.timedelta(weeks=1)


class Wanted(NamedTuple):
    """One cell in one week, ready to be written."""

    area: str  # where it lies; "" where no area is known
    lon: str  # of its middle, degrees, WGS-84
    lat: str
    week: str
    people: int  # a device counts anew each day


def wanted_places() -> list[Wanted]:
    """Return the cells of the last weeks, the latest week first, in it the most wishes first."""
    stores: Stores = current_app.extensions["stores"]
    today = now().date()
    found = stores.shown().count_wishes(least=LEAST, since=today - (WEEKS - 1) * _WEEK)
    return [
        Wanted(
            area=area_at(one.lon, one.lat),
            lon=f"{one.lon:.4f}",
            lat=f"{one.lat:.4f}",
            week=_say_week(one.week, today),
            people=one.devices,
        )
        for one in found[:MOST_SHOWN]
    ]


def _say_week(week: str, today: dt.date) -> str:
    """Say a week by its days, the last two by their names."""
    if week == week_of(today):
        return gettext("这一周")
    if week == week_of(today - _WEEK):
        return gettext("上一周")
    year, _, number = week.partition("-W")
    monday = dt.date.fromisocalendar(int(year), int(number), 1)
    return say_days(monday, monday + _WEEK - dt.timedelta(days=1))


@blueprint.context_processor
def _offer() -> dict[str, Any]:
    """Give the pages of planners the list; it is read only where it is shown."""
    return {"wanted_places": wanted_places}
