"""The ``nuanyi`` command: one table of its doors; each door's file is read when it is opened."""

from __future__ import annotations

from importlib import import_module
from typing import Final, NamedTuple

import click

from geo.version import VERSION
from webmap.cli.base import database_option, verbose_option

__all__ = ["main"]


class Door(NamedTuple):
    """Where a command lives, and the line of help that needs no reading of its file."""

    module: str
    name: str
    help: str


_DOORS: Final = {
    "serve": Door("serve", "serve", "Serve the site on this machine."),
    "work": Door("work", "work", "Work off the runs of planners."),
    "demo": Door("demo", "demo", "Make the demo district anew."),
    "stations": Door("stations", "stations", "Import and export stations."),
    "areas": Door("areas", "areas", "Import cities, districts and subdistricts."),
    "network": Door("network", "network", "Build a walking network of an OpenStreetMap extract."),
    "basemap": Door("network", "basemap", "Build a street map of an OpenStreetMap extract."),
    "city": Door("network", "city", "Build a city's folder of an OpenStreetMap extract."),
    "nearest": Door("nearest", "nearest", "Where can I get in and rest, nearest first?"),
    "hours": Door("hours", "hours", "Read opening hours in Chinese words."),
    "coverage": Door("coverage", "coverage", "Where and when have the routes nowhere to rest?"),
    "plan": Door("plan", "plan", "List, show and publish runs of planners."),
    "user": Door("user", "user", "Make accounts."),
    "db": Door("db", "db", "Bring the database to this version's form."),
    "backup": Door("db", "backup", "Copy the database into a file."),
    "restore": Door("db", "restore", "Put the database back from such a copy."),
}


class Doors(click.Group):
    """A group that imports a command only when it is called, so that help comes at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(_DOORS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return a command by name, None if there is none."""
        door = _DOORS.get(cmd_name)
        if door is None:
            return None
        command = getattr(import_module(f"webmap.cli.{door.module}"), door.name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the table of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, door.help) for name, door in _DOORS.items()])


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    """Print the version of the installed package and stop."""
    if value and not ctx.resilient_parsing:
        click.echo(f"nuanyi {VERSION}")
        ctx.exit()


@click.group(cls=Doors, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
@database_option
@verbose_option
def main() -> None:
    """Tell outdoor workers where they can rest now, and the union where and when they have nowhere.

    Exit codes: 0 good, 1 the input is bad, 2 the command was not understood.
    """
