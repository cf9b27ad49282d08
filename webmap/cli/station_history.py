"""``nuanyi stations history``: who changed what, on the screen or as a table for an audit."""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.errors import UnknownStationError
from geo.store.audit import AUDIT_COLUMNS, audit_lines
from webmap.cli.base import Command, echo_json, json_option, opened_store
from webmap.cli.output import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.store import Store
    from geo.store.acts import Entry


@click.command("history", cls=Command)
@click.argument("code", default="")
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a table, a line for each changed field.",
)
@json_option
def history(code: str, *, table: Path | None, as_json: bool) -> None:
    """Tell every change of the station CODE, or of all stations, oldest first.

    The table has the columns seq, at (UTC), actor, origin, act, act_kind, code, action, field,
    before, after and note; no cell of it starts a formula.
    """
    with opened_store(create=False) as store:
        entries = _entries(store, code)
        if table is not None:
            number = _write(entries, table)
            click.echo(f"Wrote {number} changed fields to {table}.")
        elif as_json:
            echo_json([asdict(entry) for entry in entries])
        else:
            for entry in entries:
                _tell(entry)


def _entries(store: Store, code: str) -> Iterator[Entry]:
    """Return the changes of one station or of all.

    Raises
    ------
    UnknownStationError
        No station ever had this code.
    """
    if code and next(store.read_audit(code=code), None) is None:
        msg = f"no station has the code {code}"
        raise UnknownStationError(msg)
    return store.read_audit(code=code)


def _write(entries: Iterator[Entry], table: Path) -> int:
    """Write the table whole or not at all, and return its lines."""
    number = 0
    with whole_file(table) as path, path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(AUDIT_COLUMNS)
        for line in audit_lines(entries):
            writer.writerow(line)
            number += 1
    return number


def _tell(entry: Entry) -> None:
    """Print one change, a line for each field."""
    note = f" ({entry.note})" if entry.note else ""
    click.echo(f"{entry.at} {entry.actor} {entry.origin} {entry.action} {entry.code}{note}")
    for field in dict.fromkeys([*entry.before, *entry.after]):
        before, after = (side.get(field) for side in (entry.before, entry.after))
        click.echo(f"  {field}: {_shown(before)} -> {_shown(after)}")


def _shown(value: object) -> str:
    return "-" if value in {None, ""} else str(value)
