"""Outputs appear whole or not at all: made in a folder beside their place, then moved there."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import InvalidOptionError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Let a file appear whole at ``path``, or not at all.

    Yields
    ------
    Path
        Of the same name in a folder beside: formats write their name inside. What is written
        there replaces ``path``, unless an exception ends the block.

    Raises
    ------
    InvalidOptionError
        ``path`` is a folder, or lies in a folder that does not exist.
    """
    if path.is_dir():
        msg = f"{path} is a folder; give the name of a file"
        raise InvalidOptionError(msg)
    if not path.absolute().parent.is_dir():
        msg = f"the folder of {path} does not exist; make it first"
        raise InvalidOptionError(msg)
    with _folder_beside(path) as beside:
        yield beside / path.name
        (beside / path.name).replace(path)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Let all files of a run appear in folder ``path``, or none.

    ``path`` is made with its parents if it does not exist; files of the same names in it are
    replaced, others stay. An exception changes nothing.

    Yields
    ------
    Path
        An empty folder beside, to write into.

    Raises
    ------
    InvalidOptionError
        ``path`` is a file.
    """
    if path.exists() and not path.is_dir():
        msg = f"{path} is a file; give the name of a folder"
        raise InvalidOptionError(msg)
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    try:
        with _folder_beside(path) as beside:
            yield beside
            path.mkdir(exist_ok=True)
            for file in sorted(beside.iterdir()):
                file.replace(path / file.name)
    except BaseException:
        for folder in made:  # innermost first; only those made here, and only while empty
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """Make a new folder beside ``path``, on the same file system.

    Yields
    ------
    Path
        The folder, gone after the block.
    """
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.absolute().parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
