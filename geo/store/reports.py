"""Workers' reports in the store: a table of its own, beside the stations and their history."""

from __future__ import annotations

import uuid
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import delete, func, insert, select

from geo.errors import InvalidOptionError, StoreConflictError
from geo.stations.evidence import AGREE_WITHIN, LOCKED, OF_AMENITY, STATES, Report
from geo.store.engine import reading, writing
from geo.store.records import to_moment
from geo.store.stations import require_station
from geo.store.tables import HISTORY, REPORTS, STATIONS
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection, Engine, Select

    from geo.store.peek import Peek

_CHUNK: Final = 5_000  # codes in one statement: SQLite takes 32,766
_NOT_AT_THE_DOOR: Final = ("import:%", "%:amenity")  # origins: a file; what was said of a thing


class Filed(NamedTuple):
    """A report as it is stored, and whether it is new."""

    report: Report
    is_new: bool


class ReportBook:
    """The part of a ``Store`` that keeps reports; they change no station and no change number."""

    engine: Engine
    _peek: Peek

    def add_report(
        self,
        code: str,
        state: str,
        *,
        devices: Sequence[str],
        at: datetime,
        now: datetime,
        id: str = "",  # noqa: A002 - the field's name
        near: bool | None = None,
        amenity: str = "",
    ) -> Filed:
        """Keep what a device saw; the same ``id`` again changes nothing.

        Parameters
        ----------
        code : str
            The station.
        state : {"open", "locked", "gone", "broken", "missing"}
            What was seen.
        devices : sequence of str, 1 or more
            Names of the device, the oldest first. It goes by the first that a stored report
            bears, else by the last.
        at, now : datetime, aware
            When it was seen, and when it came.
        id : str
            The sender's UUID; "": one is made.
        near : bool, optional
            Whether the device says that it was there.
        amenity : str
            With "broken" and "missing": which one, a code of the vocabulary ``amenity``.

        Returns
        -------
        Filed
            The report as it is stored, and whether it is new.

        Raises
        ------
        UnknownStationError
            No station has this code.
        InvalidOptionError
            Another state, no device, a moment without zone, or an amenity where none is meant,
            none where one is, or an unknown one.
        StoreConflictError
            The ``id`` is that of another report: another station, state or amenity.
        """
        if state not in STATES or not devices:
            msg = f"a report needs a device and a state of {', '.join(STATES)}, not {state!r}"
            raise InvalidOptionError(msg)
        require_amenity(state, amenity)
        wanted = id or str(uuid.uuid4())
        seen, came = to_moment(at), to_moment(now)
        with writing(self.engine) as work:
            earlier = _find(work.connection, wanted)
            if earlier is not None:
                return Filed(_same(earlier, code, state, amenity), is_new=False)
            require_station(work.connection, code)
            device = _name(work.connection, devices)
            cells = (wanted, code, device, state, seen, near, came, amenity)
            row = {column.name: cell for column, cell in zip(_READ, cells, strict=True)}
            work.connection.execute(insert(REPORTS), row)
        return Filed(_read(cells), is_new=True)

    def find_report(
        self,
        id: str,  # noqa: A002 - the field's name
        *,
        code: str,
        state: str,
        amenity: str = "",
    ) -> Report | None:
        """Return the report of an id, None if there is none.

        Raises
        ------
        StoreConflictError
            It is of another station, state or amenity.
        """
        with reading(self.engine) as connection:
            earlier = _find(connection, id)
        return earlier and _same(earlier, code, state, amenity)

    def reports_since(
        self,
        moment: datetime,
        codes: Collection[str] | None = None,
        *,
        with_devices: bool = False,
    ) -> list[Report]:
        """Return reports of what was seen at a moment or later, in the order of its time.

        Parameters
        ----------
        moment : datetime, aware
            To the second.
        codes : collection of str, optional
            Only these stations.
        with_devices : bool
            True: with ``codes``, also what the devices that reported them saw elsewhere.

        Returns
        -------
        list of Report
            Ordered by time seen, time received, and as they came.

        Raises
        ------
        InvalidOptionError
            ``moment`` has no zone.
        """
        is_new = REPORTS.c.at >= to_moment(moment)
        query = select(REPORTS.c.seq, *_READ).where(is_new)
        if with_devices:
            devices = select(REPORTS.c.device).where(is_new)
            narrow = [query.where(REPORTS.c.device.in_(part)) for part in _of(devices, codes)]
        else:
            narrow = _of(query, codes)
        with reading(self.engine) as connection:
            rows = {row[0]: row[1:] for part in narrow for row in connection.execute(part)}
        reports = [_read(rows[seq]) for seq in sorted(rows)]
        return sorted(reports, key=lambda report: report.order)

    def called_locked(self, *, since: datetime, recent: datetime) -> list[str]:
        """Return the codes of stations that two devices called locked within 24 h, in order.

        No other station can be ``reported_locked``; most of these are not.

        Parameters
        ----------
        since, recent : datetime, aware
            Seen at ``since`` or later, and at least once at ``recent`` or later.

        Raises
        ------
        InvalidOptionError
            A moment has no zone.
        """
        said = (REPORTS.c.state == LOCKED) & (REPORTS.c.at >= to_moment(since))
        twice = REPORTS.c.device.distinct()
        codes = select(REPORTS.c.code).where(said).group_by(REPORTS.c.code)
        codes = codes.having(func.count(twice) > 1, func.max(REPORTS.c.at) >= to_moment(recent))
        query = select(REPORTS.c.code, REPORTS.c.at, REPORTS.c.device)
        query = query.where(said, REPORTS.c.code.in_(codes))
        with reading(self.engine) as connection:
            rows = sorted(tuple(row) for row in connection.execute(query))
        return sorted({one[0] for one, two in pairwise(rows) if _agree(one, two)})

    def count_reports(self, devices: Collection[str], *, since: datetime) -> int:
        """Return how many reports of a device of these names came at a moment or later.

        Raises
        ------
        InvalidOptionError
            ``since`` has no zone.
        """
        came = REPORTS.c.received_at >= to_moment(since)
        query = select(func.count()).where(came, REPORTS.c.device.in_(devices))
        with reading(self.engine) as connection:
            return int(connection.execute(query).scalar_one())

    def reports_seq(self) -> int:
        """Return the number of the last report, 0 without any; cheap enough for every request."""
        return int(self._peek.value(f"SELECT max(seq) FROM {REPORTS.name}") or 0)  # noqa: S608 - our own name

    def purge_reports(self, *, before: datetime) -> int:
        """Delete the reports that came before a moment, and return how many.

        Raises
        ------
        InvalidOptionError
            ``before`` has no zone.
        """
        old = REPORTS.c.received_at < to_moment(before)
        with writing(self.engine) as work:
            return work.connection.execute(delete(REPORTS).where(old)).rowcount

    def codes_told(self, states: Collection[str], *, since: datetime, after: int = 0) -> list[str]:
        """Return the codes of the stations of which one of these states was seen, in order.

        Parameters
        ----------
        states : collection of str
            Of these.
        since : datetime, aware
            Seen then or later.
        after : int
            Only reports that came after the one of this number, see ``reports_seq``: quick.

        Raises
        ------
        InvalidOptionError
            ``since`` has no zone.
        """
        told = (REPORTS.c.at >= to_moment(since)) & REPORTS.c.state.in_(sorted(states))
        told &= REPORTS.c.seq > after
        with reading(self.engine) as connection:
            found = connection.execute(select(REPORTS.c.code).where(told).distinct())
            return sorted(found.scalars())

    def has_reports(self, *, before: datetime) -> bool:
        """Return whether a report came before a moment; reading, it waits for no writer.

        Raises
        ------
        InvalidOptionError
            ``before`` has no zone.
        """
        query = select(REPORTS.c.seq).where(REPORTS.c.received_at < to_moment(before)).limit(1)
        with reading(self.engine) as connection:
            return connection.execute(query).first() is not None

    def first_entries(self) -> dict[str, datetime]:
        """Return by code when each station was first entered, in UTC."""
        query = select(STATIONS.c.code, STATIONS.c.created_at)
        with reading(self.engine) as connection:
            return {code: datetime.fromisoformat(at) for code, at in connection.execute(query)}

    def staff_changes(self, codes: Collection[str], *, until: datetime) -> dict[str, datetime]:
        """Return by code when staff last changed a station, in UTC.

        Left out is what says nothing of the door: acts upon many stations, such as imports, and
        what staff or a keeper say of an amenity.

        Parameters
        ----------
        codes : collection of str
            A station that staff never changed is not in the answer.
        until : datetime, aware
            Later changes are left out.

        Raises
        ------
        InvalidOptionError
            ``until`` has no zone.
        """
        by_staff = (HISTORY.c.batch == "") & (HISTORY.c.origin != "demo")
        for origin in _NOT_AT_THE_DOOR:
            by_staff &= HISTORY.c.origin.not_like(origin)
        query = (
            select(HISTORY.c.code, func.max(HISTORY.c.at))
            .where(by_staff, HISTORY.c.at <= to_moment(until))
            .group_by(HISTORY.c.code)
        )
        with reading(self.engine) as connection:
            return {
                code: datetime.fromisoformat(at)
                for part in _of(query, codes)
                for code, at in connection.execute(part)
            }


