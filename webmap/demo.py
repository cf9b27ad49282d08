"""The demo district: made-up stations, areas and streets, in a store and a city of their own."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.areas import LEVELS, read_areas
from geo.city import build_city
from geo.errors import SourceFormatError
from geo.progress import Progress, silent
from geo.stations import read_stations
from geo.store import open_store
from webmap.cities import DEMO_CITY
from webmap.settings import DEMO_DATABASE, database_url

if TYPE_CHECKING:
    from webmap.settings import Settings

logger = logging.getLogger(__name__)

MADE_AT: Final = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)  # the day for which the demo was written
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
        _fill(work / DEMO_DATABASE)
        for rest in ("-wal", "-shm"):
            settings.demo_file.with_name(DEMO_DATABASE + rest).unlink(missing_ok=True)
        (work / DEMO_DATABASE).replace(settings.demo_file)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    logger.info("made the demo in %s", settings.instance)


def _fill(database: Path) -> None:
    """Write the demo's areas and stations into a new store."""
    with open_store(database_url(str(database))) as store:
        for level in LEVELS:
            read = read_areas(
                demo_file(f"areas_{level}.geojson"),
                level=level,
                name_field="name",
                code_field="code",
                parent_field="parent",
            )
            store.save_areas(read.frame)
        stations = read_stations(demo_file("stations.csv"))
        store.save_stations(stations, actor="demo", origin="demo", now=MADE_AT)
        store.mark_demo()
