"""What somebody has to look into at a station, and which reports of workers give reason for it.

Reasons come in three grades: what workers say, who stood before the door; what a record itself
makes doubtful (a rule it fails, a question of an import answered "save it anyway"); and what
nobody has verified for long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo.stations.evidence import GONE, LOCKED, OF_AMENITY, drop_bursts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from geo.stations.evidence import Lock, Report

AT_ONCE: Final = (GONE, *OF_AMENITY)  # one device is enough: they only ask staff to look
TOLD: Final = (LOCKED, *AT_ONCE)  # by workers

POSITION: Final = "position"  # far from any walkway, in water, or by all signs in another datum
ALIKE: Final = "alike"  # perhaps the same station as another record
AREA: Final = "area"  # it lies in another area than it names
ASKED: Final = (POSITION, ALIKE, AREA)  # of a form or an import, and saved all the same

HOURS: Final = "hours"  # the owner's words for the hours were not understood
REOPENS: Final = "reopens"  # the last day of a temporary closure is over
UNVERIFIED: Final = "unverified"  # the evidence date is too old
BY_RULE: Final = (
    HOURS,
    REOPENS,
    UNVERIFIED,
)  # of ``overdue``; they end by themselves

DOOR: Final = (
    LOCKED,
    GONE,
    REOPENS,
    UNVERIFIED,
)  # who settles these has verified the station
GRADES: Final = (TOLD, (*ASKED, HOURS, REOPENS), (UNVERIFIED,))  # the first are the most urgent
REASONS: Final = tuple(reason for grade in GRADES for reason in grade)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that staff should look into at a station."""

    code: str
    reason: str  # one of REASONS
    amenity: str  # code of the amenity; of ALIKE that of the other station; "" of all else
    told_at: dt.datetime  # aware: when the last of what it stands on was seen, or came true

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from other doubts: of one key there is one check at a time."""
        return self.code, self.reason, self.amenity


def find_doubts(
    reports: Iterable[Report],
    *,
    at: dt.datetime,
    locks: Mapping[str, Lock],
    staff_verified: Mapping[str, dt.datetime] | None = None,
) -> list[Doubt]:
    """Return what workers say that staff should look into, one doubt per key, ordered by key.

    A door is in doubt while it is ``reported_locked``, and after such a lock ran out until it is
    judged otherwise. "Gone", and an amenity broken or missing, are in doubt from one report on.
    Bursts count nothing, see ``drop_bursts``; nor does what was seen up to the moment at which
    staff last verified or changed the station.

    Parameters
    ----------
    reports : iterable of Report
        Of any stations; those seen after ``at`` are left out. Give all of the devices concerned.
    at : datetime, aware
        The moment judged.
    locks : mapping of str to Lock
        By code, as ``find_locks`` returns them for the same moment.
    staff_verified : mapping of str to datetime, optional
        As of ``find_locks``.

    Returns
    -------
    list of Doubt
        At most one per station, reason and amenity.
    """
    verified = staff_verified or {}
    latest = {
        (code, LOCKED, ""): lock.last_at
        for code, lock in locks.items()
        if (lock.is_locked or lock.needs_check) and lock.last_at is not None
    }
    for report in drop_bursts(report for report in reports if report.at <= at):
        since = verified.get(report.code)
        if report.state not in AT_ONCE or (since is not None and report.at <= since <= at):
            continue
        latest[report.code, report.state, report.amenity] = report.at  # they come in time order
    return [Doubt(*key, told_at=latest[key]) for key in sorted(latest)]
