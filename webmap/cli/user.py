"""``nuanyi user``: accounts. There is no default account."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

import click

from geo.errors import InvalidOptionError, UnknownStationError, UnknownUserError
from geo.store.users import KEEPER, ROLES
from webmap.cli.base import Group, echo_json, json_option, opened_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.store import Store, User

_NEAR: Final = 5  # names that are proposed

_password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)
_area_option = click.option(
    "--area", metavar="CODE", help="Area the account works for, by code or name; '' for all."
)


@click.group(cls=Group)
def user() -> None:
    """Make and change accounts."""


@user.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the accounts: name, role, area, state."""
    with opened_store() as store:
        users = store.list_users()
        names = dict(zip(*(store.read_areas()[name] for name in ("code", "name")), strict=True))
    if as_json:
        echo_json([_shown(one) for one in users])
        return
    for one in users:
        where = ",".join(one.stations) if one.role == KEEPER else names.get(one.area, one.area)
        click.echo("\t".join((one.name, one.role, where or "all areas", _state(one))))


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@_area_option
@_password_option
def add(name: str, role: str, area: str | None, *, password_stdin: bool) -> None:
    """Make account NAME.

    Without --password-stdin a random password is made and printed once; only its hash is kept.
    """
    with opened_store() as store:
        code = _area(store, area or "")
        password, hashed = _new_password(from_stdin=password_stdin)
        store.add_user(name, role=role, area=code, password_hash=hashed, now=datetime.now(UTC))
    click.echo(f"Made account {name}, {role}, {code or 'all areas'}.", err=True)
    _tell(password, from_stdin=password_stdin)


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES))
@_area_option
def change(name: str, role: str | None, area: str | None) -> None:
    """Change role or area of account NAME.

    Raises
    ------
    click.UsageError
        Neither is given.
    """
    if role is None and area is None:
        msg = "give --role, --area or both"
        raise click.UsageError(msg)
    with opened_store(create=False) as store:
        code = None if area is None else _area(store, area)
        store.change_user(name, role=role, area=code)
    click.echo(f"Changed account {name}.", err=True)


