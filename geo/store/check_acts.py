"""What people do with a check between its opening and its end: take it, put it back, answer it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select, update

from geo.store.engine import changing, reading
from geo.store.records import to_moment
from geo.store.tables import CHECK_ACTS, CHECKS

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, Engine
    from sqlalchemy.sql.elements import ColumnElement

TAKEN, PUT_BACK, ANSWERED, DONE = "taken", "put_back", "answered", "done"
_CHUNK: Final = 5_000  # ids in one statement


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did with a check."""

    kind: str  # taken | put_back | answered | done
    actor: str
    at: datetime  # aware, UTC
    text: str  # what was seen; "" of a check taken or put back


class CheckActs:
    """The part of a ``Store`` that knows who looks into a check and what they saw."""

    engine: Engine

    def take_check(self, id: str, *, actor: str, now: datetime, from_whom: str = "") -> bool:  # noqa: A002 - the column's name
        """Note who looks into an open check.

        Parameters
        ----------
        id : str
            The check.
        actor : str
            Account name.
        now : datetime, aware
            The moment to record.
        from_whom : str
            Who has it, as far as ``actor`` knows; "" for nobody.

        Returns
        -------
        bool
            False, and nothing is changed: it is done, there is none, or another has it by now.

        Raises
        ------
        InvalidOptionError
            ``now`` has no zone.
        """
        moment = to_moment(now)
        taken = {"taken_by": actor, "taken_at": moment}
        return self._act(id, TAKEN, taken, actor, moment, where=CHECKS.c.taken_by == from_whom)

    def put_back_check(self, id: str, *, actor: str, now: datetime) -> bool:  # noqa: A002 - as above
        """Give an open check back that ``actor`` had taken; False if it is not theirs.

        Raises
        ------
        InvalidOptionError
            ``now`` has no zone.
        """
        moment = to_moment(now)
        nobody = {"taken_by": "", "taken_at": ""}
        return self._act(id, PUT_BACK, nobody, actor, moment, where=CHECKS.c.taken_by == actor)

    def answer_check(self, id: str, answer: str, *, actor: str, now: datetime) -> bool:  # noqa: A002 - as above
        """Note what somebody saw; the check stays open. An earlier answer stays among its acts.

        Returns
        -------
        bool
            False, and nothing is noted: it is done, or there is none.

        Raises
        ------
        InvalidOptionError
            ``now`` has no zone.
        """
        moment = to_moment(now)
        answered = {"answer": answer, "answered_by": actor, "answered_at": moment}
        return self._act(id, ANSWERED, answered, actor, moment, text=answer)

    def check_acts(self, ids: Collection[str]) -> dict[str, list[Act]]:
        """Return by id what was done with checks, in its order; those without are left out."""
        wanted = sorted(set(ids))
        names = (CHECK_ACTS.c[name] for name in ("check_id", "kind", "actor", "at", "text"))
        query = select(*names).order_by(CHECK_ACTS.c.seq)
        found: defaultdict[str, list[Act]] = defaultdict(list)
        with reading(self.engine) as connection:
            for start in range(0, len(wanted), _CHUNK):
                part = CHECK_ACTS.c.check_id.in_(wanted[start : start + _CHUNK])
                for check, kind, actor, at, text in connection.execute(query.where(part)):
                    found[check].append(Act(kind, actor, datetime.fromisoformat(at), text))
        return dict(found)

    def _act(
        self,
        check: str,
        kind: str,
        changes: dict[str, str],
        actor: str,
        moment: str,
        *,
        text: str = "",
        where: ColumnElement[bool] | None = None,
    ) -> bool:
        """Change an open check if ``where`` holds, and note who did it, in one transaction."""
        query = update(CHECKS).where(CHECKS.c.id == check, CHECKS.c.done_at == "").values(changes)
        with changing(self.engine) as connection:
            result = connection.execute(query if where is None else query.where(where))
            is_changed = result.rowcount > 0
            if is_changed:
                note_act(connection, check, kind, actor=actor, at=moment, text=text)
        return is_changed


def note_act(
    connection: Connection, check: str, kind: str, *, actor: str, at: str, text: str = ""
) -> None:
    """Write down what somebody did with a check, in a transaction that the caller opened."""
    act = {"check_id": check, "kind": kind, "actor": actor, "at": at, "text": text}
    connection.execute(insert(CHECK_ACTS), act)
