"""Stations as a worker reads them: name, way, answer in one line, what is there, when confirmed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext

from geo.coords import bearing_deg
from geo.hours import Timetable
from geo.nearest.arrival import judge_arrival, wall_time
from geo.nearest.needs import NO_PHONE, Entry, shut_amenities
from geo.stations.cells import parse_cell
from geo.stations.schema import FIELD_BY_NAME
from geo.stations.status import is_in_use
from webmap.answers import say_answer
from webmap.distances import say_direction, say_metres, say_minutes
from webmap.locks import lock_of
from webmap.moments import now, say_age
from webmap.opened import last_opened
from webmap.words import Hours, say_hours, say_list, say_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.nearest import NearestStation
    from geo.nearest.question import Mode

SHOWN_FIRST: Final = (  # amenities in the order in which workers ask for them
    "drinking_water", "microwave", "toilet", "phone_charging", "air_con", "heating",
    "ebike_charging", "seat", "first_aid", "wifi",
)  # fmt: skip
_MOST_FACTS: Final = 4


class Fact(NamedTuple):
    """Something about a station: the icon of the sprite and the word beside it."""

    icon: str
    word: str


class Confirmed(NamedTuple):
    """The day on which a station was last confirmed: by a worker who was let in, or by staff."""

    date: dt.date
    is_opened: bool


class Card(NamedTuple):
    """One station ready to be written; every text is in the visitor's language or the owner's."""

    code: str
    name: str
    kind: str
    kind_word: str
    state: str  # one of the finder's states; "" for a station that is not in use
    line: str  # the one-line answer
    way: str  # minutes, metres, direction; "" without a position
    minutes: str  # the minutes alone, for the short rows
    why: str  # why a nearer one stands lower
    facts: tuple[Fact, ...]
    trail: str  # when it was last confirmed
    place: str
    hours: Hours
    lon: float
    lat: float


def listed_card(
    row: Mapping[str, str],
    at: dt.datetime,
    *,
    is_now: bool = True,
    needs: Sequence[str] = (),
    needs_unknown: Sequence[str] = (),
) -> Card:
    """Return the card of a station of the list, judged at ``at`` as if one stood before it.

    Other options as of `ranked_cards`; ``needs_unknown`` are those nobody has verified.
    """
    state, line = "", say_word("status", row["status"])
    if is_in_use(row, at):
        hours, lock = Timetable.of(row), lock_of(row["code"], at)
        found = judge_arrival(hours, at, at, is_locked=lock.is_locked)
        state = found.state
        line = say_answer(
            found, hours, at, is_now=is_now, locked_at=lock.last_at, locked_by=lock.devices
        )
    facts = _facts(row, wall_time(at), needs, needs_unknown)
    return _card(row, facts, state=state, line=line)


def ranked_cards(
    found: Sequence[NearestStation],
    rows: Mapping[str, Mapping[str, str]],
    *,
    lon: float,
    lat: float,
    at: dt.datetime,
    mode: Mode = "walk",
    is_now: bool = True,
    needs: Sequence[str] = (),
    is_rough: bool = False,
) -> list[Card]:
    """Return the cards of the stations that ``geo.nearest`` found from a position, in its order.

    Parameters
    ----------
    found : sequence of NearestStation
        The answer.
    rows : mapping of str to mapping
        The stored cells of each station, by code.
    lon, lat : float
        The worker, degrees, WGS-84.
    at : datetime
        Aware; the moment of setting out.
    mode : {"walk", "ride"}
        As asked.
    is_now : bool
        Whether ``at`` is the present.
    needs : sequence of str
        Amenity codes asked for, which are said first.
    is_rough : bool
        The position may be wrong by hundreds of metres: minutes are about, and stand alone.
    """
    cards = []
    for station in found:
        row = rows[station.code]
        lock = lock_of(station.code, at)
        hours = Timetable.of(row)
        inside = station.inside_at or station.arrive_at
        cards.append(
            _card(
                row,
                _facts(row, wall_time(inside), needs, station.needs_unknown),
                state=station.state,
                line=say_answer(
                    station,
                    hours,
                    at,
                    is_now=is_now,
                    locked_at=lock.last_at,
                    locked_by=lock.devices,
                ),
                way=_say_roughly(station, mode) if is_rough else _say_way(station, lon, lat, mode),
                minutes=_say_minutes(station, is_rough=is_rough),
                why=_say_why(station, found[0], is_now=is_now),
            )
        )
    return cards


def _card(
    row: Mapping[str, str],
    facts: tuple[Fact, ...],
    *,
    state: str,
    line: str,
    way: str = "",
    minutes: str = "",
    why: str = "",
) -> Card:
    return Card(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        kind_word=say_word("kind", row["kind"]),
        state=state,
        line=line,
        way=way,
        minutes=minutes,
        why=why,
        facts=facts,
        trail=say_trail(row["verified_on"], now().date(), last_opened(row["code"], now())),
        place=row["address"] or row["subdistrict"],
        hours=say_hours(row),
        lon=float(row["lon"]),
        lat=float(row["lat"]),
    )


def say_trail(verified_on: str, today: dt.date, opened_at: dt.datetime | None = None) -> str:
    """Say when somebody last confirmed a station: staff, or a worker who was let in.

    ``verified_on`` is ISO 8601 or ""; ``opened_at``, aware, is when a worker last said "open".
    """
    last = last_confirmed(verified_on, opened_at)
    if not last:
        return gettext("还没有人核实过")
    age = say_age(last.date, today)
    if last.is_opened:
        return gettext("%(age)s有人说开着", age=age)
    return gettext("%(age)s有人确认", age=age)


def last_confirmed(verified_on: str, opened_at: dt.datetime | None) -> Confirmed | None:
    """Return the later of the two of `say_trail`, a worker's before staff's of the same day."""
    opened_on = opened_at and wall_time(opened_at).date()
    if opened_on and (not verified_on or opened_on >= dt.date.fromisoformat(verified_on)):
        return Confirmed(opened_on, is_opened=True)
    return Confirmed(dt.date.fromisoformat(verified_on), is_opened=False) if verified_on else None


def _say_minutes(station: NearestStation, *, is_rough: bool = False) -> str:
    if station.minutes is None:
        return gettext("走不过去")
    minutes = say_minutes(station.minutes)
    return gettext("大约 %(minutes)s", minutes=minutes) if is_rough else minutes


def _say_roughly(station: NearestStation, mode: Mode) -> str:
    """Say the minutes alone: from a rough position metres and direction would be made up."""
    if station.minutes is None:
        return gettext("中间可能没有路")
    minutes = say_minutes(station.minutes)
    if mode == "ride":
        return gettext("骑车大约 %(minutes)s", minutes=minutes)
    return gettext("步行大约 %(minutes)s", minutes=minutes)


def _unbroken(text: str) -> str:
    """Keep a number and its unit on one row."""
    return text.replace(" ", "\u00a0")


def _whole(minutes: float) -> int:
    """Return minutes as they are said."""
    return max(1, round(minutes))


def _say_way(station: NearestStation, lon: float, lat: float, mode: Mode) -> str:
    """Say minutes, metres and direction; about, where the way is not along the map's ways."""
    if station.walk_m is None:
        metres = say_metres(station.straight_m)
        return gettext("中间没有路，直线 %(metres)s", metres=metres)
    parts = {
        "minutes": _unbroken(_say_minutes(station)),
        "metres": _unbroken(say_metres(station.walk_m)),
        "direction": say_direction(bearing_deg(lon, lat, station.lon, station.lat)),
    }
    if mode == "ride":
        if station.off_network:
            return gettext("骑车大约 %(minutes)s · %(metres)s · 往%(direction)s", **parts)
        return gettext("骑车 %(minutes)s · %(metres)s · 往%(direction)s", **parts)
    if station.off_network:
        return gettext("步行大约 %(minutes)s · %(metres)s · 往%(direction)s", **parts)
    return gettext("步行 %(minutes)s · %(metres)s · 往%(direction)s", **parts)


