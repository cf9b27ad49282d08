"""The world of the test of rights: two subdistricts, an account of each role, things in both.

It is made once and copied for every request that may change something.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import shutil
import sqlite3
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from geo.stations import validate_stations
from geo.store import open_store
from tests.webmap.rights import table
from tests.webmap.rights.right import (
    EAST,
    FOREIGN,
    HEAD,
    KEEPER,
    LINK,
    NOW,
    OWN,
    STAFF,
    WEST,
    Right,
)
from tests.webmap.staff.conftest import HASH
from webmap.account.link import hash_link
from webmap.settings import DEFAULT_DATABASE, Settings, database_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geo.store import Store

_BOXES: Final = {
    "110101": ("东城区", "district", (116.40, 39.92, 116.44, 39.94)),
    WEST: ("东四街道", "subdistrict", (116.40, 39.92, 116.42, 39.94)),
    EAST: ("朝阳门街道", "subdistrict", (116.42, 39.92, 116.44, 39.94)),
}
_DAY: Final = timedelta(days=1)
_PLACED: Final = {"lat": "39.93", "amenities": "toilet"}
_STATIONS: Final = (
    {"code": "W", "name": "西驿站", "lon": "116.41", "subdistrict": "东四街道", **_PLACED},
    {"code": "E", "name": "东驿站", "lon": "116.43", "subdistrict": "朝阳门街道", **_PLACED},
    {"code": "W2", "name": "西二站", "lon": "116.415", "subdistrict": "东四街道", **_PLACED},
    {"code": "E2", "name": "东二站", "lon": "116.435", "subdistrict": "朝阳门街道", **_PLACED},
)


@dataclass
class World:
    """An installation and the names of what lies in it."""

    settings: Settings
    store: Store
    things: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, name: str, *, own: str | Mapping[str, str], foreign: str) -> None:
        """Give a name to two things of a kind.

        Parameters
        ----------
        name : str
            As it stands in braces in addresses and forms.
        own : str or mapping
            Of the accounts' area; a mapping from who to theirs, of what has an owner.
        foreign : str
            Of another area or owner.
        """
        self.things[name] = {OWN: own, FOREIGN: foreign}


def table_files() -> list[Any]:
    """Return the modules of the table."""
    names = sorted(part.name for part in pkgutil.iter_modules(table.__path__))
    return [importlib.import_module(f"{table.__name__}.{name}") for name in names]


def all_rights() -> list[Right]:
    """Return all lines of the table."""
    return [right for module in table_files() for right in module.RIGHTS]


def make_world(instance: Path) -> dict[str, dict[str, Any]]:
    """Make the installation in a folder; return the names of its things."""
    settings = settings_of(instance)
    settings.make_instance()
    with open_store(settings.database) as store:
        world = World(settings, store)
        _settle(world)
        for module in table_files():
            if hasattr(module, "furnish"):
                module.furnish(world)
    return world.things


def settings_of(instance: Path) -> Settings:
    """Return the settings of an installation in a folder."""
    return Settings(instance=instance, database=database_url(str(instance / DEFAULT_DATABASE)))


def copy_world(instance: Path, target: Path) -> Settings:
    """Copy the installation; return the settings of the copy."""
    shutil.copytree(instance, target)
    return settings_of(target)


class Print:
    """A digest of all that an installation holds: of every row, and of every name of a run's file.

    Rows are read again only when somebody else has written to the file.
    """

    def __init__(self, settings: Settings) -> None:
        self._runs = settings.runs
        self._connection = sqlite3.connect(settings.instance / DEFAULT_DATABASE)
        self._read: tuple[int, str] = (-1, "")

    def take(self) -> str:
        """Return the digest."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._read[0]:
            rows = "\n".join(_rows(self._connection))
            self._read = version, hashlib.sha256(rows.encode()).hexdigest()
        names = sorted(str(path) for path in self._runs.rglob("*"))
        return self._read[1] + hashlib.sha256("\n".join(names).encode()).hexdigest()

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


def fill(text: str, things: Mapping[str, Mapping[str, Any]], who: str, place: str) -> str:
    """Put the things of a place, and of who asks, into the braces of a text."""
    known = {}
    for name, both in things.items():
        thing = both[place]
        if not isinstance(thing, str):  # it has an owner; a visitor asks for some editor's
            thing = thing.get(who, thing["editor"])
        known[name] = thing
    return text.format_map(known) if "{" in text else text


def _rows(connection: sqlite3.Connection) -> list[str]:
    """Return every table's name and rows, in order."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    lines: list[str] = []
    for (name,) in names.fetchall():
        rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 - our own tables
        lines += [name, *sorted(map(repr, rows))]
    return lines


def _settle(world: World) -> None:
    """Save areas, stations and accounts."""
    names, levels, edges = zip(*_BOXES.values(), strict=True)
    frame = gpd.GeoDataFrame(
        {"code": list(_BOXES), "name": names, "level": levels, "parent": ["", "110101", "110101"]},
        geometry=[box(*sides) for sides in edges],
        crs=4326,
    )
    world.store.save_areas(frame)
    stations = validate_stations(pd.DataFrame(_STATIONS), source="made up").stations
    world.store.save_stations(stations, actor="test", origin="test", now=NOW - _DAY)
    for who in STAFF:
        role, area = ("admin", "") if who == HEAD else (who, WEST)
        world.store.add_user(who, role=role, area=area, password_hash=HASH, now=NOW)
    world.store.add_keeper(KEEPER, stations=["W"], now=NOW, link_hash=hash_link(LINK))
    world.put("station", own="W", foreign="E")
    world.put("area", own="/东四街道", foreign="/朝阳门街道")
    world.put("lon", own="116.411", foreign="116.431")  # of a new place
