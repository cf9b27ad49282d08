"""What a run does: tracks or beats, stations and network in, the files of a report out."""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from geo.coords import agreed_datum
from geo.coverage import Drawing, coverage, write_streets
from geo.coverage.datum import settle_tracks
from geo.errors import InvalidOptionError
from geo.network import read_network
from geo.report import write_report
from geo.tracks import Beats, beats_of, plain_week, read_tracks
from geo.zones import LOCAL_ZONE
from webmap.demo import demo_file
from webmap.report_map import report_map
from webmap.runs.ground import Known, city_around, opened_ground, read_known
from webmap.runs.record import BEATS, DEMO, DEMO_TRACKS
from webmap.runs.upload import uploaded_paths
from webmap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geo.coverage import Coverage
    from geo.network import Network
    from geo.store import Store
    from geo.tracks import Tracks
    from webmap.runs.record import Run
    from webmap.runs.reporter import Reporter

logger = logging.getLogger(__name__)

_BLOCK_FIXES: Final = 100_000  # between two signs of progress


class NoBeatsError(InvalidOptionError):
    """There are no stored beats, or those chosen are gone."""

    code = "no_beats"


def measure(folder: Path, draft: Path, reporter: Reporter) -> None:
    """Measure the coverage of what a run names and write the files of its report.

    Parameters
    ----------
    folder : Path
        Of the run, with its upload.
    draft : Path
        A folder to make; on an error it may hold some of the files.
    reporter : Reporter
        Told how it gets on; its run is told the city, and whether the demo's stations judge.

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
    with opened_ground(reporter.run, Settings.from_env()) as (store, cities):
        known = read_known(store, reporter.run.options)
        reporter.note(replace(reporter.run, is_demo=store.is_demo))
        with _opened_walks(folder, reporter, store, known) as read:
            city = city_around(read, cities, reporter.run, store)
            reporter.note(replace(reporter.run, city=city.code))
            reporter("measuring coverage", 0, 1)
            network = read_network(city.network_path)
            walks = _settled(read, network, reporter.run)
            result = _measured(walks, known, network, reporter)
    reporter("write", 0, 1)
    draft.mkdir(mode=0o700)
    _write(result, draft, network, reporter.run)


def _measured(
    walks: Tracks | Beats, known: Known, network: Network, reporter: Reporter
) -> Coverage:
    options = reporter.run.options
    return coverage(
        walks,
        known.stations,
        network,
        limit_m=options.limit_m,
        areas=known.areas,
        area_names=known.area_names,
        as_of=known.as_of,
        locked=known.locked,
        evidence=known.evidence,
        max_age_days=options.max_age_days,
        needs=options.needs,
        no_phone=options.no_phone,
        shifts=() if walks.shifts else options.shifts,
        drawing=Drawing(),
        streets=True,
        block_fixes=_BLOCK_FIXES,
        progress=reporter,
    )


@contextmanager
def _opened_walks(
    folder: Path, reporter: Reporter, store: Store, known: Known
) -> Iterator[Tracks | Beats]:
    """Read the tracks of a run, or its beats, planned in their week.

    Yields
    ------
    Tracks or Beats
        Closed after the block.
    """
    run = reporter.run
    if run.source == BEATS:
        yield _read_beats(run, store, known)
        return
    with read_tracks(
        _tracks(folder, run),
        tz=run.options.tz or None,
        columns=run.options.columns,
        datum=_named_datum(run) or "wgs84",
        progress=reporter,
    ) as tracks:
        yield tracks


def _read_beats(run: Run, store: Store, known: Known) -> Beats:
    """Read the stored beats that a run names, all if it names none, and plan them.

    Raises
    ------
    NoBeatsError
        There are none.
    """
    frame = store.read_beats(run.options.beats or None)
    if frame.empty:
        msg = "none of the chosen beats is stored any more; choose others"
        raise NoBeatsError(msg)
    beats = beats_of(frame)
    monday = _week(run) or plain_week(known.as_of.astimezone(ZoneInfo(LOCAL_ZONE)).date())
    for note in beats.notes:
        logger.info("%s", note)
    return beats.planned(monday)


def _week(run: Run) -> dt.date | None:
    """Return the Monday that a run's options name, None for none.

    Raises
    ------
    InvalidOptionError
        It is no day; that it is a Monday is checked where beats are planned.
    """
    if not run.options.week:
        return None
    try:
        return dt.date.fromisoformat(run.options.week)
    except ValueError as error:
        msg = f"{run.options.week!r} is no day such as 2026-11-16"
        raise InvalidOptionError(msg) from error


def _tracks(folder: Path, run: Run) -> Sequence[Path]:
    if run.source == DEMO:
        return [demo_file(DEMO_TRACKS)]
    return uploaded_paths(folder, run.files)


def _named_datum(run: Run) -> str:
    """Return the datum that option or files' names say, "" if neither does."""
    return agreed_datum(run.options.datum, [file.name for file in run.files])


def _settled(read: Tracks | Beats, network: Network, run: Run) -> Tracks | Beats:
    """Return tracks in the datum in which they are nearest to the network, unless it was named."""
    if isinstance(read, Beats) or _named_datum(run):
        return read
    return settle_tracks(read, network)[0]


def _write(result: Coverage, draft: Path, network: Network, run: Run) -> None:
    write_report(
        result,
        draft,
        network=network,
        language=run.options.language,
        title=run.name,
        map_frame=report_map(),
        is_demo=run.is_demo,
        is_demo_walk=run.source == DEMO,
    )
    write_streets(result, draft)  # from which it may be published later
