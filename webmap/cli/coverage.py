"""``nuanyi coverage``: where and when the routes have nowhere to rest."""

from __future__ import annotations

import datetime as dt
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from filecmp import cmp
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from geo.coords import AUTO, DATUMS
from geo.coverage import Drawing, write_coverage
from geo.coverage import coverage as measure
from geo.coverage.conditions import MAX_AGE_DAYS
from geo.errors import SourceFormatError
from geo.network import read_network
from geo.report import write_report
from geo.report.words import LANGUAGES
from webmap.cli.base import Command, echo_json, json_option, map_option
from webmap.cli.coverage_input import Walks, place, read_ground, read_layers, require_above_0
from webmap.cli.coverage_words import tell
from webmap.cli.nearest import read_moment
from webmap.cli.output import whole_folder
from webmap.cli.progress import progress_bars
from webmap.cli.stopping import stoppable
from webmap.demo import demo_file
from webmap.runs.record import DEMO_TRACKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geo.coverage import Coverage
    from geo.network import Network

_DATUM: Final = click.Choice([AUTO, *DATUMS])
_FILE: Final = click.Path(path_type=Path)
_DEMO_WALKS: Final = (DEMO_TRACKS, "beats.geojson")


def _read_week(_ctx: click.Context, _param: click.Parameter, value: str | None) -> dt.date | None:
    """Read the Monday of a week.

    Raises
    ------
    click.BadParameter
        It is no day, or no Monday.
    """
    if value is None:
        return None
    try:
        day = dt.date.fromisoformat(value)
    except ValueError as error:
        msg = f"{value!r} is not a day such as 2026-11-16"
        raise click.BadParameter(msg) from error
    if day.weekday():
        monday = day - dt.timedelta(days=day.weekday())
        msg = f"{value} is a {day:%A}; a week begins on a Monday, such as {monday}"
        raise click.BadParameter(msg)
    return day


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options in the order of their help."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS: Final = (
    click.option("--out", required=True, type=_FILE, help="Folder to write into."),
    click.option(
        "--stations",
        "station_file",
        type=_FILE,
        help="File of stations; else those of the database, with the workers' reports.",
    ),
    click.option(
        "--network",
        "network_file",
        type=_FILE,
        help="Walking network; else that of the city around the tracks.",
    ),
    click.option(
        "--areas",
        "area_files",
        multiple=True,
        metavar="FILE[:NAMEFIELD]",
        help="Polygons to add figures up by; repeatable, gap lines are cut at the first one's "
        "borders.",
    ),
    click.option(
        "--areas-crs", default="", metavar="CRS", help="Of --areas that state none: EPSG:4490, ..."
    ),
    click.option(
        "--areas-datum",
        type=_DATUM,
        default=AUTO,
        show_default=True,
        help="Of --areas; auto takes what their names end in, else wgs84.",
    ),
    click.option(
        "--limit-m", type=float, default=1000.0, show_default=True, help="Farthest walk, metres."
    ),
    click.option(
        "--tz", metavar="ZONE", help="Zone of times without one.  [Asia/Shanghai, and said]"
    ),
    click.option(
        "--datum",
        type=_DATUM,
        default=AUTO,
        show_default=True,
        help="Of the tracks; auto takes what their names end in, _gcj02 or _bd09, else the one in "
        "which they are nearest to the walking network.",
    ),
    click.option(
        "--stations-datum",
        type=_DATUM,
        default=AUTO,
        show_default=True,
        help="Of --stations; auto looks at the names of file and columns, else takes wgs84.",
    ),
    map_option("tracks"),
    click.option(
        "--shift",
        "shifts",
        multiple=True,
        metavar="HOURS",
        help='Such as "Mo-Fr 04:00-11:00": of planned lines without one; of tracks, to add '
        "figures up by, repeatable.",
    ),
    click.option(
        "--week",
        metavar="MONDAY",
        callback=_read_week,
        help="In which planned lines are walked.  [the last without holidays up to --as-of]",
    ),
    click.option(
        "--as-of",
        metavar="TIME",
        callback=read_moment,
        help="Moment the stations are judged for.  [the last change of their data]",
    ),
    click.option(
        "--max-age-days",
        type=float,
        default=MAX_AGE_DAYS,
        show_default=True,
        help="What is known of a station for longer is unverified.",
    ),
    click.option(
        "--need", "needs", multiple=True, metavar="AMENITY", help="Such as toilet; repeatable."
    ),
    click.option("--no-phone", is_flag=True, help="Only where one gets in without a smartphone."),
    click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=LANGUAGES[0],
        show_default=True,
        help="Of report.html, report.xlsx and the pictures.",
    ),
    click.option("--title", default="", metavar="TEXT", help="Of the report; else the usual one."),
    click.option("--no-report", is_flag=True, help="Only figures, tables and gap lines."),
    json_option,
)