_READ: Final = tuple(column for column in REPORTS.c if column.name != "seq")


def _find(connection: Connection, wanted: str) -> Report | None:
    row = connection.execute(select(*_READ).where(REPORTS.c.id == wanted)).first()
    return None if row is None else _read(row)


def require_amenity(state: str, amenity: str) -> None:
    """Check that an amenity is named where the state is one of an amenity, and nowhere else.

    Raises
    ------
    InvalidOptionError
        It is not.
    """
    if (state in OF_AMENITY) != bool(amenity) or (amenity and amenity not in load_vocab("amenity")):
        msg = (
            f"{' and '.join(OF_AMENITY)} need an amenity of the vocabulary, other states none; "
            f"got {state!r} of {amenity!r}"
        )
        raise InvalidOptionError(msg)


def _same(earlier: Report, code: str, state: str, amenity: str) -> Report:
    """Return the stored report if it says the same.

    Raises
    ------
    StoreConflictError
        It is of another station, state or amenity.
    """
    if (earlier.code, earlier.state, earlier.amenity) != (code, state, amenity):
        msg = f"the id {earlier.id} is that of another report; give each report an id of its own"
        raise StoreConflictError(msg)
    return earlier


def _name(connection: Connection, devices: Sequence[str]) -> str:
    """Return the name a device goes by: the oldest under which it has reported, else the newest."""
    query = select(REPORTS.c.device).where(REPORTS.c.device.in_(devices)).distinct()
    borne = set(connection.execute(query).scalars())
    return next((name for name in devices if name in borne), devices[-1])


def _agree(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Return whether two neighbours in the order of code and time are a pair within 24 h."""
    (code, at, device), (other_code, later, other) = one, two
    if code != other_code or device == other:
        return False
    return datetime.fromisoformat(later) - datetime.fromisoformat(at) <= AGREE_WITHIN


def _of(query: Select[Any], codes: Collection[str] | None) -> list[Select[Any]]:
    """Ask for some stations only, in parts that a statement can hold; for all if None."""
    if codes is None:
        return [query]
    listed = sorted(set(codes))
    table = query.selected_columns[0].table
    parts = [listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK)]
    return [query.where(table.c.code.in_(part)) for part in parts]


def _read(cells: Sequence[Any]) -> Report:
    """Make a report of the cells of ``_READ``; the moments are stored in UTC."""
    wanted, code, device, state, at, near, received, amenity = cells
    moment, came = datetime.fromisoformat(at), datetime.fromisoformat(received)
    return Report(code, device, state, moment, wanted, near, came, amenity)
