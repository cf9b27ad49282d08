"""What workers' reports say of stations: a door locked in posted hours, and who was last inside.

Pure rules on data: no clock and no store. A report is what one device saw at one moment; the rules
are those of ``reported_locked`` and of the evidence date.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from geo.hours import CLOSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    HoursOf = Callable[[str, dt.datetime], int]

OPEN, LOCKED, GONE = "open", "locked", "gone"
BROKEN, MISSING = "broken", "missing"
OF_AMENITY: Final = (BROKEN, MISSING)  # said of one amenity, not of the door
STATES: Final = (OPEN, LOCKED, GONE, *OF_AMENITY)  # only "open" and "locked" decide anything here
DEVICES: Final = 2  # that must agree, on "locked" as on "open"
AGREE_WITHIN: Final = dt.timedelta(hours=24)
LOCK_LASTS: Final = dt.timedelta(hours=72)  # after the last "locked"
BURST_WITHIN: Final = dt.timedelta(hours=1)
MOST_STATIONS: Final = 3  # that one device may report within that time


@dataclass(frozen=True, slots=True)
class Report:
    """What one device saw at a station; where the device was is never known."""

    code: str
    device: str  # a name that lives for a day; equal = the same device
    state: str  # one of STATES
    at: dt.datetime  # aware: when it was seen
    id: str = ""
    near: bool | None = None  # whether the device says that it was there; None: it does not say
    received_at: dt.datetime | None = None  # aware
    amenity: str = ""  # code, with a state of OF_AMENITY

    @property
    def order(self) -> tuple[dt.datetime, dt.datetime]:
        """What reports are put in order by: when it was seen, when it was received."""
        return self.at, self.received_at or self.at


@dataclass(frozen=True, slots=True)
class Lock:
    """What stands of the reports "locked" of one station."""

    is_locked: bool  # reported_locked
    needs_check: bool  # it was, ran out after 72 h, and nobody has been inside since
    devices: int  # that said "locked" and were not contradicted
    last_at: dt.datetime | None  # the last of these "locked"


NO_LOCK: Final = Lock(is_locked=False, needs_check=False, devices=0, last_at=None)


def find_locks(
    reports: Iterable[Report],
    *,
    at: dt.datetime,
    hours_of: HoursOf,
    staff_verified: Mapping[str, dt.datetime] | None = None,
) -> dict[str, Lock]:
    """Return what stands of the reports "locked", by station; those with nothing are left out.

    Reports are taken in the order in which things were seen. A "locked" counts unless the station
    was closed by its posted hours at that moment. A station becomes locked when two devices have
    said so within 24 h (24 h apart included). Until then, and as long as it is locked, one "open"
    from a device that is not among those who said "locked" contradicts all of them, and takes them
    away: "since" means after any of them, so locked, open, locked by three devices is one
    "locked". A device that said "locked" cannot take the lock away alone, but two such devices
    that say "open" after it began can. It ends 72 h after the last "locked" (at that very moment
    it has ended), and then needs a check until an "open", a new lock or staff. What was seen up to
    the moment of a staff verification no longer counts. See also `drop_bursts`.

    Parameters
    ----------
    reports : iterable of Report
        Of any stations, in any order, but those seen and received at once in the order they came;
        those seen after ``at`` are left out. Bursts are found among these, so give all reports of
        the devices concerned.
    at : datetime, aware
        The moment judged (``as_of``).
    hours_of : callable
        State by posted hours (``geo.hours`` CLOSED, OPEN, UNKNOWN) of a code at an aware moment.
    staff_verified : mapping of str to datetime, optional
        By code: when staff last verified or changed the station; aware; later than ``at``: ignored.

    Returns
    -------
    dict of str to Lock
        By code.
    """
    trails: defaultdict[str, _Trail] = defaultdict(_Trail)
    verified = staff_verified or {}
    for report in drop_bursts(report for report in reports if report.at <= at):
        since = verified.get(report.code)
        if since is not None and report.at <= since <= at:
            continue
        if report.state == OPEN:
            trails[report.code].add_open(report)
        elif report.state == LOCKED and hours_of(report.code, report.at) != CLOSED:
            trails[report.code].add_locked(report)
    locks = {code: trail.judge(at) for code, trail in trails.items()}
    return {code: lock for code, lock in locks.items() if lock != NO_LOCK}


def find_locked(
    reports: Iterable[Report],
    *,
    at: dt.datetime,
    hours_of: HoursOf,
    staff_verified: Mapping[str, dt.datetime] | None = None,
) -> frozenset[str]:
    """Return the codes of stations that are ``reported_locked`` at a moment; see `find_locks`."""
    locks = find_locks(reports, at=at, hours_of=hours_of, staff_verified=staff_verified)
    return frozenset(code for code, lock in locks.items() if lock.is_locked)


def last_evidence(reports: Iterable[Report]) -> dict[str, dt.datetime]:
    """Return by code when a worker last said "open"; one part of a station's evidence date."""
    last: dict[str, dt.datetime] = {}
    for report in drop_bursts(reports):
        if report.state == OPEN:
            last[report.code] = max(report.at, last.get(report.code, report.at))
    return last


