"""What was typed about a station, judged as a whole: every fault at its field, or a station."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from flask_babel import gettext

from geo.errors import InvalidCellError
from geo.stations import validate_stations
from geo.stations.cells import parse_cell
from geo.stations.problems import errors_of
from geo.stations.schema import FIELD_BY_NAME
from webmap.forms.entry import say_entry
from webmap.forms.faults import say_fault, say_faults
from webmap.forms.labels import NAMES
from webmap.forms.station import shown_texts, stored_cells
from webmap.staff.hours import Typed, judge_hours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame

    from geo.stations import Validated
    from webmap.forms.faults import Faults
    from webmap.staff.ground import Ground
    from webmap.staff.hours import Option, Verdict
    from webmap.staff.territory import Territory

_PLACE: Final = ("lon", "lat")
_TAKEN: Final = ("new",)  # a code whose address is another page's


@dataclass(frozen=True)
class Draft:
    """A judged form: with faults there is nothing to save."""

    station: GeoDataFrame  # one row of the fields to save; of no use while there are faults
    faults: Faults
    news: tuple[str, ...]  # sentences about what was filled in, read or looks wrong
    question: tuple[Option, ...] = ()  # which of two texts of hours counts


@dataclass(frozen=True)
class Judge:
    """What a form is judged by: the ground, and where its writer may write."""

    ground: Ground
    territory: Territory
    is_demo: bool

    def new(self, texts: Mapping[str, str], choice: str = "", datum: str = "") -> Draft:
        """Judge a new station; an empty code is made from area, name and position.

        ``choice`` is the answer to the question which hours count, if it was asked; ``datum`` that
        of the source of the position, if it was converted.
        """
        hours = judge_hours(Typed.of(texts), Typed(), Typed(), choice)
        cells = dict(texts) | hours.cells() | {"demo": "yes" if self.is_demo else ""}
        cells["source_datum"] = datum
        draft = self._judge(cells, "", hours)
        if draft.station["code"].isin(_TAKEN).any():
            draft.faults.setdefault("code", []).append(say_fault("duplicate_code", "code"))
        return draft

    def change(
        self,
        texts: Mapping[str, str],
        stored: Mapping[str, Any],
        choice: str = "",
        datum: str = "",
    ) -> Draft:
        """Judge a changed station; what was not touched stays as stored, to the last digit.

        ``choice`` and ``datum`` as in `new`.
        """
        shown, kept = shown_texts(stored), stored_cells(stored)
        cells = {name: kept[name] if texts[name] == shown[name] else texts[name] for name in NAMES}
        hours = judge_hours(Typed.of(texts), Typed.of(shown), Typed.of(kept), choice)
        cells |= hours.cells() | {"source_datum": datum}
        if all(texts[name] == shown[name] for name in _PLACE):
            cells |= {name: kept[name] for name in _PLACE}
            cells["source_datum"] = str(stored["source_datum"])
        cells["code"] = str(stored["code"])
        draft = self._judge(cells, cells["code"], hours)
        if fault := self._outside(float(stored["lon"]), float(stored["lat"]), kept):
            draft.faults.setdefault("lon", []).insert(0, fault)
        names = [*NAMES, "source_datum"]
        return replace(draft, station=draft.station[names])

    def _judge(self, cells: dict[str, str], code: str, hours: Verdict) -> Draft:
        """Judge the cells of a station that has this code, "" for a new one."""
        where = _position(cells)
        filled = self.ground.name_areas(cells, *where) if where else {}
        cells |= filled
        row = pd.DataFrame([cells], dtype=str)
        checked = validate_stations(row, source="form", read_words=False)
        faults = say_faults(errors_of(checked.problems))
        faults |= {name: said for name, said in hours.faults.items() if name != "hours_text"}
        faults = hours.faults | faults
        news = (
            [gettext("按位置填上了：%(area)s。", area=" ".join(filled.values()))] if filled else []
        )
        news += hours.news
        if where and not faults.keys() & set(_PLACE):
            fault = self.ground.fault(*where, but=code) or self._outside(*where, cells)
            if fault:
                faults["lon"] = [fault]
        station = _one_row(checked)
        if len(station):
            news += say_entry(station.iloc[0]).values()
        return Draft(station, faults, tuple(news), hours.question)

    def _outside(self, lon: float, lat: float, cells: Mapping[str, str]) -> str:
        """Return the message of a station outside the writer's area, "" inside."""
        if self.territory.holds(lon, lat, (cells["district"], cells["subdistrict"])):
            return ""
        area = self.territory.name
        return gettext("这里不在你负责的地方（%(area)s）。请换一个位置，或者找管理员。", area=area)


def _position(cells: Mapping[str, str]) -> tuple[float, float] | None:
    """Return longitude and latitude if both are numbers in range."""
    try:
        lon, lat = (parse_cell(FIELD_BY_NAME[name], cells[name]) for name in _PLACE)
    except InvalidCellError:
        return None
    return (lon, lat) if isinstance(lon, float) and isinstance(lat, float) else None


def _one_row(checked: Validated) -> GeoDataFrame:
    """Return the station without its geometry; no row if it was refused."""
    return checked.stations.drop(columns="geometry")
