"""One folder per city, made from OSM extracts: network, basemap, places, candidate sites."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.basemap import build_basemap
from geo.errors import InvalidOptionError, SourceFormatError
from geo.network import build_network, write_network
from geo.places import find_candidates, read_places
from geo.progress import Progress, silent
from geo.stations.tables import guard_formula

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_ABOUT: Final = "city.json"


@dataclass(frozen=True)
class City:
    """A city's folder and the box of its network in degrees."""

    code: str
    directory: Path
    west: float
    south: float
    east: float
    north: float
    sources: tuple[str, ...]  # names of the extracts

    @property
    def network_path(self) -> Path:
        """The walking network, for `geo.network.read_network`."""
        return self.directory / "network"

    @property
    def places_path(self) -> Path:
        """Named places, GeoParquet, as `geo.places.read_places` returns them."""
        return self.directory / "places.parquet"

    @property
    def basemap_path(self) -> Path:
        """Vector tiles, for `geo.basemap.Basemap`; a city built by an older version has none."""
        return self.directory / "basemap.pmtiles"

    @property
    def candidates_path(self) -> Path:
        """Candidate sites, CSV as `geo.places.find_candidates`; may be missing likewise."""
        return self.directory / "candidates.csv"

    def contains(self, lon: float, lat: float) -> bool:
        """Return True if a position (degrees, WGS-84) lies in the box of the network."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


def build_city(
    extracts: Sequence[Path], directory: Path, *, code: str, progress: Progress = silent
) -> City:
    """Make ``directory/code`` from OSM extracts; an earlier folder of the code is replaced whole.

    Parameters
    ----------
    extracts : sequence of Path
        ``.osm`` or ``.osm.pbf`` files, WGS-84.
    directory : Path
        Where the city folders lie; made if missing.
    code : str
        Lower-case letters, digits, ``-`` and ``_``, at most 32.
    progress : Progress
        Told after each stage.

    Returns
    -------
    City
        The folder holds ``network``, ``basemap.pmtiles``, ``places.parquet``, ``candidates.csv``
        and ``city.json``.

    Raises
    ------
    InvalidOptionError
        The code is not fit for a folder name.
    SourceFormatError, EmptyNetworkError
        From the extracts; nothing is left half-written.
    """
    if not _CODE.fullmatch(code):
        msg = f"city code {code!r}: use lower-case letters, digits, - and _, at most 32"
        raise InvalidOptionError(msg)
    network = build_network(extracts, progress=progress)
    places = read_places(extracts)
    west, south, east, north = network.bounds
    directory.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{code}-", dir=directory))
    try:
        made = City(code, work, west, south, east, north, network.summary().sources)
        write_network(network, made.network_path)
        build_basemap(extracts, made.basemap_path, progress=progress)
        places.to_parquet(made.places_path)
        _write_candidates(find_candidates(places), made.candidates_path)
        about = {name: value for name, value in asdict(made).items() if name != "directory"}
        (work / _ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        work.chmod(0o755)
        _replace(directory / code, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return City(code, directory / code, west, south, east, north, made.sources)


def list_cities(directory: Path) -> list[City]:
    """Return the cities below a directory, by code; none if it does not exist.

    Raises
    ------
    SourceFormatError
        A city's description is damaged or of another version.
    """
    return [read_city(folder) for folder in list_folders(directory)]


def list_folders(directory: Path) -> list[Path]:
    """Return the folders of the cities below a directory, by code."""
    return [about.parent for about in sorted(directory.glob(f"[!.]*/{_ABOUT}"))]


def find_city(directory: Path, lon: float, lat: float) -> City | None:
    """Return the city that contains a position (degrees, WGS-84), of several the smallest box.

    Errors as in `list_cities`.
    """
    inside = [city for city in list_cities(directory) if city.contains(lon, lat)]
    return min(
        inside, key=lambda city: (city.east - city.west) * (city.north - city.south), default=None
    )


def _write_candidates(candidates: pd.DataFrame, path: Path) -> None:
    """Write UTF-8 with a mark, which spreadsheets need, and no name that one would run."""
    safe = candidates.assign(name=candidates["name"].map(guard_formula))
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def read_city(folder: Path) -> City:
    """Read what a city's folder says of itself.

    Raises
    ------
    SourceFormatError
        The description is damaged or of another version.
    """
    path = folder / _ABOUT
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        sources = tuple(facts.pop("sources"))
        return City(directory=path.parent, sources=sources, **facts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path}: not a city's description ({error}); build the city again"
        raise SourceFormatError(msg) from error


def _replace(target: Path, work: Path) -> None:
    """Put a finished folder in the place of an earlier one.

    Raises
    ------
    OSError
        A folder cannot be renamed; the earlier one is in its place again.
    """
    if not target.exists():
        work.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    try:
        target.rename(old / "old")
        try:
            work.rename(target)
        except OSError:
            (old / "old").rename(target)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
