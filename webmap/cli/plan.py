"""``nuanyi plan list``, ``show`` and ``publish``: runs of planners from the shell."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import click

from geo.coverage import LEAST_WORKERS, publish
from geo.errors import InvalidOptionError
from geo.report import say
from webmap.cli.base import Group, echo_json, json_option, opened_store, settings
from webmap.runs import DONE, QUEUED, RUNNING, Desk, Run
from webmap.runs.record import moment_now, result_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORT: Final = 8  # letters of an id that a list shows
_NAMED: Final = 5  # runs that a message names
_FIGURES: Final = (  # of the summary
    "workers", "routes", "days", "duration_min", "limit_m", "kind",
)  # fmt: skip


@click.group(cls=Group)
def plan() -> None:
    """List, show and publish runs of planners."""


@plan.command("list")
@json_option
def list_runs(*, as_json: bool) -> None:
    """List all runs, the latest first."""
    with _opened_desk() as desk:
        runs, has_worker = desk.runs(), desk.has_worker()
    if as_json:
        echo_json([_told(run) for run in runs])
        return
    for run in runs:
        shared = " shared" if run.is_shared else ""
        click.echo(f"{run.id[:_SHORT]}  {_state(run):12} {run.created[:16]}  {run.owner}{shared}")
        click.echo(f"          {run.name}")
    if not has_worker and any(run.state == QUEUED for run in runs):
        click.echo("No worker is there to take them: start nuanyi serve or nuanyi work.", err=True)
    if not runs:
        click.echo("No runs yet; planners start them at /plan/.")


@plan.command()
@click.argument("run", metavar="ID")
@json_option
def show(run: str, *, as_json: bool) -> None:
    """Show a run: its options, its state and its headline figures.

    ID is that of the run, its beginning, or the run's name.
    """
    with _opened_desk() as desk:
        found = _find(desk, run)
        folder = result_folder(desk.folder / found.id)
    files = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    summary = _summary(folder) if found.state == DONE else None
    if as_json:
        figures = None if summary is None else _figures(summary)
        echo_json({**_told(found), "log": found.log, "figures": figures, "files": files})
        return
    for name, value in _told(found).items():
        if value not in ("", None):
            click.echo(f"{name + ':':14}{_plain(value)}")
    if summary is not None:
        click.echo(f"\n{say.headline(summary, 'en')}\n{' · '.join(say.base(summary, 'en'))}")
        click.echo(f"\nFiles in {folder}:\n  {', '.join(files)}")


@plan.command("publish")
@click.argument("run", metavar="ID")
@click.option(
    "--min-workers",
    type=click.IntRange(min=LEAST_WORKERS),
    default=LEAST_WORKERS,
    show_default=True,
    help="Withhold what fewer workers walked.",
)
@json_option
def publish_run(run: str, *, min_workers: int, as_json: bool) -> None:
    """Publish the streets of a run, by hour of the week, at /api/v1/coverage/latest.

    Of tracks only streets and hours that enough workers walked are published; the rest is
    withheld, and counted. Beats are plans and no persons: all of them is published. ID is that of
    the run, its beginning, or the run's name.
    """
    with _opened_desk() as desk:
        found = _find_done(desk, run)
        folder = result_folder(desk.folder / found.id)
        _require_something(folder, min_workers)
        done = publish(folder, folder, min_workers=min_workers)
        desk.note_published(found.id, moment_now())
    if as_json:
        echo_json(asdict(done))
        return
    click.echo(f"Published {found.name}: {_parts(done.stretches_kept, 'streets')}.")
    click.echo(
        f"Withheld: {_parts(done.stretches_withheld, 'streets')}, "
        f"{_parts(done.cells_withheld, 'hours of streets')}, "
        f"{_parts(done.hours_withheld, 'hours of the week')}, "
        f"{_parts(done.areas_withheld, 'areas')}."
    )
    click.echo(f"{100 * done.time_kept_share:.1f} % of the time walked is published.")


@contextmanager
def _opened_desk() -> Iterator[Desk]:
    """Open the desk of the installation.

    Yields
    ------
    Desk
        Its store is closed after the block.
    """
    with opened_store() as store:
        yield Desk(settings(), store)


def _find(desk: Desk, word: str) -> Run:
    """Return the one run of an id, the beginning of an id, or a name.

    Raises
    ------
    InvalidOptionError
        There is none, or several.
    """
    runs = desk.runs()
    found = [run for run in runs if run.id == word]
    found = found or [run for run in runs if word and run.id.startswith(word)]
    found = found or [run for run in runs if run.name == word]
    if not found:
        msg = f"no run is called {word}; see nuanyi plan list"
        raise InvalidOptionError(msg)
    if len(found) > 1:
        named = ", ".join(run.id[:_SHORT] for run in found[:_NAMED])
        msg = f"{len(found)} runs are called {word}: {named}; give more of the id"
        raise InvalidOptionError(msg)
    return desk.find(found[0].id) or found[0]


def _find_done(desk: Desk, word: str) -> Run:
    """Return the one run of a word, which is done.

    Raises
    ------
    InvalidOptionError
        It is not.
    """
    found = _find(desk, word)
    if found.state != DONE:
        msg = f"the run {found.name} is {found.state}; only one that is done can be published"
        raise InvalidOptionError(msg)
    return found


def _require_something(folder: Path, min_workers: int) -> None:
    """Check that something of a result may be published.

    Raises
    ------
    InvalidOptionError
        All of it would be withheld.
    """
    with TemporaryDirectory() as trial:
        would = publish(folder, Path(trial), min_workers=min_workers)
    if not would.cells_kept:
        msg = (
            f"no street was walked by {min_workers} workers in the same hour of the week, so all "
            f"{would.stretches_withheld:,} streets would be withheld; nothing was published"
        )
        raise InvalidOptionError(msg)


def _told(run: Run) -> dict[str, Any]:
    """Return what is told of a run, as plain data."""
    return {
        "id": run.id,
        "name": run.name,
        "owner": run.owner,
        "source": run.source,
        "state": run.state,
        "share": run.share,
        "is_shared": run.is_shared,
        "is_demo": run.is_demo,
        "city": run.city,
        "created": run.created,
        "finished": run.finished,
        "published": run.published,
        "fault": None if run.fault is None else asdict(run.fault),
        "files": [asdict(file) for file in run.files],
        "options": asdict(run.options),
    }


def _state(run: Run) -> str:
    return f"{run.state} {100 * run.share:.0f} %" if run.state == RUNNING else run.state


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _summary(folder: Path) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return summary


def _figures(summary: dict[str, Any]) -> dict[str, Any]:
    """Return the figures that a first look asks for."""
    shares = {judged: summary[judged]["share_time"] for judged in ("nominal", "effective")}
    return {name: summary[name] for name in _FIGURES if name in summary} | shares


def _parts(number: int, of: str) -> str:
    return f"{number:,} {of}"
