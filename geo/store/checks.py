"""Checks in the store: what staff should look into at a station, from the first report to done."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select, update

from geo.errors import InvalidOptionError, UnknownCheckError
from geo.stations.doubts import DOOR
from geo.store.check_acts import DONE, CheckActs, note_act
from geo.store.engine import changing, reading
from geo.store.records import to_moment
from geo.store.tables import CHECKS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection, Engine

    from geo.stations.doubts import Doubt
    from geo.store.peek import Peek

FINE, MENDED, TRUE = "fine", "mended", "true"
OUTCOMES: Final = (FINE, MENDED, TRUE)  # nothing is wrong | it was so, and is mended | it is so
OVER: Final = "over"  # nobody looked: what the check stood on is no longer there
_CHUNK: Final = 5_000  # codes in one statement


@dataclass(frozen=True, slots=True)
class Check:
    """Something staff should look into, or have; moments are aware, in UTC, None: not come."""

    id: str
    code: str
    reason: str  # of geo.stations.doubts.REASONS
    amenity: str  # as of ``geo.stations.doubts.Doubt``
    opened_at: datetime
    told_at: datetime  # when the last of the reports it stands on was seen
    taken_by: str  # who looks into it; "" if nobody said so
    taken_at: datetime | None
    answer: str  # what somebody saw there, the last if several did
    answered_by: str
    answered_at: datetime | None
    outcome: str  # one of OUTCOMES, or OVER; "" while it is open
    note: str
    done_by: str  # "": the site itself
    done_at: datetime | None


class CheckBook(CheckActs):
    """The part of a ``Store`` that keeps checks; they change no station and no change number."""

    engine: Engine
    _peek: Peek

    def open_checks(
        self, doubts: Iterable[Doubt], *, now: datetime, most: int | None = None
    ) -> int:
        """Open a check for each doubt that has none, and return how many were opened.

        An open check of the same station, reason and amenity takes the later ``told_at``. Where
        the last one is done, only what was seen after that opens another.

        Parameters
        ----------
        doubts : iterable of Doubt
            Of several with one key the last counts.
        now : datetime, aware
            The moment to record.
        most : int, optional
            Open no more than this, the first in the order given.

        Returns
        -------
        int
            How many were opened.

        Raises
        ------
        InvalidOptionError
            ``now`` has no zone.
        """
        found = {doubt.key: doubt for doubt in doubts}
        if not found:
            return 0
        moment = to_moment(now)
        codes = sorted({code for code, _, _ in found})
        with reading(self.engine) as connection:
            news = _news(found, *_known(connection, codes))
        if not any(news):
            return 0
        with changing(self.engine) as connection:  # anew: another process may have been quicker
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"LOCK TABLE {CHECKS.name} IN SHARE ROW EXCLUSIVE MODE")
            fresh, later = _news(found, *_known(connection, codes))
            fresh = fresh[:most]
            for doubt in later:
                connection.execute(
                    update(CHECKS).where(*_is(doubt)).values(told_at=to_moment(doubt.told_at))
                )
            if fresh:
                connection.execute(insert(CHECKS), [_row(doubt, moment) for doubt in fresh])
        return len(fresh)

    def list_checks(
        self, *, code: str = "", is_done: bool = False, most: int | None = None
    ) -> list[Check]:
        """Return the open checks, or those that are done, the oldest first.

        Parameters
        ----------
        code : str
            Only of this station; "" of all.
        is_done : bool
            True: those that somebody has done, the last done first.
        most : int, optional
            Of those that are done, no more than this.
        """
        query = select(*_READ).where(CHECKS.c.done_at == "")
        if is_done:
            query = select(*_READ).where(CHECKS.c.done_at != "", CHECKS.c.outcome != OVER)
            query = query.order_by(CHECKS.c.done_at.desc(), CHECKS.c.id.desc()).limit(most)
        if code:
            query = query.where(CHECKS.c.code == code)
        with reading(self.engine) as connection:
            checks = [_read(row) for row in connection.execute(query)]
        if is_done:
            return sorted(checks, key=lambda check: (check.done_at, check.id), reverse=True)
        return sorted(checks, key=lambda check: (check.opened_at, check.id))

    def count_checks(self) -> int:
        """Return how many checks are open."""
        query = select(func.count()).select_from(CHECKS).where(CHECKS.c.done_at == "")
        with reading(self.engine) as connection:
            return int(connection.execute(query).scalar_one())

    def find_check(self, id: str) -> Check:  # noqa: A002 - the column's name
        """Return a check, open or done.

        Raises
        ------
        UnknownCheckError
            There is none of this id.
        """
        with reading(self.engine) as connection:
            row = connection.execute(select(*_READ).where(CHECKS.c.id == id)).first()
        if row is None:
            msg = f"there is no check {id!r}; take one from the list of checks"
            raise UnknownCheckError(msg)
        return _read(row)

    def finish_check(
        self,
        id: str,  # noqa: A002 - the column's name
        outcome: str,
        *,
        actor: str,
        now: datetime,
        note: str = "",
    ) -> bool:
        """Mark a check as done; return False, and leave it, if it was already.

        Parameters
        ----------
        id : str
            The check.
        outcome : {"fine", "mended", "true"}
            Nothing is wrong there; it was so, and is mended; or it is so, and staff know it. The
            first two of the door end a lock at that moment, see `found_fine`.
        actor, note : str
            Account name; what its owner found.
        now : datetime, aware
            The moment to record.

        Returns
        -------
        bool
            Whether it was open.

        Raises
        ------
        UnknownCheckError
            There is none of this id.
        InvalidOptionError
            Another outcome, or ``now`` without zone.
        """
        if outcome not in OUTCOMES:
            msg = f"unknown outcome {outcome!r}; use one of {', '.join(OUTCOMES)}"
            raise InvalidOptionError(msg)
        self.find_check(id)
        moment = to_moment(now)
        done = {"outcome": outcome, "note": note, "done_by": actor, "done_at": moment}
        query = update(CHECKS).where(CHECKS.c.id == id, CHECKS.c.done_at == "").values(done)
        with changing(self.engine) as connection:
            is_done = connection.execute(query).rowcount > 0
            if is_done:
                note_act(connection, id, DONE, actor=actor, at=moment, text=note)
        return is_done

    def withdraw_checks(self, ids: Collection[str], *, now: datetime) -> int:
        """End open checks whose reason is gone, with nobody having looked; return how many.

        Raises
        ------
        InvalidOptionError
            ``now`` has no zone.
        """
        over = {"outcome": OVER, "done_at": to_moment(now)}
        query = update(CHECKS).where(CHECKS.c.done_at == "").values(over)
        if not ids:
            return 0
        with changing(self.engine) as connection:
            ended = (connection.execute(query.where(CHECKS.c.id.in_(p))) for p in _chunks(ids))
            return sum(result.rowcount for result in ended)

    def last_check_done(self) -> str:
        """Return when a check was last done, "" if none was; cheap enough for every request."""
        return str(self._peek.value(f"SELECT max(done_at) FROM {CHECKS.name}") or "")  # noqa: S608 - our own name

    def found_fine(self, codes: Collection[str], *, until: datetime) -> dict[str, datetime]:
        """Return by code when staff last found or made the door usable by a check, in UTC.

        Parameters
        ----------
        codes : collection of str
            Of these stations.
        until : datetime, aware
            Later ones are left out.

        Raises
        ------
        InvalidOptionError
            ``until`` has no zone.
        """
        query = select(CHECKS.c.code, func.max(CHECKS.c.done_at)).group_by(CHECKS.c.code)
        query = query.where(
            CHECKS.c.outcome.in_((FINE, MENDED)),
            CHECKS.c.reason.in_(DOOR),
            CHECKS.c.done_at <= to_moment(until),
        )
        with reading(self.engine) as connection:
            return {
                code: datetime.fromisoformat(at)
                for part in _chunks(codes)
                for code, at in connection.execute(query.where(CHECKS.c.code.in_(part)))
            }


_FIELDS: Final = tuple(Check.__dataclass_fields__)
_READ: Final = tuple(CHECKS.c[name] for name in _FIELDS)
_MOMENTS: Final = ("opened_at", "told_at", "taken_at", "answered_at", "done_at")


def _known(
    connection: Connection, codes: Collection[str]
) -> tuple[dict[tuple[str, ...], str], dict[tuple[str, ...], str]]:
    """Return by key when what an open check stands on was last seen, and when one was last done."""
    query = select(
        CHECKS.c.code, CHECKS.c.reason, CHECKS.c.amenity, CHECKS.c.told_at, CHECKS.c.done_at
    )
    told: dict[tuple[str, ...], str] = {}
    done: dict[tuple[str, ...], str] = {}
    for part in _chunks(codes):
        for *key, told_at, done_at in connection.execute(query.where(CHECKS.c.code.in_(part))):
            if done_at:
                done[tuple(key)] = max(done_at, done.get(tuple(key), ""))
            else:
                told[tuple(key)] = told_at
    return told, done


def _news(
    doubts: dict[tuple[str, str, str], Doubt],
    told: dict[tuple[str, ...], str],
    done: dict[tuple[str, ...], str],
) -> tuple[list[Doubt], list[Doubt]]:
    """Return the doubts that need a check, and those whose open check heard of something later."""
    moments = {key: to_moment(doubt.told_at) for key, doubt in doubts.items()}
    fresh = [
        doubt
        for key, doubt in doubts.items()
        if key not in told and moments[key] > done.get(key, "")
    ]
    later = [doubt for key, doubt in doubts.items() if key in told and moments[key] > told[key]]
    return fresh, later


def _is(doubt: Doubt) -> tuple[Any, ...]:
    """Return the conditions of the open check of a doubt."""
    columns = (CHECKS.c.code, CHECKS.c.reason, CHECKS.c.amenity)
    same = (column == cell for column, cell in zip(columns, doubt.key, strict=True))
    return (*same, CHECKS.c.done_at == "")


def _row(doubt: Doubt, now: str) -> dict[str, str]:
    """Return the row of a new check; what has not come yet is ""."""
    cells = dict.fromkeys((column.name for column in CHECKS.c), "")
    code, reason, amenity = doubt.key
    named = {"code": code, "reason": reason, "amenity": amenity}
    moments = {"opened_at": now, "told_at": to_moment(doubt.told_at)}
    return cells | named | moments | {"id": str(uuid.uuid4())}


def _read(row: Iterable[Any]) -> Check:
    cells = dict(zip(_FIELDS, row, strict=True))
    for name in _MOMENTS:
        cells[name] = datetime.fromisoformat(cells[name]) if cells[name] else None
    return Check(**cells)


def _chunks(codes: Collection[str]) -> list[list[str]]:
    listed = sorted(set(codes))
    return [listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK)]
