"""How far each station has come onto the map platforms: sent, accepted, or there with a fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select

from geo.errors import InvalidOptionError
from geo.store.engine import changing, reading
from geo.store.records import to_moment
from geo.store.tables import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Engine

SENT, ACCEPTED, WRONG = "sent", "accepted", "wrong"
PLATFORM_STATES: Final = (SENT, ACCEPTED, WRONG)
_CHUNK: Final = 5_000  # codes in one statement


@dataclass(frozen=True, slots=True)
class PlatformState:
    """Where a station stands on a map platform."""

    code: str
    state: str  # one of PLATFORM_STATES
    note: str
    set_by: str  # account name
    set_at: datetime  # aware, in UTC


class PlatformBook:
    """The part of a ``Store`` that keeps these states; they change no station and no number."""

    engine: Engine

    def platform_states(self, platform: str) -> dict[str, PlatformState]:
        """Return the states of a platform by code; a station never sent has none."""
        columns = [PLATFORMS.c[name] for name in PlatformState.__slots__]
        query = select(*columns).where(PLATFORMS.c.platform == platform)
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(PLATFORMS.c.code)).all()
        return {row.code: _read(row._asdict()) for row in rows}

    def set_platform_state(
        self,
        platform: str,
        codes: Collection[str],
        state: str,
        *,
        actor: str,
        now: datetime,
        note: str = "",
    ) -> int:
        """Set the state of stations on a platform, and return how many.

        Parameters
        ----------
        platform : str
            Its name.
        codes : collection of str
            The stations, each counted once.
        state : {"sent", "accepted", "wrong", ""}
            "" forgets what was set.
        actor, note : str
            Account name; what is wrong, for instance.
        now : datetime, aware
            The moment to record.

        Raises
        ------
        InvalidOptionError
            Another state, or ``now`` has no zone.
        """
        if state and state not in PLATFORM_STATES:
            msg = f"unknown state {state!r}; use one of {', '.join(PLATFORM_STATES)}"
            raise InvalidOptionError(msg)
        told = {"state": state, "note": note, "set_by": actor, "set_at": to_moment(now)}
        listed = sorted(set(codes))
        with changing(self.engine) as connection:
            for start in range(0, len(listed), _CHUNK):
                part = listed[start : start + _CHUNK]
                where = (PLATFORMS.c.platform == platform) & PLATFORMS.c.code.in_(part)
                connection.execute(delete(PLATFORMS).where(where))
                if state:
                    rows = [{"platform": platform, "code": code, **told} for code in part]
                    connection.execute(insert(PLATFORMS), rows)
        return len(listed)


def _read(cells: dict[str, Any]) -> PlatformState:
    return PlatformState(**{**cells, "set_at": datetime.fromisoformat(cells["set_at"])})
