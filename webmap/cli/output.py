"""Outputs appear whole or not at all: made in a folder in or beside their place, then moved."""

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
    with _folder_in(path.absolute().parent) as beside:
        yield beside / path.name
        (beside / path.name).replace(path)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Let all files of a run appear in folder ``path``, or none.

    ``path`` is made with its parents if it does not exist; files of the same names in it are
    replaced, others stay. An exception changes nothing. Of an existing folder nothing around it is
    touched: it may be a mount.

    Yields
    ------
    Path
        An empty folder to write into: inside ``path``, or beside it where it has to be made.

    Raises
    ------
    InvalidOptionError
        ``path`` is a file, or holds a folder with the name of a file to write.
    """
    if path.exists() and not path.is_dir():
        msg = f"{path} is a file; give the name of a folder"
        raise InvalidOptionError(msg)
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    try:
        with _folder_in(path if path.is_dir() else path.absolute().parent) as draft:
            yield draft
            files = sorted(draft.iterdir())
            _require_no_folders([path / file.name for file in files])
            path.mkdir(exist_ok=True)
            for file in files:
                file.replace(path / file.name)
    except BaseException:
        for folder in made:  # innermost first; only those made here, and only while empty
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise


def _require_no_folders(targets: list[Path]) -> None:
    """Check that files can take their places before the first one does.

    Raises
    ------
    InvalidOptionError
        One of the places is a folder.
    """
    for target in targets:
        if target.is_dir():
            msg = f"{target} is a folder; move it, or give another --out"
            raise InvalidOptionError(msg)


@contextmanager
def _folder_in(parent: Path) -> Iterator[Path]:
    """Make a new folder in ``parent``, on the same file system.

    Yields
    ------
    Path
        The folder, gone after the block.
    """
    folder = Path(tempfile.mkdtemp(prefix=".nuanyi-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
