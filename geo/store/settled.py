"""Questions about records that somebody has answered, so that nobody is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import insert, select

from geo.store.engine import changing, reading
from geo.store.records import to_moment
from geo.store.tables import SETTLED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Engine

ALIKE: Final = "alike"  # two records: not the same station


class Question(NamedTuple):
    """What was asked about a station."""

    kind: str  # ALIKE, or what is odd about its position
    code: str
    about: str  # the other station's code; of a position, where it was

    @classmethod
    def of_pair(cls, one: str, other: str) -> Question:
        """Return the question whether two stations are one; their order does not matter."""
        return cls(ALIKE, min(one, other), max(one, other))

    @classmethod
    def of_position(cls, kind: str, code: str, lon: float, lat: float) -> Question:
        """Return a question about a position; after a move of about a metre it is another."""
        return cls(kind, code, f"{lon:.5f} {lat:.5f}")


class SettledBook:
    """The part of a ``Store`` that keeps answered questions; they change no station."""

    engine: Engine

    def settle(self, questions: Iterable[Question], *, actor: str, now: datetime) -> int:
        """Keep that these questions are answered with "all is right", and return how many are new.

        Parameters
        ----------
        questions : iterable of Question
            What was asked; those known stay as they are.
        actor : str
            Who answered.
        now : datetime, aware
            The moment to record.

        Raises
        ------
        InvalidOptionError
            ``now`` has no zone.
        """
        wanted, moment = set(questions), to_moment(now)
        if not wanted:
            return 0
        with changing(self.engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"LOCK TABLE {SETTLED.name} IN SHARE ROW EXCLUSIVE MODE")
            fresh = sorted(wanted - _read(connection))
            marks = {"said_by": actor, "said_at": moment}
            if fresh:
                connection.execute(insert(SETTLED), [one._asdict() | marks for one in fresh])
        return len(fresh)

    def settled_questions(self) -> frozenset[Question]:
        """Return the questions that somebody answered."""
        with reading(self.engine) as connection:
            return frozenset(_read(connection))


def _read(connection: Connection) -> set[Question]:
    query = select(SETTLED.c.kind, SETTLED.c.code, SETTLED.c.about)
    return {Question(*row) for row in connection.execute(query)}
