"""Which reports of workers somebody has to look into: the rule by which checks are opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo.stations.evidence import GONE, LOCKED, OF_AMENITY, drop_bursts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from geo.stations.evidence import Lock, Report

AT_ONCE: Final = (GONE, *OF_AMENITY)  # one device is enough: they only ask staff to look
REASONS: Final = (LOCKED, *AT_ONCE)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that workers say of a station and staff should look into."""

    code: str
    reason: str  # one of REASONS
    amenity: str  # code; "" of the door
    told_at: dt.datetime  # aware: when the last of the reports it stands on was seen

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
