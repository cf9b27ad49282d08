"""``nuanyi coverage``: where and when the routes have nowhere to rest."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import numpy as np

from geo.areas import read_areas
from geo.city import find_city
from geo.coords import AUTO, DATUMS, describe_datum, settle_datum
from geo.coverage import coverage as measure
from geo.coverage import write_coverage
from geo.errors import InvalidOptionError
from geo.network import read_network
from geo.stations import load_stations
from geo.tracks import read_tracks
from webmap.cli.base import Command, echo_json, json_option, map_option, opened_store, settings
from webmap.cli.nearest import read_moment
from webmap.cli.output import whole_folder
from webmap.cli.progress import progress_bars

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from geopandas import GeoDataFrame

    from geo.network import Network
    from geo.tracks import Tracks

_EXAMPLES: Final = 5  # rows not used, and stations outside, that are named; all are counted
_CAUSES: Final = {
    "closed": "stations near, but shut at that time",
    "no_station": "no station within the limit",
    "off_network": "away from all ways of the map",
    "unusable": "stations near, but not usable",
}


@click.command(cls=Command)
@click.argument("tracks", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write into.")
@click.option(
    "--stations",
    "station_file",
    type=click.Path(path_type=Path),
    help="File of stations; else those of the database.",
)
@click.option(
    "--network",
    "network_file",
    type=click.Path(path_type=Path),
    help="Walking network; else that of the city around the tracks.",
)
@click.option(
    "--areas",
    "area_files",
    multiple=True,
    metavar="FILE[:NAMEFIELD]",
    help="Polygons to add figures up by; repeatable, gap lines are cut at the first one's borders.",
)
@click.option(
    "--limit-m", type=float, default=1000.0, show_default=True, help="Farthest walk, metres."
)
@click.option("--tz", metavar="ZONE", help="Zone of times without one.  [Asia/Shanghai, and said]")
@click.option(
    "--datum",
    type=click.Choice([AUTO, *DATUMS]),
    default=AUTO,
    show_default=True,
    help="Of the tracks; auto takes what their names end in, _gcj02 or _bd09, else wgs84.",
)
@click.option(
    "--stations-datum",
    type=click.Choice([AUTO, *DATUMS]),
    default=AUTO,
    show_default=True,
    help="Of --stations; auto looks at the names of file and columns, else takes wgs84.",
)
@map_option("tracks")
@click.option(
    "--as-of", metavar="TIME", callback=read_moment, help="Moment the stations are judged for."
)
@json_option
def coverage(
    tracks: tuple[Path, ...],
    *,
    out: Path,
    station_file: Path | None,
    network_file: Path | None,
    area_files: tuple[str, ...],
    limit_m: float,
    tz: str | None,
    datum: str,
    stations_datum: str,
    columns: Mapping[str, str],
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Measure where and when TRACKS (csv, gpx, geojson, or zips of these) have a station near.

    Writes summary.json, gaps.geojson, gaps.gpkg and tables into --out, all or nothing.
    """
    known = _datum_of(tracks, datum)
    with ExitStack() as stack:
        folder = stack.enter_context(whole_folder(out))
        progress = stack.enter_context(progress_bars())
        read = read_tracks(tracks, tz=tz, columns=columns, datum=known, progress=progress)
        stack.enter_context(read)
        _say_read(read, asked=datum, quiet=as_json)  # an assumed zone is the first line
        stations, changed_at = _stations(station_file, stations_datum, quiet=as_json)
        areas = [_areas(text, quiet=as_json) for text in area_files]
        network = read_network(network_file) if network_file else _network_around(read)
        result = measure(
            read,
            stations,
            network,
            limit_m=limit_m,
            areas=areas,
            as_of=as_of or changed_at,
            progress=progress,
        )
        files = [path.name for path in write_coverage(result, folder)]
    summary = result.summary()
    if as_json:
        echo_json(summary)
    else:
        _tell(summary, out, files)


def _stations(
    file: Path | None, datum: str, *, quiet: bool
) -> tuple[GeoDataFrame, datetime | None]:
    """Read the stations of the option, else of the store with the moment of their last change.

    Raises
    ------
    InvalidOptionError
        The store is empty.
    """
    if file:
        read = load_stations(file, datum=datum)
        note = describe_datum(read.datum, asked=datum, of=file.name, option="--stations-datum")
        click.echo(note, err=quiet)
        return read.require_sound(), None
    with opened_store(create=False) as store:
        stations, changed_at = store.read_stations(), store.last_change()
    if stations.empty:
        msg = "the database holds no stations; import some, or give a file with --stations"
        raise InvalidOptionError(msg)
    return stations, changed_at


