"""Stations as a worker reads them: name, way, answer in one line, what is there, when confirmed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext

from geo.coords import bearing_deg
from geo.nearest.arrival import judge_arrival
from geo.nearest.needs import NO_PHONE, phone_needed
from geo.stations.cells import parse_cell
from geo.stations.schema import FIELD_BY_NAME
from webmap.moments import say_age, say_moment
from webmap.words import Hours, say_hours, say_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.nearest import NearestStation

SHOWN_FIRST: Final = (  # amenities in the order in which workers ask for them
    "drinking_water", "microwave", "toilet", "phone_charging", "air_con", "heating",
    "ebike_charging", "seat", "first_aid", "wifi",
)  # fmt: skip
_MOST_FACTS: Final = 4
_BY_MINUTE: Final = 90  # longer ways are said in hours
_ALWAYS: Final = ("24/7", "00:00-24:00", "Mo-Su 00:00-24:00")


class Fact(NamedTuple):
    """Something about a station: the icon of the sprite and the word beside it."""

    icon: str
    word: str


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


def listed_card(row: Mapping[str, str], at: dt.datetime) -> Card:
    """Return the card of a station of the list, judged at ``at`` as if one stood before it."""
    state, line = "", say_word("status", row["status"])
    if row["status"] == "open":
        found = judge_arrival(row["hours"], at, at)
        state = found.state
        line = _say_line(state, at, found.opens_at, found.closes_at, row["hours"])
    return _card(row, at, state=state, line=line)


def ranked_cards(
    found: Sequence[NearestStation],
    rows: Mapping[str, Mapping[str, str]],
    *,
    lon: float,
    lat: float,
    at: dt.datetime,
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
    """
    cards = []
    for station in found:
        row = rows[station.code]
        line = _say_line(station.state, at, station.opens_at, station.closes_at, row["hours"])
        first = found[0]
        cards.append(
            _card(
                row,
                at,
                state=station.state,
                line=line,
                way=_say_way(station, lon, lat),
                minutes=_say_minutes(station),
                why="" if station is first else _say_why(station, first),
                needs_unknown=station.needs_unknown,
            )
        )
    return cards


def _card(
    row: Mapping[str, str],
    at: dt.datetime,
    *,
    state: str,
    line: str,
    way: str = "",
    minutes: str = "",
    why: str = "",
    needs_unknown: Sequence[str] = (),
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
        facts=_facts(row, needs_unknown),
        trail=say_trail(row["verified_on"], at.date()),
        place=row["address"] or row["subdistrict"],
        hours=say_hours(row),
        lon=float(row["lon"]),
        lat=float(row["lat"]),
    )


def say_trail(verified_on: str, today: dt.date) -> str:
    """Say when somebody last confirmed a station; ``verified_on`` is ISO 8601 or ""."""
    if not verified_on:
        return gettext("还没有人核实过")
    age = say_age(dt.date.fromisoformat(verified_on), today)
    return gettext("%(age)s有人确认", age=age)


def say_state(state: str) -> str:
    """Return the word of a state, as it stands in the legend."""
    words = {
        "open": gettext("开着"),
        "opens_soon": gettext("快开了"),
        "closes_before_arrival": gettext("赶不上"),
        "closed": gettext("已关"),
        "unknown": gettext("时间不详"),
        "reported_locked": gettext("有人报锁门"),
    }
    return words.get(state, "")