@dataclass(frozen=True)
class _Request:
    """The options, by the names that click gives them."""

    tracks: tuple[Path, ...]
    station_file: Path | None
    network_file: Path | None
    area_files: tuple[str, ...]
    areas_crs: str
    areas_datum: str
    limit_m: float
    tz: str | None
    datum: str
    stations_datum: str
    columns: Mapping[str, str]
    shifts: tuple[str, ...]
    week: dt.date | None
    as_of: dt.datetime | None
    max_age_days: float
    needs: tuple[str, ...]
    no_phone: bool
    lang: str
    title: str
    no_report: bool

    @property
    def walks(self) -> Walks:
        """How the tracks are to be read."""
        return Walks(self.tracks, self.datum, self.tz, self.columns, self.shifts, self.week)


@click.command(cls=Command)
@click.argument("tracks", nargs=-1, required=True, type=_FILE)
@_options
def coverage(out: Path, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - of click
    """Measure where and when TRACKS have a station near.

    TRACKS are csv, gpx or geojson with times, or zips of these; or planned lines without times
    (geojson, gpkg, shp, gpx routes) with a field "shift". Writes report.html, report.xlsx,
    pictures, summary.json, gaps.geojson, gaps.gpkg and tables into --out, all or nothing.
    """
    begun = time.perf_counter()
    with stoppable(f"Stopped; nothing was written to {out}.") as hold, ExitStack() as stack:
        folder = stack.enter_context(whole_folder(out))
        done = _measure(_Request(**options), folder, quiet=as_json)
        hold()
    if as_json:
        echo_json(done.summary)
        return
    tell(done.summary, out, done.files)
    rate = f"{done.summary['fixes'] / done.seconds:,.0f} fixes/s{_memory()}"
    click.echo(f"Took {time.perf_counter() - begun:.1f} s, measured at {rate}.")


class _Done(NamedTuple):
    """A run that was written: its summary, the names of its files, how long it took to measure."""

    summary: dict[str, Any]
    files: list[str]
    seconds: float


def _measure(request: _Request, folder: Path, *, quiet: bool) -> _Done:
    """Measure and write into a folder."""
    begun = time.perf_counter()
    require_above_0({"--limit-m": request.limit_m, "--max-age-days": request.max_age_days})
    walks = request.walks
    ground = read_ground(request.station_file, datum=request.stations_datum, as_of=request.as_of)
    layers, notes = read_layers(
        request.area_files, crs=request.areas_crs, datum=request.areas_datum
    )
    network = read_network(request.network_file) if request.network_file else None
    with progress_bars() as progress, walks.read(progress) as read:
        placed = place(walks, read, network, as_of=ground.as_of)
        for note in (*placed.notes, *ground.notes, *notes):
            click.echo(note, err=quiet)
        result = measure(
            placed.tracks,
            ground.stations,
            placed.network,
            limit_m=request.limit_m,
            areas=list(layers.values()),
            area_names=list(layers),
            as_of=ground.as_of,
            locked=ground.locked,
            evidence=ground.evidence,
            max_age_days=request.max_age_days,
            needs=request.needs,
            no_phone=request.no_phone,
            shifts=() if placed.tracks.shifts else walks.shifts,
            drawing=None if request.no_report else Drawing(),
            progress=progress,
        )
        summary, seconds = result.summary(), time.perf_counter() - begun
        files = _write(request, result, placed.network, folder, summary)
    return _Done(summary, [path.name for path in files], seconds)


def _write(
    request: _Request,
    result: Coverage,
    network: Network,
    folder: Path,
    summary: dict[str, Any],
) -> tuple[Path, ...]:
    """Write the figures, and the report around them unless it is not wanted."""
    if request.no_report:
        return write_coverage(result, folder, summary=summary)
    from webmap.report_map import report_map  # noqa: PLC0415 - Folium is slow, and few need it

    return write_report(
        result,
        folder,
        network=network,
        language=request.lang,
        title=request.title,
        summary=summary,
        map_frame=report_map(),
        is_demo=len(result.stations) > 0 and bool(result.stations["demo"].all()),
        is_demo_walk=_is_of_demo(request.tracks),
    )


def _is_of_demo(tracks: Sequence[Path]) -> bool:
    """Return whether all files are the demo's own, or copies of them."""
    try:
        demo = [demo_file(name) for name in _DEMO_WALKS]
    except SourceFormatError:
        return False  # an installation without the demo
    return all(any(cmp(path, one, shallow=False) for one in demo) for path in tracks)


def _memory() -> str:
    """Return the most memory this process had, where the system tells it."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return ""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024  # bytes, or KiB as on Linux
    return f", at most {most * unit / 1e6:,.0f} MB of memory"
