"""Put a backup in the place of a live SQLite store, without going back in change numbers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, NoResultFound

from geo.errors import SourceFormatError
from geo.store.engine import build_engine, parse_url, require_sqlite_file, writing
from geo.store.files import (
    copy_database,
    keep_file,
    make_private_file,
    pour_database,
    require_sound_database,
)
from geo.store.revision import current_revision, upgrade
from geo.store.tables import AREAS, COUNTER, STATIONS

_ROWS_SEEN_BY_READERS: Final = (STATIONS, AREAS)


def restore_store(address: str, backup: Path) -> Path | None:
    """Replace everything in the SQLite store at ``address`` by a backup.

    The store need not open: it may be damaged, of another version's schema, or missing. The backup
    itself stays as it is; an older schema is upgraded on the way. Running readers see all stations
    as changed, but must restart to forget those that the backup does not know.

    Parameters
    ----------
    address : str
        As of ``open_store``.
    backup : Path
        A file that ``Store.backup`` wrote.

    Returns
    -------
    Path or None
        A copy of what the store held before, under a name that was free; None if there was none.

    Raises
    ------
    InvalidOptionError
        The address cannot be read, or the store is PostgreSQL.
    SourceFormatError
        ``backup`` is damaged or not a store; nothing was changed.
    StoreSchemaError
        A newer version wrote it.
    StoreUnavailableError
        A file cannot be read or written.
    """
    live = require_sqlite_file(parse_url(address), "pg_restore")
    require_sound_database(backup)
    live.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=live.parent, prefix=".restore-") as folder:
        draft = Path(folder) / "draft.db"
        copy_database(backup, draft)
        url = URL.create("sqlite", database=str(draft))
        _require_store(url, backup)
        upgrade(url.render_as_string())
        kept = keep_file(live) if live.exists() and live.stat().st_size else None
        make_private_file(live)
        _mark_all_changed(url, above=_change_seq(live))
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


def _change_seq(live: Path) -> int:
    """Return the change number of a store of any schema; 0 where it cannot be read."""
    engine = build_engine(URL.create("sqlite", database=str(live)))
    try:
        with engine.connect() as connection:
            return int(connection.execute(select(COUNTER.c.seq)).scalar_one())
    except (DatabaseError, NoResultFound):
        return 0
    finally:
        engine.dispose()


def _mark_all_changed(url: URL, *, above: int) -> None:
    engine = build_engine(url)
    with writing(engine) as work:
        kept_seq = work.connection.execute(select(COUNTER.c.seq)).scalar_one()
        work.seq = max(above, kept_seq) + 1
        work.changed = True
        for table in _ROWS_SEEN_BY_READERS:
            work.connection.execute(update(table).values(changed_seq=work.seq))
    engine.dispose()
