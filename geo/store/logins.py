"""Logins in the store: how often each way in failed, and so how long the next try has to wait.

A try counts as failed before the password is looked at, in one transaction, and is taken back when
it was right: a thousand tries at once get no further than one after another. A key is an HMAC that
the caller makes, so no name and no address stands here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select, update

from geo.store.engine import changing, reading
from geo.store.records import to_moment
from geo.store.tables import LOGINS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection, Engine

FORGET: Final = timedelta(hours=24)  # without a try, and failures count no more
REMEMBER: Final = timedelta(days=180)  # a place from which somebody logged in
_KNOWN: Final = "known:"  # before the key of such a place
_MOST_DOUBLINGS: Final = 30


@dataclass(frozen=True, slots=True)
class Pace:
    """How tries of one key are slowed down."""

    free: int  # failures without a wait
    longest_s: int  # seconds that a wait grows to

    def wait_s(self, failures: int) -> int:
        """Return the seconds between a failure and the next try: 1, then doubling.

        Examples
        --------
        >>> [Pace(free=3, longest_s=10).wait_s(failures) for failures in range(9)]
        [0, 0, 0, 1, 2, 4, 8, 10, 10]
        """
        if failures < self.free:
            return 0
        return min(self.longest_s, 1 << min(failures - self.free, _MOST_DOUBLINGS))


class LoginBook:
    """The part of a ``Store`` that counts failed logins; they change no change number."""

    engine: Engine

    def begin_login(self, paces: Mapping[str, Pace], *, now: datetime) -> int:
        """Count a try as failed, unless it comes too early; return how long it has to wait.

        Parameters
        ----------
        paces : mapping of str to Pace
            By key; the longest wait holds.
        now : datetime, aware
            The moment of the try.

        Returns
        -------
        int
            Seconds, rounded up; 0: it was counted and may go on.

        Raises
        ------
        InvalidOptionError
            ``now`` has no zone.
        """
        moment = to_moment(now)
        with reading(self.engine) as connection:  # who waits costs no writer's turn
            wait_s = _wait_s(paces, _rows(connection, paces, now), now)
        if wait_s:
            return wait_s
        with changing(self.engine) as connection:
            _lock(connection)
            rows = _rows(connection, paces, now)
            wait_s = _wait_s(paces, rows, now)
            if wait_s:
                return wait_s
            _purge(connection, now)
            for key in paces:
                failures = rows[key][0] + 1 if key in rows else 1
                _put(connection, key, failures, moment)
        return 0

    def take_back_login(
        self, paces: Collection[str], *, now: datetime, clears: bool = False
    ) -> None:
        """Take a counted try back: it was right.

        Parameters
        ----------
        paces : collection of str
            The keys of ``begin_login``.
        now : datetime, aware
            The moment of the try.
        clears : bool
            Whether what failed before is forgotten as well; not where strangers share the key.
        """
        with changing(self.engine) as connection:
            _lock(connection)
            rows = _rows(connection, paces, now)
            for key, (failures, at) in rows.items():
                if clears or failures <= 1:
                    connection.execute(delete(LOGINS).where(LOGINS.c.key == key))
                else:
                    _put(connection, key, failures - 1, to_moment(at))

    def wait_of_login(self, paces: Mapping[str, Pace], *, now: datetime) -> int:
        """Return how many seconds the next try has to wait; 0 for none."""
        with reading(self.engine) as connection:
            return _wait_s(paces, _rows(connection, paces, now), now)

    def remember_login(self, key: str, *, now: datetime) -> None:
        """Note that somebody logged in from a place; it is known for 180 days."""
        with changing(self.engine) as connection:
            _lock(connection)
            _put(connection, _KNOWN + key, 0, to_moment(now))

    def is_known_login(self, key: str, *, now: datetime) -> bool:
        """Return whether somebody logged in from a place within 180 days."""
        query = select(LOGINS.c.last_at).where(LOGINS.c.key == _KNOWN + key)
        with reading(self.engine) as connection:
            at = connection.execute(query).scalar_one_or_none()
        return at is not None and now - datetime.fromisoformat(at) < REMEMBER


def _lock(connection: Connection) -> None:
    """Let writers of this table wait for each other; on SQLite they do anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"LOCK TABLE {LOGINS.name} IN SHARE ROW EXCLUSIVE MODE")


def _rows(
    connection: Connection, keys: Collection[str], now: datetime
) -> dict[str, tuple[int, datetime]]:
    """Return failures and the moment of the last by key; what is forgotten is left out."""
    query = select(LOGINS.c.key, LOGINS.c.failures, LOGINS.c.last_at)
    found = connection.execute(query.where(LOGINS.c.key.in_(list(keys))))
    rows = {key: (failures, datetime.fromisoformat(at)) for key, failures, at in found}
    return {key: row for key, row in rows.items() if now - row[1] < FORGET}


def _wait_s(
    paces: Mapping[str, Pace], rows: Mapping[str, tuple[int, datetime]], now: datetime
) -> int:
    waits = [0]
    for key, (failures, at) in rows.items():
        wait_s = paces[key].wait_s(failures)
        left_s = (at + timedelta(seconds=wait_s) - now).total_seconds()
        waits.append(min(wait_s, math.ceil(left_s)))  # a clock set back makes nobody wait longer
    return max(waits)


def _put(connection: Connection, key: str, failures: int, moment: str) -> None:
    values = {"failures": failures, "last_at": moment}
    is_there = connection.execute(update(LOGINS).where(LOGINS.c.key == key).values(values)).rowcount
    if not is_there:
        connection.execute(insert(LOGINS), {"key": key, **values})


def _purge(connection: Connection, now: datetime) -> None:
    """Delete what is forgotten."""
    failed = (LOGINS.c.failures > 0) & (LOGINS.c.last_at < to_moment(now - FORGET))
    known = (LOGINS.c.failures == 0) & (LOGINS.c.last_at < to_moment(now - REMEMBER))
    connection.execute(delete(LOGINS).where(failed | known))
