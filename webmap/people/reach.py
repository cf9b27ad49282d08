"""Which accounts somebody may manage: an admin those of the own area, an editor its keepers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import shapely

from geo.store.users import KEEPER
from webmap.staff.territory import Territory, find_territory

if TYPE_CHECKING:
    from collections.abc import Collection

    from geopandas import GeoDataFrame

    from geo.store import Store, User
    from webmap.roles import Account

ADMIN: Final = "admin"
MAKES_KEEPERS: Final = "editor"  # the least role that does
_NAMES: Final = ("name", "address", "district", "subdistrict")
_WITHIN: Final = 0.99  # of an area's ground: borders of two files are never the same line


@dataclass(frozen=True)
class Reach:
    """What an account may manage."""

    who: Account
    store: Store
    areas: GeoDataFrame  # of the store
    territory: Territory
    codes: frozenset[str] | None  # areas within the own; None: all, and accounts of all areas

    @classmethod
    def of(cls, who: Account, store: Store) -> Reach:
        """Return the reach of an account."""
        areas = store.read_areas()
        territory = find_territory(who.area, areas)
        return cls(who, store, areas, territory, areas_within(who.area, areas))

    def choices(self) -> list[tuple[str, str]]:
        """Return code and name of the areas that an account may be bound to, larger ones first."""
        frame = self.areas.drop(columns="geometry")
        rows = cast("list[dict[str, Any]]", frame.to_dict("records"))
        names = {row["code"]: row["name"] for row in rows}
        levels = {"city": 0, "district": 1, "subdistrict": 2}
        rows.sort(key=lambda row: (levels.get(row["level"], 3), row["code"]))
        found = []
        for row in rows:
            if self.codes is None or row["code"] in self.codes:
                around = names.get(row["parent"], "")
                found.append((row["code"], f"{around} {row['name']}".strip()))
        if self.codes is not None and self.who.area not in names:
            found.append((self.who.area, self.who.area))  # a name that no area has
        return found

    def name_of(self, area: str) -> str:
        """Return the name of an area; a code that none has as it stands."""
        found = self.areas.loc[self.areas["code"] == area, "name"]
        return str(found.iloc[0]) if len(found) else area

    def holds_area(self, area: str) -> bool:
        """Return whether an account may be bound to an area; "" is everywhere."""
        return self.codes is None or area in self.codes

    def holds(self, user: User) -> bool:
        """Return whether somebody may manage an account."""
        if user.role == KEEPER:
            return self.who.may(MAKES_KEEPERS) and self.holds_stations(user.stations)
        return self.who.may(ADMIN) and self.holds_area(user.area)

    def holds_stations(self, codes: Collection[str]) -> bool:
        """Return whether stations lie in the own area, all of them, as far as they are there."""
        if self.codes is None:
            return True
        rows = self.stations(codes)
        return bool(rows) and all(self._holds(row) for row in rows.values())

    def outside(self, codes: Collection[str]) -> list[str]:
        """Return which of some stations lie outside, or are not there at all."""
        rows = self.stations(codes)
        return [code for code in codes if code not in rows or not self._holds(rows[code])]

    def stations(self, codes: Collection[str]) -> dict[str, dict[str, Any]]:
        """Return stations by code, with name and place; those that are not there are left out."""
        found = self.store.read_stations(codes=codes, columns=_NAMES).drop(columns="geometry")
        return {row["code"]: row for row in cast("list[dict[str, Any]]", found.to_dict("records"))}

    def _holds(self, row: dict[str, Any]) -> bool:
        names = (row["district"], row["subdistrict"])
        return self.territory.holds(row["lon"], row["lat"], names)


def areas_within(code: str, areas: GeoDataFrame) -> frozenset[str] | None:
    """Return the codes of an area and of those inside it; None for everywhere.

    Parameters
    ----------
    code : str
        "" is everywhere; one that no area has holds itself alone.
    areas : GeoDataFrame
        As ``Store.read_areas`` returns them. What an area is inside of is said by ``parent``, or
        by its shape where the file named none.
    """
    if not code:
        return None
    found, before = {code}, 0
    while len(found) > before:
        before = len(found)
        found |= set(areas.loc[areas["parent"].isin(found), "code"])
    own = areas[areas["code"] == code]
    if len(own) and not own.geometry.iloc[0].is_empty:
        orphans = areas[(areas["parent"] == "") & ~areas["code"].isin(found)]
        shapes = orphans.geometry.to_numpy()
        inside = shapely.area(shapely.intersection(shapes, own.geometry.iloc[0]))
        ground = shapely.area(shapes)
        found |= set(orphans.loc[(ground > 0) & (inside >= _WITHIN * ground), "code"])
    return frozenset(found)