def _areas(text: str, *, quiet: bool) -> GeoDataFrame:
    """Read ``FILE`` or ``FILE:NAMEFIELD``; a colon in the file's own name stays part of it."""
    path, sign, field = text.rpartition(":")
    if not sign or Path(text).exists() or not Path(path).exists():
        path, field = text, ""
    areas = read_areas(Path(path), name_field=field or None, datum=AUTO)
    note = describe_datum(areas.datum, asked=AUTO, of=Path(path).name, option="")
    click.echo(note, err=quiet)
    for note in areas.notes:
        click.echo(note, err=True)
    return areas.frame


def _datum_of(tracks: tuple[Path, ...], asked: str) -> str:
    """Return the datum of the tracks, asked for or as their names say.

    Raises
    ------
    InvalidOptionError
        The names do not agree.
    """
    known = {settle_datum(asked, path.name) for path in tracks}
    if len(known) > 1:
        msg = (
            f"by their names the tracks are in {' and '.join(sorted(known))}; "
            "say which with --datum, or measure them apart"
        )
        raise InvalidOptionError(msg)
    return known.pop()


def _network_around(tracks: Tracks) -> Network:
    """Read the network of the city in whose box the middle of the first tracks lies.

    Raises
    ------
    InvalidOptionError
        There is no such city.
    """
    part = next(iter(tracks.parts()))
    lon, lat = float(np.median(part.lon)), float(np.median(part.lat))
    city = find_city(settings().cities, lon, lat)
    if city is None:
        msg = (
            f"no city of this installation contains the tracks (around {lon:.3f}, {lat:.3f}); "
            "give --network FILE, or make one with nuanyi city build EXTRACT --code CODE"
        )
        raise InvalidOptionError(msg)
    return read_network(city.network_path)


def _say_read(tracks: Tracks, *, asked: str, quiet: bool) -> None:
    """Say what was assumed and what was unreadable in the tracks; beside JSON on stderr."""
    if tracks.zone_assumed:
        click.echo(f"Times without a zone read as {tracks.zone}; say --tz if not so.", err=quiet)
    if asked == AUTO:
        click.echo(describe_datum(tracks.datum, asked=asked, of="the tracks"), err=quiet)
    for example in tracks.examples[:_EXAMPLES]:
        click.echo(f"Not used: {example.row} of {example.file}: {example.why}", err=quiet)


def _tell(summary: dict[str, Any], out: Path, files: list[str]) -> None:
    """Print the main figures in plain words."""
    nominal = summary["nominal"]
    click.echo(
        f"Workers: {summary['workers']}, routes: {summary['routes']}, days: {summary['days']}, "
        f"fixes: {summary['fixes']}; {summary['duration_min'] / 60:.1f} h, "
        f"{summary['length_m'] / 1000:.1f} km."
    )
    for fault, count in summary["dropped"].items():
        if count:
            click.echo(f"  left out: {count} fixes, {fault.replace('_', ' ')}")
    click.echo(
        f"Within {summary['limit_m']:.0f} m of an open station: {nominal['share_time']:.1%} of the "
        f"time, {_percent(nominal['share_length'])} of the way "
        f"(hours not known: {nominal['unknown_share_time']:.1%} of the time)."
    )
    for cause, sums in summary["by_cause"].items():
        if sums["min"]:
            words = _CAUSES.get(cause, cause)
            click.echo(f"  gap, {words}: {sums['min'] / 60:.1f} h, {sums['m'] / 1000:.1f} km")
    if summary["outside_stations"]:
        codes = summary["outside_stations"]
        named = ", ".join(codes[:_EXAMPLES]) + (", ..." if len(codes) > _EXAMPLES else "")
        click.echo(
            f"Stations outside the network's area: {len(codes)} ({named}); is their position right?"
        )
    gap = summary["longest_gap"]
    if gap:
        click.echo(f"Longest gap: {gap['min']:.0f} min, {gap['m']:.0f} m, from {gap['start']}.")
    if not summary["representative"]:
        click.echo(
            "Not representative (at least 5 workers and 20 hours are): workers "
            f"{summary['workers']}, hours {summary['duration_min'] / 60:.1f}."
        )
    click.echo(f"Wrote {', '.join(files)} to {out}.")


def _percent(share: float | None) -> str:
    """Write a share; None is that of a whole that is 0."""
    return "none" if share is None else f"{share:.1%}"
