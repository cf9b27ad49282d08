"""Runs of planners in the store: one row each, changed only while it is as the changer knew it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from geo.errors import StoreConflictError
from geo.store.engine import changing, reading
from geo.store.tables import RUNS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement, Engine


class RunBook:
    """The part of a ``Store`` that keeps runs; they change no station and no change number."""

    engine: Engine

    def add_run(self, row: Mapping[str, Any]) -> None:
        """Keep a new run.

        Parameters
        ----------
        row : mapping of str to object
            A value for every column of the table ``runs``.

        Raises
        ------
        StoreConflictError
            There is a run of this id.
        """
        try:
            with changing(self.engine) as connection:
                connection.execute(insert(RUNS), dict(row))
        except IntegrityError as error:
            msg = f"there is a run {row['id']} already"
            raise StoreConflictError(msg) from error

    def find_run(self, id: str) -> dict[str, Any] | None:  # noqa: A002 - the column's name
        """Return the row of a run, None if there is none."""
        with reading(self.engine) as connection:
            row = connection.execute(select(RUNS).where(RUNS.c.id == id)).first()
        return None if row is None else row._asdict()

    def list_runs(self, states: Collection[str] | None = None) -> list[dict[str, Any]]:
        """Return the rows of all runs, or of those in some states, the latest first, without logs.

        Parameters
        ----------
        states : collection of str, optional
            Only these.

        Returns
        -------
        list of dict
            Ordered by ``created_at`` and ``id``, descending; ``log`` is "".
        """
        query = select(*(column for column in RUNS.c if column.name != "log"))
        if states is not None:
            query = query.where(RUNS.c.state.in_(sorted(states)))
        with reading(self.engine) as connection:
            rows = [row._asdict() | {"log": ""} for row in connection.execute(query)]
        return sorted(rows, key=lambda row: (row["created_at"], row["id"]), reverse=True)

    def change_run(
        self,
        id: str,  # noqa: A002 - the column's name
        changes: Mapping[str, Any],
        *,
        where: Mapping[str, Any] | None = None,
    ) -> bool:
        """Change a run if it is as the caller thinks; return whether it was.

        Parameters
        ----------
        id : str
            The run.
        changes : mapping of str to object
            New values by column.
        where : mapping of str to object, optional
            What must hold, by column: a value, or a collection of which one. Of two callers who
            ask for the same at once, one is told True.

        Returns
        -------
        bool
            False if there is no such run, or it has moved on; nothing was changed then.
        """
        query = update(RUNS).where(RUNS.c.id == id, *_held(where)).values(dict(changes))
        with changing(self.engine) as connection:
            return connection.execute(query).rowcount > 0

    def delete_run(
        self,
        id: str,  # noqa: A002 - the column's name
        *,
        where: Mapping[str, Any] | None = None,
    ) -> bool:
        """Remove a run's row, if ``where`` holds as in `change_run`; return whether it is gone."""
        query = delete(RUNS).where(RUNS.c.id == id, *_held(where))
        with changing(self.engine) as connection:
            return connection.execute(query).rowcount > 0


def _held(where: Mapping[str, Any] | None) -> list[ColumnElement[bool]]:
    return [_holds(name, value) for name, value in (where or {}).items()]


def _holds(name: str, value: object) -> ColumnElement[bool]:
    column = RUNS.c[name]
    return column.in_(sorted(value)) if isinstance(value, (tuple, frozenset)) else column == value
