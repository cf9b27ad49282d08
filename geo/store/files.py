"""Copies of an SQLite store: consistent while others write, and never half a file."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from geo.errors import SourceFormatError, StoreUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

_PRIVATE = 0o600  # staff contacts and password hashes


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
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            partial.unlink()
        msg = f"{source} could not be copied to {target}: {error}"
        raise StoreUnavailableError(msg) from error


def pour_database(source: Path, target: Path) -> None:
    """Replace the content of a live SQLite database in one transaction; readers see old or new.

    Raises
    ------
    StoreUnavailableError
        One of them cannot be read or written.
    """
    try:
        with closing(_open(source)) as old, closing(sqlite3.connect(target, timeout=60)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        msg = f"{target} could not be replaced by {source}: {error}"
        raise StoreUnavailableError(msg) from error


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