def _say_line(
    state: str,
    at: dt.datetime,
    opens_at: dt.datetime | None,
    closes_at: dt.datetime | None,
    hours: str,
) -> str:
    """Return the one-line answer to "can I get in when I arrive?"."""
    opens = say_moment(opens_at, at) if opens_at else ""
    closes = say_moment(closes_at, at) if closes_at else ""
    if state == "open" and hours in _ALWAYS:
        return gettext("开着，24 小时都能进")
    if state == "open":
        return gettext("开着，%(closes)s 关门", closes=closes) if closes else gettext("开着")
    if state == "opens_soon":
        return gettext("快开了，%(opens)s 开门", opens=opens)
    if state == "closes_before_arrival":
        closes_now = gettext("走到的时候就关门了")
        return (
            gettext("%(now)s，%(opens)s 再开", now=closes_now, opens=opens) if opens else closes_now
        )
    if state == "closed":
        return gettext("关着，%(opens)s 开门", opens=opens) if opens else gettext("关着")
    return gettext("不知道开没开门")


def _say_minutes(station: NearestStation) -> str:
    minutes = station.minutes
    if minutes is None:
        return gettext("走不过去")
    if minutes > _BY_MINUTE:
        return gettext("%(hours)s 小时", hours=f"{round(minutes / 30) / 2:g}")
    return gettext("%(minutes)s 分钟", minutes=max(1, round(minutes)))


def _say_way(station: NearestStation, lon: float, lat: float) -> str:
    """Say minutes, metres and direction; about, where the way is not along the map's ways."""
    if station.walk_m is None:
        metres = _say_metres(station.straight_m)
        return gettext("中间没有路，直线 %(metres)s", metres=metres)
    parts = {
        "minutes": _say_minutes(station),
        "metres": _say_metres(station.walk_m),
        "direction": _say_direction(bearing_deg(lon, lat, station.lon, station.lat)),
    }
    if station.off_network:
        return gettext("步行大约 %(minutes)s · %(metres)s · 往%(direction)s", **parts)
    return gettext("步行 %(minutes)s · %(metres)s · 往%(direction)s", **parts)


def _say_metres(metres: float) -> str:
    """Return metres to the ten, kilometres from one on."""
    tens = max(10, round(metres / 10) * 10)
    if tens < 1000:  # noqa: PLR2004 - metres of a kilometre
        return gettext("%(metres)s 米", metres=tens)
    return gettext("%(km)s 公里", km=f"{metres / 1000:.1f}")


def _say_direction(degrees: float) -> str:
    """Return one of eight directions."""
    words = (
        gettext("北"), gettext("东北"), gettext("东"), gettext("东南"),
        gettext("南"), gettext("西南"), gettext("西"), gettext("西北"),
    )  # fmt: skip
    return words[round(degrees / 45) % 8]


def _say_why(station: NearestStation, first: NearestStation) -> str:
    """Say why a station that is nearer than the first stands below it."""
    if station.minutes is None or first.minutes is None:
        return ""
    if station.state == "unknown" and station.minutes < first.inside_min:
        return gettext("开门时间不详，可能开着")
    nearer = round(first.minutes - station.minutes)
    if nearer < 1:
        return ""
    if station.needs_unknown:
        reason = gettext("你要的没核实")
    elif station.state in ("open", "opens_soon"):
        reason = gettext("要等开门")
    else:
        reason = gettext("到时进不去")
    return gettext("更近 %(minutes)s 分钟，但%(reason)s", minutes=nearer, reason=reason)


def _facts(row: Mapping[str, str], needs_unknown: Sequence[str]) -> tuple[Fact, ...]:
    """Return what is said beside the name: no phone needed, what works, what is not verified."""
    facts = []
    if phone_needed(row) == "no":
        facts.append(Fact(NO_PHONE, gettext("不用手机")))
    has = parse_cell(FIELD_BY_NAME["amenities"], row["amenities"])
    states = has if isinstance(has, dict) else {}
    working = [code for code in SHOWN_FIRST if states.get(code) == "yes"]
    facts += [Fact(code, say_word("amenity", code)) for code in working]
    shown = facts[:_MOST_FACTS]
    for need in needs_unknown:
        word = gettext("不用手机") if need == NO_PHONE else say_word("amenity", need)
        shown.append(Fact("unknown", gettext("%(need)s：未核实", need=word)))
    return tuple(shown)
