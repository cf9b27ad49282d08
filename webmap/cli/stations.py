"""``nuanyi stations``: import, undo, export, check and history."""

from __future__ import annotations

import getpass
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from geo.coords import AUTO, DATUMS
from geo.errors import StoreMissingError
from geo.stations import write_stations
from geo.stations.check import CHECKED, check_stations, count_kinds
from geo.stations.opened import open_file
from geo.stations.tables import write_table
from geo.store import ImportReport, import_stations, open_store
from geo.store.import_refused import reasons_of, refused_rows
from webmap.cli.base import Group, echo_json, json_option, map_option, opened_store, settings
from webmap.cli.doubtful import find_doubtful, in_order
from webmap.cli.output import whole_file
from webmap.cli.station_history import history
from webmap.walkways import folder_distance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.stations import Problem
    from geo.store import Store
    from geo.store.import_plan import ImportPlan
    from geo.store.importing import Rows

_COUNTED: Final = ("entry_unknown",)  # true of whole lists, and would bury the rest
_SHOWN: Final = 50  # problems listed on a screen; --json lists all
_WORDS: Final = {
    "ok": "Hours read from words",
    "partial": "Hours read from words in part",
    "unknown": "Hours in words that cannot be read, kept as words",
}


@click.group(cls=Group)
def stations() -> None:
    """Import, export and check stations."""


stations.add_command(history)


