"""Copies of an SQLite store: consistent while others write, and never half a file."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from geo.errors import SourceFormatError, StoreUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

_PRIVATE: Final = 0o600  # staff contacts and password hashes
_LOG: Final = "-wal"  # holds what SQLite has not yet put into the file itself
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def make_private_file(path: Path) -> None:
    """Create an empty file only its owner may read, with its folder; leave an existing one alone.

    Raises
    ------
    StoreUnavailableError
        The folder or file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=_PRIVATE)
    except OSError as error:
        msg = f"the store {path} cannot be created: {error.strerror}"
        raise StoreUnavailableError(msg) from error


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite database, replacing ``target`` at once when the copy is whole.

    Raises
    ------
    StoreUnavailableError
        ``source`` cannot be read or ``target`` not be written.
    """
    partial = target.with_name(f"{target.name}.part")
    try:
        partial.unlink(missing_ok=True)
        make_private_file(partial)
        with closing(_open(source)) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new)
            new.execute(
                "PRAGMA journal_mode = DELETE"
            )  # one file, which a read-only folder can hold
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            partial.unlink()
        msg = f"{source} could not be copied to {target}: {error}"
        raise StoreUnavailableError(msg) from error


def keep_file(live: Path) -> Path:
    """Copy a store that may be damaged beside itself under a free name, and return that.

    The copy is a database if ``live`` is one, else its bytes, and those of its log beside.

    Raises
    ------
    StoreUnavailableError
        The copy cannot be written.
    """
    try:
        kept = _take_free_name(live)
        try:
            copy_database(live, kept)
        except StoreUnavailableError:
            for ending in ("", _LOG):
                with suppress(FileNotFoundError):
                    shutil.copy(f"{live}{ending}", f"{kept}{ending}")
    except OSError as error:
        msg = f"{live} could not be kept: {error}; nothing was changed"
        raise StoreUnavailableError(msg) from error
    return kept


def _take_free_name(live: Path) -> Path:
    """Make an empty private file ``<live>.before-restore[-N].bak`` that was not there."""
    kept = live.with_name(f"{live.name}.before-restore.bak")
    number = 1
    while True:
        try:
            kept.touch(mode=_PRIVATE, exist_ok=False)
        except FileExistsError:
            number += 1
            kept = live.with_name(f"{live.name}.before-restore-{number}.bak")
        else:
            return kept


def pour_database(source: Path, target: Path) -> None:
    """Replace the content of a live SQLite database in one transaction; readers see old or new.

    A target that is no database, or a damaged one, is replaced as a file.

    Raises
    ------
    StoreUnavailableError
        One of them cannot be read or written.
    """
    try:
        with closing(_open(source)) as old, closing(sqlite3.connect(target, timeout=60)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) in _DAMAGED:
            _replace_file(source, target)
            return
        msg = f"{target} could not be replaced by {source}: {error}"
        raise StoreUnavailableError(msg) from error


def _replace_file(source: Path, target: Path) -> None:
    """Put a copy in the place of a damaged file; its log, of no use now, goes first."""
    for ending in (_LOG, "-shm"):
        target.with_name(f"{target.name}{ending}").unlink(missing_ok=True)
    copy_database(source, target)


def require_sound_database(path: Path) -> None:
    """Check that a file is a whole SQLite database.

    Raises
    ------
    SourceFormatError
        It is missing, damaged, or something else.
    """
    try:
        with closing(_open(path)) as connection:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except (OSError, sqlite3.Error) as error:
        verdict = str(error)
    if verdict != "ok":
        msg = f"{path} is not a whole backup ({verdict}); take another one"
        raise SourceFormatError(msg)


def _open(path: Path) -> sqlite3.Connection:
    """Open read-only: a wrong name must not create an empty database."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
