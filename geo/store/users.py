"""Accounts: name, role, area and the hash of a password that was hashed elsewhere.

A keeper has no password: a link on the phone of the shop leads in, of which the hash stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from geo.errors import InvalidOptionError, StoreConflictError, UnknownUserError
from geo.store.engine import reading, writing
from geo.store.records import to_moment
from geo.store.tables import USERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from geo.store.engine import Writing

ROLES: Final = ("viewer", "editor", "reviewer", "admin")  # each may do what those before it may
KEEPER: Final = "keeper"  # bound to stations, not to an area; may none of what ROLES may
LONGEST_NAME: Final = 60  # characters
NO_PASSWORD: Final = "!"  # noqa: S105 - the "hash" of a keeper: no password fits it


@dataclass(frozen=True, slots=True)
class User:
    """One account; ``area`` is the code of the area it works for, "" for all."""

    name: str
    password_hash: str = field(repr=False)  # stays out of logs
    role: str
    area: str
    created_at: str  # ISO 8601, UTC
    disabled: bool = False
    stations: list[str] = field(default_factory=list)  # codes of those a keeper keeps
    link_hash: str = field(default="", repr=False)  # of a keeper's link; "" = there is none


class UserBook:
    """The part of a ``Store`` that keeps accounts."""

    engine: Engine

    def add_user(
        self, name: str, *, role: str, password_hash: str, now: datetime, area: str = ""
    ) -> User:
        """Create an account.

        Parameters
        ----------
        name, password_hash : str
            Neither may be empty; the hash is stored as given. A name has at most 60 characters,
            and no slash or control character.
        role : {"viewer", "editor", "reviewer", "admin"}
            What it may do.
        now : datetime, aware
            The moment to record.
        area : str
            Code of the area it works for, "" for all.

        Returns
        -------
        User
            The account.

        Raises
        ------
        StoreConflictError
            The name is taken.
        InvalidOptionError
            Unknown role, a name that cannot be, an empty hash, or ``now`` without zone.
        """
        _require_role(role, ROLES)
        user = User(name, password_hash, role, area, to_moment(now))
        with writing(self.engine) as work:
            _add(work, user)
        return user

    def add_keeper(
        self, name: str, *, stations: Iterable[str], now: datetime, link_hash: str = ""
    ) -> User:
        """Create the account of a keeper: somebody at the station, without a password.

        Parameters
        ----------
        name : str
            As of `add_user`.
        stations : iterable of str, 1 or more
            Codes of the stations it keeps.
        now : datetime, aware
            The moment to record.
        link_hash : str
            Of the link that leads in, as hashed elsewhere; "" = there is none yet.

        Returns
        -------
        User
            The account.

        Raises
        ------
        StoreConflictError
            The name is taken.
        InvalidOptionError
            No station, a name that cannot be, or ``now`` without zone.
        """
        codes = _listed(stations)
        user = User(
            name, NO_PASSWORD, KEEPER, "", to_moment(now), stations=codes, link_hash=link_hash
        )
        with writing(self.engine) as work:
            _add(work, user)
        return user

    def change_user(
        self,
        name: str,
        *,
        role: str | None = None,
        area: str | None = None,
        password_hash: str | None = None,
        disabled: bool | None = None,
    ) -> None:
        """Change an account; None leaves a part as it is.

        Raises
        ------
        UnknownUserError
            There is no such account.
        InvalidOptionError
            Unknown role, an empty hash, or a role or password for a keeper.
        """
        parts = {"role": role, "area": area, "password_hash": password_hash, "disabled": disabled}
        changes = {part: value for part, value in parts.items() if value is not None}
        _require_role(ROLES[0] if role is None else role, ROLES)
        with writing(self.engine) as work:
            user = _require(work.connection, name)
            if user.role == KEEPER and {"role", "area", "password_hash"} & set(changes):
                msg = f"{name} is a keeper: it has stations and a link, no role, area or password"
                raise InvalidOptionError(msg)
            _change(work, user, changes)

    def change_keeper(
        self, name: str, *, stations: Iterable[str] | None = None, link_hash: str | None = None
    ) -> None:
        """Change what a keeper keeps, or the link; None leaves a part as it is.

        Parameters
        ----------
        name : str
            Of the account.
        stations : iterable of str, optional
            Codes, 1 or more.
        link_hash : str, optional
            "" takes the link back: nobody gets in by it, and its sessions end.

        Raises
        ------
        UnknownUserError
            There is no keeper of this name.
        InvalidOptionError
            No station.
        """
        changes: dict[str, Any] = {}
        if stations is not None:
            changes["stations"] = _listed(stations)
        if link_hash is not None:
            changes["link_hash"] = link_hash
        with writing(self.engine) as work:
            user = _require(work.connection, name)
            if user.role != KEEPER:
                msg = f"{name} is no keeper"
                raise UnknownUserError(msg)
            _change(work, user, changes)

    def find_user(self, name: str) -> User | None:
        """Return the account of that name, disabled or not; None if there is none."""
        with reading(self.engine) as connection:
            return _find(connection, name)

    def find_keeper(self, link_hash: str) -> User | None:
        """Return the keeper whose link has this hash, disabled or not; None if there is none."""
        if not link_hash:
            return None
        query = select(USERS).where(USERS.c.link_hash == link_hash, USERS.c.role == KEEPER)
        with reading(self.engine) as connection:
            row = connection.execute(query).first()
        return None if row is None else User(**row._asdict())

    def list_users(self) -> list[User]:
        """Return all accounts, keepers as well, ordered by name."""
        with reading(self.engine) as connection:
            users = [User(**row._asdict()) for row in connection.execute(select(USERS))]
        return sorted(users, key=lambda user: user.name)


def _find(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(USERS).where(USERS.c.name == name)).first()
    return None if row is None else User(**row._asdict())


def _require(connection: Connection, name: str) -> User:
    """Return the account of a name.

    Raises
    ------
    UnknownUserError
        There is none.
    """
    user = _find(connection, name)
    if user is None:
        msg = f"no account is called {name}"
        raise UnknownUserError(msg)
    return user


def _add(work: Writing, user: User) -> None:
    """Write a new account.

    Raises
    ------
    InvalidOptionError
        The name cannot be, or there is no hash.
    StoreConflictError
        The name is taken.
    """
    name = user.name
    if not name or not user.password_hash:
        msg = "an account needs a name and a password"
        raise InvalidOptionError(msg)
    if len(name) > LONGEST_NAME or "/" in name or not name.isprintable() or name != name.strip():
        msg = (
            f"{name[:LONGEST_NAME]!r} cannot be a name; take at most {LONGEST_NAME} letters and "
            "digits, without a slash and without spaces around it"
        )
        raise InvalidOptionError(msg)
    if _find(work.connection, name) is not None:
        msg = f"an account {name} exists already; change it or take another name"
        raise StoreConflictError(msg)
    values = {column: getattr(user, column) for column in USERS.c.keys()}  # noqa: SIM118 - not a dict
    work.connection.execute(insert(USERS), values)
    work.changed = True


def _change(work: Writing, user: User, changes: dict[str, Any]) -> None:
    """Write the parts that change.

    Raises
    ------
    InvalidOptionError
        The hash is empty.
    """
    if not changes.get("password_hash", True):
        msg = "an account needs a password"
        raise InvalidOptionError(msg)
    if any(getattr(user, column) != value for column, value in changes.items()):
        work.connection.execute(update(USERS).where(USERS.c.name == user.name).values(changes))
        work.changed = True


def _require_role(role: str, roles: Iterable[str]) -> None:
    """Check a role.

    Raises
    ------
    InvalidOptionError
        It is none of ``roles``.
    """
    if role not in roles:
        msg = f"unknown role {role!r}; use one of {', '.join(roles)}"
        raise InvalidOptionError(msg)


def _listed(stations: Iterable[str]) -> list[str]:
    """Return codes without repeats, in their order.

    Raises
    ------
    InvalidOptionError
        There is none.
    """
    codes = list(dict.fromkeys(stations))
    if not codes:
        msg = "a keeper needs a station; give its code"
        raise InvalidOptionError(msg)
    return codes
