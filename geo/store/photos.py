"""Photos of stations in the store: shown to the public once a reviewer has looked at them."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import delete, func, insert, select, update

from geo.errors import InvalidOptionError
from geo.store.engine import changing, reading
from geo.store.records import to_moment
from geo.store.tables import PHOTOS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Engine

    from geo.photos import Photo

WAITING, SHOWN, REFUSED = "waiting", "shown", "refused"
LOOSE: Final = ""  # as code: sent with a form that was not saved yet
LOOSE_FOR: Final = timedelta(days=1)  # then it goes
MOST_OF_STATION: Final = 12
_WITHOUT: Final = [column for column in PHOTOS.c if column.name != "jpeg"]


class KeptPhoto(NamedTuple):
    """All that is known of a photo but its picture."""

    id: str
    code: str  # of its station; "" while its form is not saved
    state: str  # waiting | shown | refused
    width: int  # pixels
    height: int
    added_by: str
    added_at: str  # ISO 8601, UTC
    judged_by: str
    judged_at: str


class PhotoBook:
    """The part of a ``Store`` that keeps photos; they change no station and no change number."""

    engine: Engine

    def add_photo(self, photo: Photo, *, actor: str, now: datetime) -> str:
        """Keep a photo that belongs to no station yet, and return its id.

        Photos of forms that were never saved go after a day.
        """
        id_ = secrets.token_urlsafe(12)
        old = (PHOTOS.c.code == LOOSE) & (PHOTOS.c.added_at < to_moment(now - LOOSE_FOR))
        row = {
            "id": id_,
            "code": LOOSE,
            "state": WAITING,
            "jpeg": photo.jpeg,
            "width": photo.width,
            "height": photo.height,
            "added_by": actor,
            "added_at": to_moment(now),
            "judged_by": "",
            "judged_at": "",
        }
        with changing(self.engine) as connection:
            connection.execute(delete(PHOTOS).where(old))
            connection.execute(insert(PHOTOS), row)
        return id_

    def attach_photos(self, ids: Iterable[str], code: str, *, actor: str) -> int:
        """Give loose photos of an account to a station, and return how many were.

        What belongs to a station, or to another account, stays what it is. A station has at most
        ``MOST_OF_STATION`` that are not refused; further ones stay loose.
        """
        wanted = list(dict.fromkeys(ids))
        own = (PHOTOS.c.code == LOOSE) & (PHOTOS.c.added_by == actor)
        with changing(self.engine) as connection:
            count = select(func.count()).where(PHOTOS.c.code == code, PHOTOS.c.state != REFUSED)
            room = max(0, MOST_OF_STATION - int(connection.execute(count).scalar_one()))
            found = connection.execute(
                select(PHOTOS.c.id).where(own, PHOTOS.c.id.in_(wanted)).order_by(PHOTOS.c.added_at)
            ).scalars()
            chosen = list(found)[:room]
            if chosen:
                mine = PHOTOS.c.id.in_(chosen)
                connection.execute(update(PHOTOS).where(mine).values(code=code))
        return len(chosen)

    def list_photos(
        self, *, codes: Collection[str] | None = None, state: str = ""
    ) -> list[KeptPhoto]:
        """Return the photos of stations, the oldest first; loose ones are none of theirs.

        Parameters
        ----------
        codes : collection of str, optional
            Of these stations alone.
        state : {"", "waiting", "shown", "refused"}
            In this state alone.
        """
        query = select(*_WITHOUT).where(PHOTOS.c.code != LOOSE)
        if codes is not None:
            query = query.where(PHOTOS.c.code.in_(list(codes)))
        if state:
            query = query.where(PHOTOS.c.state == state)
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(PHOTOS.c.added_at, PHOTOS.c.id))
            return [KeptPhoto(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's name

    def count_photos(self, state: str) -> int:
        """Return how many photos of stations are in a state."""
        query = select(func.count()).where(PHOTOS.c.code != LOOSE, PHOTOS.c.state == state)
        with reading(self.engine) as connection:
            return int(connection.execute(query).scalar_one())

    def find_photo(self, id_: str) -> KeptPhoto | None:
        """Return what is known of a photo; None if there is none."""
        with reading(self.engine) as connection:
            row = connection.execute(select(*_WITHOUT).where(PHOTOS.c.id == id_)).first()
        return KeptPhoto(**row._mapping) if row else None  # noqa: SLF001 - as above

    def read_jpeg(self, id_: str) -> bytes:
        """Return the picture of a photo, b"" if there is none."""
        with reading(self.engine) as connection:
            found = connection.execute(select(PHOTOS.c.jpeg).where(PHOTOS.c.id == id_)).scalar()
        return bytes(found) if found else b""

    def judge_photo(self, id_: str, state: str, *, actor: str, now: datetime) -> bool:
        """Show a photo to the public or refuse it, as often as somebody thinks better of it.

        A refused one keeps its row, but not its picture, and stays refused.

        Returns
        -------
        bool
            False if there is no such photo of a station, or it was refused before.

        Raises
        ------
        InvalidOptionError
            ``state`` is neither ``shown`` nor ``refused``.
        """
        if state not in {SHOWN, REFUSED}:
            msg = f"state {state!r}: a photo is judged to be {SHOWN} or {REFUSED}"
            raise InvalidOptionError(msg)
        values: dict[str, object] = {
            "state": state,
            "judged_by": actor,
            "judged_at": to_moment(now),
            **({"jpeg": b""} if state == REFUSED else {}),
        }
        which: ColumnElement[bool] = (PHOTOS.c.id == id_) & (PHOTOS.c.code != LOOSE)
        which &= PHOTOS.c.state != REFUSED
        with changing(self.engine) as connection:
            return connection.execute(update(PHOTOS).where(which).values(**values)).rowcount > 0
