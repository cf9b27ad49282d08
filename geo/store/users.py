"""Accounts: name, role, area and the hash of a password that was hashed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from geo.errors import InvalidOptionError, StoreConflictError, UnknownUserError
from geo.store.tables import USERS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geo.store.engine import Writing

ROLES: Final = ("viewer", "editor", "reviewer", "admin")  # each may do what those before it may


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
    link_hash: str = field(default="", repr=False)  # of a keeper's link


def find_user(connection: Connection, name: str) -> User | None:
    """Return the account of that name, None if there is none."""
    row = connection.execute(select(USERS).where(USERS.c.name == name)).first()
    return None if row is None else User(**row._asdict())


def list_users(connection: Connection) -> list[User]:
    """Return all accounts, ordered by name."""
    users = [User(**row._asdict()) for row in connection.execute(select(USERS))]
    return sorted(users, key=lambda user: user.name)


def add_user(work: Writing, user: User) -> None:
    """Write a new account; see ``Store.add_user``.

    Raises
    ------
    StoreConflictError
        The name is taken.
    """
    _require_parts({"name": user.name, "role": user.role, "password_hash": user.password_hash})
    if find_user(work.connection, user.name) is not None:
        msg = f"an account {user.name} exists already; change it or take another name"
        raise StoreConflictError(msg)
    values = {column: getattr(user, column) for column in USERS.c.keys()}  # noqa: SIM118 - not a dict
    work.connection.execute(insert(USERS), values)
    work.changed = True


def change_user(work: Writing, name: str, changes: dict[str, Any]) -> None:
    """Change parts of an account; see ``Store.change_user``.

    Raises
    ------
    UnknownUserError
        There is no such account.
    """
    user = find_user(work.connection, name)
    if user is None:
        msg = f"no account is called {name}"
        raise UnknownUserError(msg)
    _require_parts(changes)
    if any(getattr(user, column) != value for column, value in changes.items()):
        work.connection.execute(update(USERS).where(USERS.c.name == name).values(changes))
        work.changed = True


def _require_parts(parts: dict[str, Any]) -> None:
    """Check the parts of an account that are given.

    Raises
    ------
    InvalidOptionError
        The role is unknown, or the name or hash is empty.
    """
    if parts.get("role", ROLES[0]) not in ROLES:
        msg = f"unknown role {parts['role']!r}; use one of {', '.join(ROLES)}"
        raise InvalidOptionError(msg)
    if not parts.get("name", True) or not parts.get("password_hash", True):
        msg = "an account needs a name and a password"
        raise InvalidOptionError(msg)
