"""Doubtful records, ready to be written: two side by side, or one at an odd position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from webmap.forms.labels import LABELS
from webmap.forms.say import say_cell
from webmap.staff.alike_words import say_away, say_odd, say_reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.store import Store
    from webmap.record_doubts import Pair, Place
    from webmap.staff.territory import Territory

    Rows = Mapping[str, Mapping[str, Any]]  # stations by code

_SHOWN: Final = (  # fields of both records
    "address", "district", "subdistrict", "kind", "status", "hours_text", "hours", "phone_public",
    "verified_on", "source",
)  # fmt: skip


class Record(NamedTuple):
    """One of two stations."""

    code: str
    name: str
    cells: list[tuple[str, str, bool]]  # label, text, whether the other one says something else
    may_drop: bool


class Couple(NamedTuple):
    """Two stations that may be one."""

    away: str
    why: list[str]
    records: tuple[Record, Record]
    may_part: bool


class Spot(NamedTuple):
    """A station at an odd position."""

    code: str
    name: str
    address: str
    what: str
    kind: str
    about: str
    may: bool


def read_rows(store: Store, codes: Iterable[str]) -> Rows:
    """Return stations by code."""
    rows = store.read_stations(codes=sorted(set(codes))).drop(columns="geometry")
    return {row["code"]: row for row in cast("list[dict[str, Any]]", rows.to_dict("records"))}


def couple_of(pair: Pair, rows: Rows, territory: Territory, *, may: bool) -> Couple:
    """Return a pair in words; who may change neither of the two may not settle it."""
    one, other = rows[pair.code], rows[pair.other]
    names = [name for name in _SHOWN if one[name] or other[name]]
    own = [may and holds(territory, row) for row in (one, other)]

    def _record(row: Mapping[str, Any], *, may_drop: bool) -> Record:
        cells = [
            (str(LABELS[name]), say_cell(name, row[name]), one[name] != other[name])
            for name in names
        ]
        return Record(row["code"], row["name"], cells, may_drop)

    return Couple(
        away=say_away(pair.away_m),
        why=say_reasons(pair.reasons, pair.twin_from, pair.twin_datum),
        records=(_record(one, may_drop=own[0]), _record(other, may_drop=own[1])),
        may_part=any(own),
    )


def spot_of(place: Place, rows: Rows, territory: Territory, *, may: bool) -> Spot:
    """Return a station at an odd position in words."""
    row = rows[place.code]
    return Spot(
        code=place.code,
        name=row["name"],
        address=row["address"],
        what=say_odd(place.odd),
        kind=place.question.kind,
        about=place.question.about,
        may=may and holds(territory, row),
    )


def holds(territory: Territory, row: Mapping[str, Any]) -> bool:
    """Return whether a station lies in the area of an account."""
    return territory.holds(row["lon"], row["lat"], (row["district"], row["subdistrict"]))
