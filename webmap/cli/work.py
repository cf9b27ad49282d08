"""``nuanyi work``: works off the runs of planners."""

from __future__ import annotations

import click

from webmap.cli.base import Command, settings
from webmap.settings import MOST_RUNS


@click.command(cls=Command)
@click.option(
    "--at-once",
    type=click.IntRange(1, MOST_RUNS),
    help="Runs at a time, each in a process of its own.  [env NUANYI_RUNS; default: 2]",
)
@click.option("--until-input-ends", is_flag=True, hidden=True)  # how a server starts its worker
def work(at_once: int | None, *, until_input_ends: bool) -> None:
    """Work off the runs of planners until Ctrl-C.

    One worker is enough for an installation; `nuanyi serve` starts it unless told not to. Runs that
    are at work when it is stopped begin anew with the next one.
    """
    from webmap.runs.worker import work as run_worker  # noqa: PLC0415 - help needs none of it

    chosen = settings()
    number = at_once or chosen.runs_at_once
    if not until_input_ends:
        click.echo(f"Working off runs, {number} at a time; Ctrl-C stops.")
    run_worker(chosen, at_once=number, ends_with_input=until_input_ends)