@stations.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--datum",
    type=click.Choice([AUTO, *DATUMS]),
    default=AUTO,
    show_default=True,
    help="Of the positions; auto infers it from names and positions, and asks when unclear.",
)
@map_option("file")
@click.option(
    "--sheet", default="", help="Of a workbook; default: the one that looks like stations."
)
@click.option(
    "--refused",
    type=click.Path(path_type=Path),
    help="Import the good rows, and write the refused ones to this csv or xlsx, with the reason.",
)
@click.option("--dry-run", is_flag=True, help="Check and report; write nothing.")
@json_option
@click.pass_context
def import_file(
    ctx: click.Context,
    file: Path,
    *,
    datum: str,
    columns: Mapping[str, str],
    sheet: str,
    refused: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import stations from FILE: csv, xlsx, geojson, gpkg or parquet.

    All rows or none, unless --refused: one bad row, and nothing is written. A row is the stored
    station with the same code, else source and source_id, else name within 30 m; its empty cells
    change nothing. Hours in words are read as far as they are certain; the report says how many
    were. `nuanyi stations undo` takes a whole import back.
    """
    with _trial_store() if dry_run else opened_store() as store:
        report, plan = import_stations(
            store,
            file,
            datum=datum,
            columns=columns,
            sheet=sheet,
            distance_m=folder_distance(settings().cities),
            actor=f"cli:{_user()}",
            now=datetime.now(UTC),
            leave_refused=refused is not None,
            dry_run=dry_run,
        )
    if refused is not None and report.refused:
        with whole_file(refused) as path:
            opened = open_file(file, sheet)
            reasons = reasons_of(plan)
            known = refused_rows(opened, reasons, columns=columns, datum=report.datum)
            write_table(known, path)
    if as_json:
        echo_json(report.to_dict() | {"doubles": doubles_of(plan)})
    else:
        _tell(report)
    if report.refused and not report.written:
        ctx.exit(1)


@stations.command("undo")
@click.argument("batch")
@click.option("--dry-run", is_flag=True, help="Report only; write nothing.")
@json_option
def undo(batch: str, *, dry_run: bool, as_json: bool) -> None:
    """Take back a whole act upon many stations: BATCH, as `import` printed it.

    Stations that it created go, changed ones get their earlier cells. What somebody changed since
    stays and is named. The undo is an act itself, and can be undone.
    """
    with opened_store(create=False) as store:
        done = store.undo_batch(
            batch, actor=f"cli:{_user()}", now=datetime.now(UTC), dry_run=dry_run
        )
    kept = [{"code": one.code, "name": one.name} for one in done.kept]
    if as_json:
        echo_json({
            "batch": done.batch,
            "restored": list(done.restored),
            "removed": list(done.removed),
            "kept": kept,
        })  # fmt: skip
        return
    would = "would be " if dry_run else ""
    click.echo(f"{len(done.restored)} {would}restored, {len(done.removed)} {would}removed.")
    for one in kept:
        click.echo(f"  {one['code']} {one['name']}: changed since, left as it is")
    if done.batch:
        click.echo(f"To take the undo back: nuanyi stations undo {done.batch}")


@stations.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--datum", type=click.Choice(DATUMS), default="wgs84", show_default=True)
@click.option("--public", is_flag=True, help="Leave out what only staff may see.")
def export_file(file: Path, *, datum: str, public: bool) -> None:
    """Export all stations to FILE; its ending chooses csv, xlsx, geojson, gpkg or parquet."""
    with opened_store(create=False) as store:
        content = store.read_stations()
    with whole_file(file) as path:
        write_stations(content, path, datum=datum, public_only=public)
    click.echo(f"Wrote {len(content)} stations to {file}, positions in {datum}.")
    if datum != DATUMS[0]:
        click.echo(f"Whoever imports it must say --datum {datum}.")


@stations.command("check")
@json_option
def check(*, as_json: bool) -> None:
    """List what somebody should look at: hours not understood, missing or contradictory facts.

    Also stations that may be one and the same, and positions in water or far from any walkway of
    the cities built. Goes over all stations of the database and changes nothing; what staff
    answered at the desk is left out. Exit code 0, whatever it finds.
    """
    with opened_store(create=False) as store:
        content = store.read_stations(columns=CHECKED)
        doubtful, zones = find_doubtful(store, settings().cities)
    as_of = datetime.now(UTC)
    findings = in_order(content["code"], check_stations(content, as_of=as_of), doubtful)
    if as_json:
        echo_json({
            "as_of": as_of.isoformat(timespec="seconds"),
            "stations": len(content),
            "counts": count_kinds(findings),
            "development_zones": zones,
            "problems": [asdict(finding) for finding in findings],
        })  # fmt: skip
        return
    clean = len(content) - len({finding.code for finding in findings})
    click.echo(f"{len(content)} stations checked, {clean} without a problem.")
    for kind, count in count_kinds(findings).items():
        click.echo(f"  {kind}: {count}")
    if zones:
        named = ", ".join(f"{zone} {count}" for zone, count in zones.items())
        click.echo(f"Development zones named, no districts, so nothing is wrong: {named}.")
    listed = [finding for finding in findings if finding.kind not in _COUNTED]
    if len(listed) < len(findings):
        click.echo(f"Only counted: {', '.join(_COUNTED)}; --json lists them.")
    for code, of_station in groupby(listed, key=lambda finding: finding.code):
        told = list(of_station)
        click.echo(f"{code} {told[0].name}")
        for finding in told:
            click.echo(f"  {finding.field}: {finding.problem}; {finding.remedy}")


def doubles_of(plan: ImportPlan) -> list[dict[str, object]]:
    """Return the new rows that may be stored stations, and which."""
    return [
        {"row": one.row, "name": one.name, "may_be": [asdict(alike) for alike in one.alike]}
        for one in plan.rows
        if one.alike
    ]


@contextmanager
def _trial_store() -> Iterator[Store]:
    """Open the store for a dry run; where there is none, an empty one that is then forgotten.

    Yields
    ------
    Store
        Closed at the end of the block.
    """
    with ExitStack() as stack:
        try:
            store = stack.enter_context(opened_store(create=False))
        except StoreMissingError:
            folder = stack.enter_context(TemporaryDirectory())
            store = stack.enter_context(open_store(f"sqlite:///{folder}/empty.db"))
        yield store


def _user() -> str:
    """Return the name of the person at the command line, as the system knows it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number without a name
        return "unknown"


def _listed(rows: Rows) -> str:
    """Return the numbers of rows as a text."""
    more = ", ..." if rows.total > len(rows.first) else ""
    word = "row" if rows.total == 1 else "rows"
    return f"{word} {', '.join(map(str, rows.first))}{more}"


def _tell(report: ImportReport) -> None:
    """Print a report: the datum first, the counts, then the problems by row."""
    click.echo("\n  ".join([report.datum_note, *report.evidence]))
    would = "would be " if not report.written else ""
    click.echo(
        f"{report.rows} rows in {report.source}: {report.new} {would}new, "
        f"{report.changed} {would}changed, {report.unchanged} unchanged, {report.refused} refused."
    )
    if report.defaulted:
        filled = ", ".join(f"{field} {count}" for field, count in sorted(report.defaulted.items()))
        click.echo(f"Filled in where empty: {filled}.")
    if report.emptied:
        click.echo(f"Hours emptied, as the file brings new words for them: {report.emptied}.")
    for status, rows in report.words.items():
        if rows.total:
            click.echo(f"{_WORDS[status]}: {rows.total} ({_listed(rows)}).")
    _tell_problems(report.problems)
    _tell_end(report)


def _tell_end(report: ImportReport) -> None:
    """Print what is still to do."""
    if report.alike:
        click.echo(f"New rows that may be a station you have: {report.alike}; --json names them.")
    if report.batch:
        click.echo(f"To take it back: nuanyi stations undo {report.batch}")
    if report.refused and not report.written:
        click.echo("Nothing was written. Mend the rows above and import the file again.", err=True)
    elif report.dry_run:
        click.echo("Nothing was written: this was a dry run.")


def _tell_problems(problems: tuple[Problem, ...]) -> None:
    """Print how many problems there are, and the first of them; words read well are told above."""
    problems = tuple(problem for problem in problems if problem.code != "read_hours")
    warnings = sum(problem.severity == "warning" for problem in problems)
    if problems:
        click.echo(f"Errors: {len(problems) - warnings}, warnings: {warnings}.")
    for problem in problems[:_SHOWN]:
        click.echo(f"  {problem.severity}: {problem.message}")
    if len(problems) > _SHOWN:
        click.echo(f"  ... and {len(problems) - _SHOWN} more; --json lists all.")
