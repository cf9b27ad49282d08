"""The demo district: made-up stations, areas, streets and reports in a store of their own."""

from __future__ import annotations

import csv
import datetime as dt
import logging
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.areas import LEVELS, read_areas
from geo.city import build_city
from geo.errors import SourceFormatError
from geo.progress import Progress, silent
from geo.stations import read_stations
from geo.store import open_store
from geo.tracks.beat_files import look_at_beats
from webmap.beats import frame_of, rows_of
from webmap.cities import DEMO_CITY
from webmap.settings import DEMO_DATABASE, database_url

if TYPE_CHECKING:
    from geo.store import Store
    from webmap.settings import Settings

logger = logging.getLogger(__name__)

MADE_AT: Final = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)  # the day for which the demo was written
_MONTHS: Final = [
    dt.datetime(2024 + month // 12, month % 12 + 1, 1, tzinfo=dt.UTC) for month in range(5, 35)
]  # June 2024 to that day
_LAST_ENTRY: Final = 27  # of the months: September 2026
_SHUT: Final = ("temporarily_closed", "closed")
_HERE: Final = Path(__file__).resolve().parent
_FOLDERS: Final = (_HERE / "demo_data", _HERE.parent / "data" / "demo")  # a wheel's, a checkout's


def demo_file(name: str) -> Path:
    """Return the path of one of the demo's files, such as ``tracks.csv.gz``.

    Raises
    ------
    SourceFormatError
        This installation was made without the demo.
    """
    for folder in _FOLDERS:
        if (folder / name).is_file():
            return folder / name
    msg = f"the demo's {name} is missing; install Nuanyi again, or make it: data/make_demo.py"
    raise SourceFormatError(msg)


def make_demo(settings: Settings, *, progress: Progress = silent) -> None:
    """Make the demo's store ``demo.db`` and its city; earlier ones are replaced.

    Raises
    ------
    SourceFormatError
        The demo's files are missing.
    """
    settings.make_instance()
    build_city([demo_file("district.osm.pbf")], settings.cities, code=DEMO_CITY, progress=progress)
    work = Path(tempfile.mkdtemp(prefix=".demo-", dir=settings.instance))
    try:
        with open_store(database_url(str(work / DEMO_DATABASE))) as store:
            fill_store(store)
        for rest in ("-wal", "-shm"):
            settings.demo_file.with_name(DEMO_DATABASE + rest).unlink(missing_ok=True)
        (work / DEMO_DATABASE).replace(settings.demo_file)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    logger.info("made the demo in %s", settings.instance)


def fill_store(store: Store) -> None:
    """Write the demo's areas, stations, reports and beats into a new store."""
    for level in LEVELS:
        read = read_areas(
            demo_file(f"areas_{level}.geojson"),
            level=level,
            name_field="name",
            code_field="code",
            parent_field="parent",
        )
        store.save_areas(read.frame)
    _keep_register(store, read_stations(demo_file("stations.csv")))
    with demo_file("reports.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = dt.datetime.fromisoformat(row["at"])
            store.add_report(row["code"], row["state"], devices=[row["device"]], at=at, now=at)
    _keep_beats(store)
    store.mark_demo()


def _keep_beats(store: Store) -> None:
    """Save the demo's beats, each under the name of its route and in its subdistrict."""
    path = demo_file("beats.geojson")
    found = look_at_beats(path, shift="", columns={}, datum="wgs84").beats
    rows = rows_of(found, source=path.name, area="", areas=store.read_areas())
    named = [{**row, "id": f"demo-{beat.route}"} for row, beat in zip(rows, found, strict=True)]
    store.save_beats(frame_of(named), actor="demo", now=MADE_AT)


def _keep_register(store: Store, stations: pd.DataFrame) -> None:
    """Save the stations month by month, as if the demo's register had been kept since 2024.

    One subdistrict after another was entered, in the order of the stations' codes; what opened
    later, in the month after. A verification is known in the month after, closures at the end.
    """
    months = np.array([month.strftime("%Y-%m-01") for month in _MONTHS])
    subdistrict = pd.factorize(stations["subdistrict"])[0]
    joined = _LAST_ENTRY * subdistrict // subdistrict.max()
    entered = np.maximum(joined, np.searchsorted(months, stations["opened_on"].to_numpy(str)))
    verified = np.searchsorted(months, stations["verified_on"].to_numpy(str))
    for nth, now in enumerate(_MONTHS):
        is_last = now == MADE_AT
        told = stations[is_last | (entered == nth) | ((verified == nth) & (entered < nth))].copy()
        if not is_last:
            told.loc[told["verified_on"] > months[nth], "verified_on"] = ""
            is_shut = told["status"].isin(_SHUT)
            told.loc[is_shut, ["status", "status_until", "note"]] = ["open", "", ""]
        if len(told):
            store.save_stations(told, actor="demo", origin="demo", now=now)
