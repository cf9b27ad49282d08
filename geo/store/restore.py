"""Put a backup in the place of a live SQLite store, without going back in change numbers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.engine import URL

from geo.errors import SourceFormatError
from geo.store.engine import build_engine, writing
from geo.store.files import copy_database, pour_database, require_sound_database
from geo.store.revision import current_revision, upgrade
from geo.store.tables import AREAS, COUNTER, STATIONS

_ROWS_SEEN_BY_READERS: Final = (STATIONS, AREAS)


def restore_file(backup: Path, live: Path, *, above: int) -> Path:
    """Replace the content of ``live`` by ``backup`` and return a copy of what it held before.

    The backup itself stays as it is; an older schema is upgraded on the way. All rows count as
    changed, with a number greater than ``above``, so that running readers load them again.

    Raises
    ------
    SourceFormatError
        ``backup`` is damaged or not a store.
    StoreSchemaError
        A newer version wrote it.
    StoreUnavailableError
        A file cannot be read or written.
    """
    require_sound_database(backup)
    with TemporaryDirectory(dir=live.parent, prefix=".restore-") as folder:
        draft = Path(folder) / "draft.db"
        copy_database(backup, draft)
        url = URL.create("sqlite", database=str(draft))
        _require_store(url, backup)
        upgrade(url.render_as_string())
        _mark_all_changed(url, above)
        kept = live.with_name(f"{live.name}.before-restore.bak")
        copy_database(live, kept)
        pour_database(draft, live)
    return kept


def _require_store(url: URL, backup: Path) -> None:
    engine = build_engine(url)
    with engine.connect() as connection:
        found = current_revision(connection)
    engine.dispose()
    if found is None:
        msg = f"{backup} is an SQLite database, but not a store of Nuanyi"
        raise SourceFormatError(msg)


def _mark_all_changed(url: URL, above: int) -> None:
    engine = build_engine(url)
    with writing(engine) as work:
        kept_seq = work.connection.execute(select(COUNTER.c.seq)).scalar_one()
        work.seq = max(above, kept_seq) + 1
        work.changed = True
        for table in _ROWS_SEEN_BY_READERS:
            work.connection.execute(update(table).values(changed_seq=work.seq))
    engine.dispose()
