"""``nuanyi user``: accounts. There is no default account."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from geo.store import ROLES
from webmap.auth import hash_password, random_password
from webmap.cli.base import Group, opened_store


@click.group(cls=Group)
def user() -> None:
    """Make accounts."""


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--area", default="", metavar="CODE", help="Area the account works for; else all.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(name: str, role: str, area: str, *, password_stdin: bool) -> None:
    """Make account NAME.

    Without --password-stdin a random password is made and printed once; only its hash is kept.
    """
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else random_password()
    hashed = hash_password(password)
    with opened_store() as store:
        store.add_user(name, role=role, area=area, password_hash=hashed, now=datetime.now(UTC))
    click.echo(f"Made account {name}, {role}.", err=True)
    if not password_stdin:
        click.echo("Its password, shown only this once, is on the next line.", err=True)
        click.echo(password)
