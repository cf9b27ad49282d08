"""What a run does: tracks, stations and network in, the files of a coverage result out."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.areas import LEVELS
from geo.coords import agreed_datum
from geo.coverage import Drawing, coverage, write_coverage, write_stretches
from geo.coverage.datum import settle_tracks
from geo.coverage.lines import take_lines
from geo.coverage.write import gaps_frame
from geo.errors import EmptyTracksError, InvalidOptionError, OutsideNetworkError
from geo.network import read_network
from geo.tracks import read_tracks
from webmap.cities import DEMO_CITY, Cities
from webmap.demo import demo_file
from webmap.evidence import judge_evidence, locked_at
from webmap.runs.record import DEMO, DEMO_TRACKS, FOR_PAGE, STRETCHES, Run, result_folder
from webmap.runs.upload import uploaded_paths
from webmap.settings import Settings
from webmap.stores import Stores

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from geopandas import GeoDataFrame

    from geo.city import City
    from geo.coverage import Coverage
    from geo.store import Store
    from geo.tracks import Tracks
    from webmap.runs.work import Reporter

LONGEST: Final = 10
_STATION_CELLS: Final = ("name", "kind", "hours", "hours_text")
_BLOCK_FIXES: Final = 100_000  # between two signs of life
_CITY_SHOWN: Final = 3  # decimals of a degree in a message, about 100 m


class NothingToMeasureByError(InvalidOptionError):
    """There is no station, or no demo, that tracks could be measured by."""

    code = "no_stations"


@dataclass(frozen=True)
class _Known:
    """What the store holds, as it stood at the last change of its stations."""

    stations: GeoDataFrame
    cities: Sequence[City]
    areas: list[GeoDataFrame]
    as_of: dt.datetime
    locked: frozenset[str]  # codes
    evidence: dict[str, dt.datetime]  # by code


def measure(folder: Path, reporter: Reporter) -> None:
    """Measure the coverage of a run's tracks and put the files into its result folder, all or none.

    Raises
    ------
    NothingToMeasureByError
        There is no station to measure by.
    OutsideNetworkError
        No city of the installation contains the tracks.
    AmbiguousDatumError
        Nobody said the datum of the tracks, and the positions do not tell it. Other errors are
        those of geo.
    """
    known = _read_known(reporter)
    options = reporter.run.options
    named = agreed_datum(options.datum, [file.name for file in reporter.run.files])
    with read_tracks(
        _tracks(folder, reporter.run),
        tz=options.tz or None,
        datum=named or "wgs84",
        progress=reporter,
    ) as read:
        city = _city_around(read, known.cities)
        if reporter.run.is_demo and city.code != DEMO_CITY:
            msg = f"the tracks lie in {city.code}, and there is no station of your own yet"
            raise NothingToMeasureByError(msg)
        reporter.note(replace(reporter.run, city=city.code))
        reporter("measuring coverage", 0, 1)
        network = read_network(city.network_path)
        result = coverage(
            read if named else settle_tracks(read, network)[0],
            known.stations,
            network,
            limit_m=options.limit_m,
            areas=known.areas,
            as_of=known.as_of,
            locked=known.locked,
            evidence=known.evidence,
            drawing=Drawing(),
            block_fixes=_BLOCK_FIXES,
            progress=reporter,
        )
    reporter("write", 0, 1)
    _write(result, folder)


def _read_known(reporter: Reporter) -> _Known:
    """Read what the store has, and note whether it is the demo's.

    Raises
    ------
    NothingToMeasureByError
        There is no station to measure by.
    """
    run, settings = reporter.run, Settings.from_env()
    stores = Stores(settings)
    try:
        store, cities = _ground(run, settings, stores)
        stations, as_of = store.read_stations(), store.last_change()
        if stations.empty or as_of is None:
            msg = "this installation holds no stations; import some before measuring"
            raise NothingToMeasureByError(msg)
        areas = _areas(store) if run.options.by_area else []
        reporter.note(replace(run, is_demo=store.is_demo))
        return _Known(
            stations, cities, areas, as_of, locked_at(store, as_of), judge_evidence(store, as_of)
        )
    finally:
        stores.close()


def _ground(run: Run, settings: Settings, stores: Stores) -> tuple[Store, Sequence[City]]:
    """Return the stations' store and the cities: the demo's for its tracks, else shown and all.

    Raises
    ------
    NothingToMeasureByError
        The demo's tracks were asked for where there is no demo.
    """
    cities = Cities(settings, stores)
    own, demo = cities.of(is_demo=False), cities.of(is_demo=True)
    if run.source != DEMO:
        return stores.shown(), [*own, *demo]
    store = stores.demo()
    if store is None:
        msg = "there is no demo in this installation; make it with nuanyi demo"
        raise NothingToMeasureByError(msg)
    return store, demo


def _areas(store: Store) -> list[GeoDataFrame]:
    """Return the layers of areas, the finest first: gap lines are cut at its borders."""
    layers = (store.read_areas(level) for level in reversed(LEVELS) if level != "city")
    return [layer for layer in layers if len(layer)]


def _tracks(folder: Path, run: Run) -> list[Path]:
    if run.source != DEMO:
        return uploaded_paths(folder, run.files)
    return [demo_file(DEMO_TRACKS)]


def _city_around(tracks: Tracks, cities: Sequence[City]) -> City:
    """Return the city in whose box the middle of the first tracks lies.

    Of several it is the smallest, the demo's only where there is no other.

    Raises
    ------
    EmptyTracksError
        No fix is left after cleaning.
    OutsideNetworkError
        There is no such city.
    """
    part = next(iter(tracks.parts()), None)
    if part is None:
        msg = "no fix of the tracks can be used"
        raise EmptyTracksError(msg)
    lon, lat = float(np.median(part.lon)), float(np.median(part.lat))
    inside = [city for city in cities if city.contains(lon, lat)]
    if not inside:
        place = f"{lon:.{_CITY_SHOWN}f}, {lat:.{_CITY_SHOWN}f}"
        msg = (
            f"no city of this installation contains the tracks (their middle is at {place}); "
            "make one with nuanyi city build EXTRACT --code CODE, or name another datum"
        )
        raise OutsideNetworkError(msg)
    return min(inside, key=_rank)


def _rank(city: City) -> tuple[bool, float]:
    return city.code == DEMO_CITY, (city.east - city.west) * (city.north - city.south)


def _write(result: Coverage, folder: Path) -> None:
    """Write all files of a result and let them appear at once."""
    draft = folder / "result.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    write_coverage(result, draft, hide_ends=True)
    write_stretches(result, draft / STRETCHES)
    text = json.dumps(_for_page(result), ensure_ascii=False, indent=1, allow_nan=False)
    (draft / FOR_PAGE).write_text(text + "\n", encoding="utf-8")
    draft.rename(result_folder(folder))


def _for_page(result: Coverage) -> dict[str, Any]:
    """Return what the page shows beside the summary: the longest gaps, the stations named."""
    gaps = result.gaps
    order = np.lexsort((gaps.start_ms, -gaps.length_mm, -gaps.duration_ms))[:LONGEST]
    longest = gaps_frame(result, take_lines(gaps, order), hide_ends=True)
    stretches = result.stretches
    drawn = np.array([], dtype=np.int64) if stretches is None else stretches.lines.nearest
    rows = np.unique(np.concatenate([drawn, gaps.nearest[order]]))
    named = result.stations.iloc[rows[rows >= 0]]
    return {
        "longest": [_gap(row) for row in longest.to_dict("records")],
        "stations": {row["code"]: {cell: row[cell] for cell in _STATION_CELLS}
                     for row in named.to_dict("records")},
        "not_drawn": stretches.not_drawn if stretches else 0,
        "areas": list(map(len, result.areas)),
    }  # fmt: skip


def _gap(row: dict[str, Any]) -> dict[str, Any]:
    """Return one of the longest gaps as plain data, with the box of what may be shown of it."""
    shape = row.pop("geometry")
    numbers = {
        name: None if np.isnan(row[name]) else row[name] for name in ("worst_walk_m", "missed_min")
    }
    box = None if shape is None else [round(edge, 6) for edge in shape.bounds]
    return row | numbers | {"box": box}