def _say_why(station: NearestStation, first: NearestStation, *, is_now: bool) -> str:
    """Say why a station that is nearer than the first stands below it; "" of others."""
    if station is first or station.minutes is None or first.minutes is None:
        return ""
    if station.state == "unknown" and station.minutes < first.inside_min:
        return gettext("开门时间不详，可能开着")
    nearer = _whole(first.minutes) - _whole(station.minutes)  # as both are said
    if nearer < 1:
        return ""
    reason = gettext("你要的没核实") if station.needs_unknown else _why_not(station, is_now=is_now)
    return gettext("更近 %(minutes)s 分钟，但%(reason)s", minutes=nearer, reason=reason)


def _why_not(station: NearestStation, *, is_now: bool) -> str:
    """Say what keeps a worker out of a station, or waiting before it."""
    reasons = {
        "open": gettext("要等开门"),
        "opens_soon": gettext("要等开门"),
        "reported_locked": gettext("有人说锁着"),
        "unknown": gettext("开门时间不详"),
        "closes_before_arrival": gettext("你到之前就关了"),
    }
    shut = gettext("现在不开门") if is_now else gettext("那时不开门")
    return reasons.get(station.state, shut)


def _facts(
    row: Mapping[str, str],
    inside: dt.datetime,
    needs: Sequence[str],
    needs_unknown: Sequence[str],
) -> tuple[Fact, ...]:
    """Return what is said beside the name: the way in, what works, what is not verified."""
    facts = []
    entry = Entry.of(row)
    if entry.is_by_itself(inside):
        modes = say_list(say_word("entry_mode", mode) for mode in entry.modes(inside))
        facts.append(Fact("self", gettext("自助进门：%(modes)s", modes=modes)))
    if entry.phone_needed(inside) == "no":
        facts.append(Fact(NO_PHONE, gettext("不用手机")))
    has = parse_cell(FIELD_BY_NAME["amenities"], row["amenities"])
    states = has if isinstance(has, dict) else {}
    shut = shut_amenities(row["amenity_hours"], inside)
    codes = dict.fromkeys((*needs, *SHOWN_FIRST))
    working = [code for code in codes if states.get(code) == "yes" and code not in shut]
    facts += [
        Fact(code if code in SHOWN_FIRST else "", say_word("amenity", code)) for code in working
    ]
    shown = facts[: max(_MOST_FACTS, len(facts) - len(working) + len(needs))]
    for need in needs_unknown:
        word = gettext("不用手机") if need == NO_PHONE else say_word("amenity", need)
        shown.append(Fact("unknown", gettext("%(need)s：未核实", need=word)))
    return tuple(shown)
