"""What a form asks before it is saved: whether it is a known station, whether its place is right.

They are questions: whoever answers "no, save it" is believed, and not asked again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from flask import current_app, url_for

from geo.stations.duplicates import USED, find_alike
from geo.stations.sameness import ASK
from geo.stations.twins import REACH_DEG
from geo.store.settled import Question
from geo.whereabouts import Surroundings, find_elsewhere, find_odd
from webmap.staff.alike_words import say_away, say_odd, say_reasons
from webmap.staff.base import roll_of
from webmap.words import say_word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from geopandas import GeoDataFrame

    from geo.city import City
    from geo.store import Store
    from geo.whereabouts import Odd
    from webmap.cities import Cities
    from webmap.staff.desk import Desk

SURE: Final = "sure"  # in a form: the questions answered with "no, save it"
_OF_AREA: Final = ("lon", "lat", "district", "subdistrict", "address")
_MOST: Final = 6  # stations in one question
_MARK_LETTERS: Final = 12


class Other(NamedTuple):
    """A station near the one that is typed, ready to be shown."""

    code: str
    name: str
    address: str
    status: str  # a word; "" where it is open
    away: str
    why: list[str]  # what speaks for it being the same; none: it is only near
    lon: float
    lat: float
    page: str  # its address at the desk


@dataclass(frozen=True)
class Asked:
    """The questions about one station; without any it may be saved."""

    others: tuple[Other, ...] = ()  # perhaps the same
    odd: tuple[Odd, ...] = ()
    place: tuple[float, float] = (0.0, 0.0)

    def __bool__(self) -> bool:
        return bool(self.others or self.odd)

    @property
    def doubts(self) -> list[str]:
        """What is odd about the position, in words."""
        return [say_odd(one) for one in self.odd]

    @property
    def marks(self) -> str:
        """The marks of these questions, as the button that answers them sends them."""
        return " ".join(sorted(_mark(question) for question in self.questions("")))

    def questions(self, code: str) -> list[Question]:
        """Return these questions as the store keeps them, asked about the station of this code."""
        pairs = [Question("alike", code, other.code) for other in self.others]
        if code:
            pairs = [Question.of_pair(code, other.code) for other in self.others]
        return pairs + [Question.of_position(one.kind, code, *self.place) for one in self.odd]

    def settle(self, store: Store, code: str, *, actor: str, now: datetime) -> None:
        """Keep that somebody answered these questions."""
        store.settle(self.questions(code), actor=actor, now=now)


def ask_before(
    desk: Desk, station: GeoDataFrame, stored: Mapping[str, Any] | None, sure: str
) -> tuple[Asked, Asked]:
    """Return what is to be asked before a station is saved, and what was just answered.

    Parameters
    ----------
    desk : Desk
        Where it is saved.
    station : GeoDataFrame
        One row: as it would be saved.
    stored : mapping of str to value, optional
        The stored station; what did not change is not asked about.
    sure : str
        ``Asked.marks`` of what the writer answered.

    Returns
    -------
    tuple of Asked
        Open and answered questions.
    """
    row = station.iloc[0]
    place = float(row["lon"]), float(row["lat"])
    others: tuple[Other, ...] = ()
    odd: tuple[Odd, ...] = ()
    if stored is None or any(row[name] != stored[name] for name in USED if name != "status"):
        others = tuple(other for other in find_others(desk, station) if other.why)
    if stored is None or place != (stored["lon"], stored["lat"]):
        odd = tuple(find_odd([place[0]], [place[1]], surroundings(desk)))
    if stored is None or any(row[name] != stored[name] for name in _OF_AREA):
        odd += tuple(find_elsewhere(station, desk.store.read_areas())[0])
    asked, given = Asked(others, odd, place), frozenset(sure.split())
    return _split(asked, given, is_given=False), _split(asked, given, is_given=True)


def find_others(desk: Desk, station: GeoDataFrame, *, least: float = ASK) -> list[Other]:
    """Return the stations around one that is typed, those that may be the same first."""
    rows = roll_of(desk.store)
    lon, lat = float(station["lon"].iloc[0]), float(station["lat"].iloc[0])
    near = ((rows["lon"] - lon).abs() <= REACH_DEG) & ((rows["lat"] - lat).abs() <= REACH_DEG)
    existing = desk.store.read_stations(codes=rows["code"][near].tolist(), columns=USED)
    found = find_alike(station, existing, least=least)
    cells, settled = existing.set_index("code"), desk.store.settled_questions()
    code = str(station["code"].iloc[0])
    others = []
    for pair in cast("list[dict[str, Any]]", found.to_dict("records")):
        other = _other(pair, cast("Mapping[str, Any]", cells.loc[pair["code"]]))
        is_settled = Question.of_pair(code, other.code) in settled
        others.append(other._replace(why=[]) if is_settled else other)
    return sorted(others, key=lambda other: not other.why)[:_MOST]


def surroundings(desk: Desk) -> list[Surroundings]:
    """Return what is known of the ground of a desk's cities."""
    known = cast("Cities", current_app.extensions["cities"])

    def _of(city: City) -> Surroundings:
        box = (city.west, city.south, city.east, city.north)
        return Surroundings(box, lambda: known.network(city), lambda: known.basemap(city))

    return [_of(city) for city in known.of(is_demo=desk.is_demo)]


def _other(pair: Mapping[str, Any], cells: Mapping[str, Any]) -> Other:
    why = say_reasons(pair["reasons"], pair["twin_from"], pair["twin_datum"])
    return Other(
        code=pair["code"],
        name=cells["name"],
        address=cells["address"],
        status="" if cells["status"] == "open" else say_word("status", cells["status"]),
        away=say_away(pair["distance_m"]),
        why=why if pair["score"] >= ASK else [],
        lon=float(cells["lon"]),
        lat=float(cells["lat"]),
        page=url_for("staff.edit", code=pair["code"]),
    )


def _split(asked: Asked, given: Collection[str], *, is_given: bool) -> Asked:
    """Return the questions that were answered just now, or those that were not."""

    def _held(one: Asked) -> bool:
        return (one.marks in given) == is_given

    return Asked(
        tuple(other for other in asked.others if _held(Asked((other,)))),
        tuple(odd for odd in asked.odd if _held(Asked((), (odd,), asked.place))),
        asked.place,
    )


def _mark(question: Question) -> str:
    """Return a short mark of a question that tells nobody its contents."""
    return hashlib.sha256("\n".join(question).encode()).hexdigest()[:_MARK_LETTERS]
