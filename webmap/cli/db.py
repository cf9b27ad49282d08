"""``nuanyi db upgrade``, ``nuanyi backup``, ``nuanyi restore``: care of the database."""

from __future__ import annotations

from pathlib import Path

import click

from geo.store import open_store, restore_store
from geo.store import upgrade as upgrade_store
from webmap.cli.base import Command, Group, settings


@click.group(cls=Group)
def db() -> None:
    """Bring the database to this version's form."""


@db.command()
def upgrade() -> None:
    """Bring the database to this version's form; an SQLite file is copied first."""
    chosen = settings()
    done = upgrade_store(chosen.database)
    if chosen.demo_file.is_file():
        upgrade_store(chosen.demo_database)
    if done.before == done.after:
        click.echo(f"The database is up to date (schema {done.after}).")
        return
    click.echo(f"Brought the database from schema {done.before or 'none'} to {done.after}.")
    if done.copy:
        click.echo(f"The file as it was is kept as {done.copy}.")


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the SQLite database into FILE; work may go on meanwhile."""
    with open_store(settings().database, create=False) as store:
        store.backup(file)
    click.echo(f"Copied the database to {file}.")


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put the SQLite database back from FILE, made by backup; what it held is kept beside."""
    kept = restore_store(settings().database, file)
    click.echo(f"The database is as it was in {file}.")
    if kept:
        click.echo(f"What it held before is kept as {kept}.")
    click.echo("Restart nuanyi serve if it is running.")