def drop_bursts(reports: Iterable[Report]) -> list[Report]:
    """Return the reports without those of a device that reported more than 3 stations in an hour.

    Of such a device everything seen within that hour is dropped, of any state and station; an hour
    is any span of 60 minutes, its ends included. The others come in the order in which things were
    seen; of those seen and received at once the order given stays.
    """
    in_order = sorted(reports, key=lambda report: report.order)
    by_device: defaultdict[str, list[int]] = defaultdict(list)
    for place, report in enumerate(in_order):
        by_device[report.device].append(place)
    dropped = {place for told in by_device.values() for place in _bursts(in_order, told)}
    return [report for place, report in enumerate(in_order) if place not in dropped]


def _bursts(reports: Sequence[Report], places: Sequence[int]) -> Iterator[int]:
    """Walk through the reports of one device with the hour before each of them.

    Yields
    ------
    int
        Places of reports that belong to a burst.
    """
    stations: Counter[str] = Counter()  # of the hour
    first = done = 0
    for last, place in enumerate(places):
        stations[reports[place].code] += 1
        while reports[place].at - reports[places[first]].at > BURST_WITHIN:
            stations -= Counter([reports[places[first]].code])
            first += 1
        if len(stations) > MOST_STATIONS:
            yield from places[max(first, done) : last + 1]
            done = last + 1


@dataclass(slots=True)
class _Trail:
    """The reports of one station so far, seen one after the other."""

    said: dict[str, dt.datetime] = field(default_factory=dict)  # device: its last "locked"
    opened: set[str] = field(default_factory=set)  # since the lock began
    last_at: dt.datetime | None = None
    is_locked: bool = False
    needs_check: bool = False

    def add_locked(self, report: Report) -> None:
        self._pass_to(report.at)
        self.said[report.device] = self.last_at = report.at
        if not self.is_locked and len(self.said) >= DEVICES:
            self.is_locked, self.needs_check = True, False

    def add_open(self, report: Report) -> None:
        self._pass_to(report.at)
        if self.is_locked:
            self.opened.add(report.device)
        if report.device not in self.said or len(self.opened) >= DEVICES:
            self.said, self.opened, self.last_at = {}, set(), None
            self.is_locked = self.needs_check = False

    def judge(self, at: dt.datetime) -> Lock:
        self._pass_to(at)
        return Lock(self.is_locked, self.needs_check, len(self.said), self.last_at)

    def _pass_to(self, at: dt.datetime) -> None:
        """Let time do its part: a lock runs out, a single "locked" is forgotten after 24 h."""
        if self.is_locked:
            if self.last_at is not None and at >= self.last_at + LOCK_LASTS:
                self.said, self.opened = {}, set()
                self.is_locked, self.needs_check = False, True
            return
        self.said = {
            device: when for device, when in self.said.items() if at - when <= AGREE_WITHIN
        }
        if not self.said and not self.needs_check:
            self.last_at = None
