"""Carries the ids of runs to the workers: Huey over the installation's own database.

The queue is only a carrier. What is true of a run is in its row: an id that gets lost is put in
again by ``Desk.tend``, and one that comes twice finds the run no longer waiting.
"""

from __future__ import annotations

import hashlib
import json
import socket
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import peewee
from huey import Huey
from huey.contrib.sql_huey import SqlStorage
from huey.registry import Message
from huey.serializer import Serializer

from geo.store.engine import BUSY_S, parse_url, sqlite_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from webmap.settings import Settings

_TASK: Final = "work_on_run"


class _Json(Serializer):  # type: ignore[misc]  # Huey ships no types
    """Messages as JSON: whoever can write to the database must not be able to run code by it."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(**json.loads(data))


class _Storage(SqlStorage):  # type: ignore[misc]  # Huey ships no types
    """Huey's SQL storage in tables that say whose they are, and idle without a write lock."""

    def create_models(self) -> tuple[type[peewee.Model], ...]:
        models: tuple[type[peewee.Model], ...] = super().create_models()
        for model in models:
            name = f"huey_{model._meta.table_name}"  # noqa: SLF001 - peewee's own way
            model._meta.set_table_name(name)  # noqa: SLF001 - as above
            model._meta.indexes = []  # noqa: SLF001 - they bear the other name
        return models

    def create_tables(self) -> None:
        with suppress(peewee.IntegrityError, peewee.ProgrammingError):  # another made them just now
            super().create_tables()

    def dequeue(self) -> bytes | None:
        self.check_conn()
        return super().dequeue() if self.queue_size() else None

    def read_schedule(self, timestamp: object) -> list[bytes]:  # noqa: ARG002 - Huey's signature
        """Return nothing: no run is put off to a later time."""
        return []


def make_huey(settings: Settings, work_on: Callable[[str], None]) -> Huey:
    """Return a Huey whose one task works on the run of an id.

    Parameters
    ----------
    settings : Settings
        Their database must be one that ``geo.store.open_store`` has opened before. The queue is
        that of this machine's runs folder: uploads lie there, so no other machine takes them.
    work_on : callable
        Called with the id in the process that takes it from the queue.
    """
    huey = Huey(
        _name(settings),
        results=False,
        serializer=_Json(),
        storage_class=_Storage,
        database=_database(settings),
    )

    def _work(run_id: str) -> None:
        work_on(run_id)

    huey.task(name=_TASK)(_work)
    return huey


def put(settings: Settings, run_id: str) -> None:
    """Let a worker take up a run."""
    with _opened(settings) as huey:
        task = huey._registry.string_to_task(f"{__name__}.{_TASK}")  # noqa: SLF001 - no public way
        huey.enqueue(task((run_id,)))


def waiting(settings: Settings) -> list[str]:
    """Return the ids in the queue, in their order."""
    with _opened(settings) as huey:
        return [str(task.args[0]) for task in huey.pending()]


@contextmanager
def _opened(settings: Settings) -> Iterator[Huey]:
    """Open the queue.

    Yields
    ------
    Huey
        Its connection is closed after the block.
    """
    huey = make_huey(settings, _nothing)
    try:
        yield huey
    finally:
        huey.storage.close()


def _nothing(_run_id: str) -> None:
    """Stand for the work where nobody does it."""


def _name(settings: Settings) -> str:
    place = f"{socket.gethostname()} {settings.runs.absolute()}"
    return f"runs-{hashlib.sha256(place.encode()).hexdigest()[:16]}"


def _database(settings: Settings) -> Any:  # noqa: ANN401 - peewee ships no types
    url = parse_url(settings.database)
    file = sqlite_file(url)
    if file:
        return peewee.SqliteDatabase(str(file), timeout=BUSY_S, pragmas={"journal_mode": "wal"})
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return peewee.PostgresqlDatabase(address, prefer_psycopg3=True)