@user.command()
@click.argument("name")
@_password_option
def password(name: str, *, password_stdin: bool) -> None:
    """Give account NAME another password; its sessions end.

    Without --password-stdin a random password is made and printed once; only its hash is kept.
    """
    with opened_store(create=False) as store:
        _require(store, name)
        text, hashed = _new_password(from_stdin=password_stdin)
        store.change_user(name, password_hash=hashed)
    click.echo(f"Changed the password of {name}.", err=True)
    _tell(text, from_stdin=password_stdin)


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Disable account NAME: it gets in no more; what it did stays."""
    with opened_store(create=False) as store:
        store.change_user(name, disabled=True)
    click.echo(f"Disabled account {name}.", err=True)


@user.command()
@click.argument("name")
def enable(name: str) -> None:
    """Enable account NAME again."""
    with opened_store(create=False) as store:
        store.change_user(name, disabled=False)
    click.echo(f"Enabled account {name}.", err=True)


@user.command()
@click.argument("name")
@click.option("--station", "stations", metavar="CODE", multiple=True, help="Repeatable.")
@click.option("--site", default="", metavar="URL", help="Address of this site, for the link.")
@click.option("--revoke", is_flag=True, help="Take the link back instead.")
def keeper(name: str, stations: tuple[str, ...], site: str, *, revoke: bool) -> None:
    """Make keeper NAME, or give an earlier one a new link; the old link ends.

    A keeper is somebody at the station. The link, printed once, leads to a page on their phone
    where they confirm, close for a while, and say what is broken.
    """
    with opened_store(create=False) as store:
        if revoke:
            store.change_keeper(name, link_hash="")
            click.echo(f"Took back the link of {name}.", err=True)
            return
        _require_stations(store, stations)
        token = _renew(store, name, stations)
    click.echo("The link, shown only this once, is on the next line.", err=True)
    click.echo(f"{site.rstrip('/')}/k/{token}")


def _renew(store: Store, name: str, stations: Sequence[str]) -> str:
    """Give a keeper a link, and make the account first if there is none; return its word.

    Raises
    ------
    InvalidOptionError
        The account is no keeper's.
    """
    from webmap.account.link import make_link  # noqa: PLC0415 - help needs no Flask

    token, hashed = make_link()
    known = store.find_user(name)
    if known is None:
        now = datetime.now(UTC)
        store.add_keeper(name, stations=stations, now=now, link_hash=hashed)
        click.echo(f"Made keeper {name}.", err=True)
        return token
    if known.role != KEEPER:
        msg = f"{name} is an account with the role {known.role}; take another name for the keeper"
        raise InvalidOptionError(msg)
    store.change_keeper(name, stations=stations or None, link_hash=hashed)
    return token


def _new_password(*, from_stdin: bool) -> tuple[str, str]:
    """Return a password and its hash."""
    from webmap.auth import hash_password, random_password  # noqa: PLC0415 - as above

    text = sys.stdin.readline().rstrip("\r\n") if from_stdin else random_password()
    return text, hash_password(text)


def _tell(text: str, *, from_stdin: bool) -> None:
    """Print a password that was made here."""
    if not from_stdin:
        click.echo("Its password, shown only this once, is on the next line.", err=True)
        click.echo(text)


def _area(store: Store, text: str) -> str:
    """Return the code of an area by code or name; "" is everywhere.

    A name that only stations bear, in their district or subdistrict, is taken as it stands.

    Raises
    ------
    InvalidOptionError
        There is none, or several have the name; tells which are near.
    """
    if not text:
        return ""
    areas = store.read_areas()
    codes, names = areas["code"].tolist(), areas["name"].tolist()
    if text in codes:
        return text
    found = [code for code, name in zip(codes, names, strict=True) if name == text]
    if len(found) == 1:
        return str(found[0])
    if found:
        msg = f"{len(found)} areas are called {text}; give the code: {', '.join(found)}"
        raise InvalidOptionError(msg)
    stations = store.read_stations(columns=["district", "subdistrict"])
    borne = {*stations["district"], *stations["subdistrict"]} - {""}
    if text in borne:
        return text
    near = get_close_matches(text, [*codes, *dict.fromkeys(names), *sorted(borne)], _NEAR, 0.5)
    other = dict(zip(names, codes, strict=True)) | dict(zip(codes, names, strict=True))
    named = [f"{word} ({other[word]})" if word in other else word for word in near]
    if named:
        tail = f"near ones: {', '.join(named)}"
    elif codes:
        some = [f"{name} ({code})" for code, name in list(zip(codes, names, strict=True))[:_NEAR]]
        tail = f"the first of {len(codes)} are: {', '.join(some)}"
    else:
        tail = "none is stored: import them first, by nuanyi areas import"
    msg = f"there is no area {text}; {tail}"
    raise InvalidOptionError(msg)


def _require(store: Store, name: str) -> User:
    """Return the account of a name.

    Raises
    ------
    UnknownUserError
        There is none.
    """
    found = store.find_user(name)
    if found is None:
        msg = f"no account is called {name}; see: nuanyi user list"
        raise UnknownUserError(msg)
    return found


def _require_stations(store: Store, codes: Sequence[str]) -> None:
    """Check that there are stations of these codes.

    Raises
    ------
    UnknownStationError
        Names those that are not there.
    """
    known = set(store.read_stations(codes=codes, columns=()).get("code", [])) if codes else set()
    unknown = [code for code in codes if code not in known]
    if unknown:
        msg = f"no station has the code {', '.join(unknown)}"
        raise UnknownStationError(msg)


def _state(one: User) -> str:
    if one.disabled:
        return "disabled"
    return "no link" if one.role == KEEPER and not one.link_hash else "enabled"


def _shown(one: User) -> dict[str, Any]:
    """Return what may be told of an account: no hash."""
    return {
        "name": one.name,
        "role": one.role,
        "area": one.area,
        "stations": one.stations,
        "created_at": one.created_at,
        "disabled": one.disabled,
        "has_link": bool(one.link_hash),
    }
