"""How somebody settled the columns of a foreign table: kept, so that it need not be asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from geo.store.engine import changing, reading
from geo.store.records import to_moment
from geo.store.tables import SHEETS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Engine

IN, OUT = "in", "out"


class SheetBook:
    """The part of a ``Store`` that keeps mappings; they change no station and no change number."""

    engine: Engine

    def find_sheet(self, direction: str, name: str) -> dict[str, Any] | None:
        """Return the mapping of a name: columns, datum, saved_by, saved_at; None without one.

        Parameters
        ----------
        direction : {"in", "out"}
            Of an import, or of a map platform.
        name : str
            ``geo.stations.headers.name_of_headers``, or the name of the platform.
        """
        query = select(SHEETS).where(SHEETS.c.direction == direction, SHEETS.c.name == name)
        with reading(self.engine) as connection:
            row = connection.execute(query).first()
        return None if row is None else row._asdict()

    def save_sheet(
        self,
        direction: str,
        name: str,
        *,
        columns: Mapping[str, Any],
        datum: str,
        actor: str,
        now: datetime,
    ) -> None:
        """Keep a mapping in the place of an earlier one of its name.

        Raises
        ------
        InvalidOptionError
            ``now`` has no zone.
        """
        where = (SHEETS.c.direction == direction) & (SHEETS.c.name == name)
        row = {
            "direction": direction,
            "name": name,
            "columns": dict(columns),
            "datum": datum,
            "saved_by": actor,
            "saved_at": to_moment(now),
        }
        with changing(self.engine) as connection:
            connection.execute(delete(SHEETS).where(where))
            connection.execute(insert(SHEETS), row)
