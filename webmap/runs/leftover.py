"""Uploads after their run: gone when it is done or stopped, kept a while when it failed.

A retry has files of its own; once it is done the runs it repeats lose theirs.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from webmap.runs.record import FAILED, STOPPED, Run, age_s, is_id, upload_folder

if TYPE_CHECKING:
    from pathlib import Path

KEPT_DAYS: Final = 7  # after a failure, so that it can be tried again
_DAY_S: Final = 24 * 3600.0
_EARLIER: Final = "retry-of"  # in a retry's folder: the id of the run that came to nothing
_KEPT: Final = "kept"  # behind it: what was uploaded for that run is kept on purpose


def forget_upload(folder: Path, run: Run) -> None:
    """Remove what was uploaded for a run, unless it is kept on purpose."""
    if not run.keeps_upload:
        shutil.rmtree(upload_folder(folder), ignore_errors=True)


def is_kept_for_retry(run: Run) -> bool:
    """Return whether the upload of a run that has ended waits for a retry."""
    return run.state == FAILED and age_s(run.finished) < KEPT_DAYS * _DAY_S


def note_earlier(draft: Path, earlier: Run) -> None:
    """Note in the folder of a retry which run it repeats, if that one came to nothing."""
    if earlier.state in (FAILED, STOPPED):
        words = (earlier.id, _KEPT) if earlier.keeps_upload else (earlier.id,)
        (draft / _EARLIER).write_text(" ".join(words), encoding="ascii")


def is_retry(folder: Path) -> bool:
    """Return whether the run of a folder repeats one that failed or was stopped."""
    return (folder / _EARLIER).is_file()


def forget_earlier(folder: Path) -> None:
    """Remove the uploads of the failed runs that a run repeats: it is done."""
    seen = set()
    while (note := folder / _EARLIER).is_file() and folder not in seen:
        seen.add(folder)
        earlier, *kept = note.read_text(encoding="ascii").split() or [""]
        if not is_id(earlier):
            return
        folder = folder.with_name(earlier)
        if not kept:
            shutil.rmtree(upload_folder(folder), ignore_errors=True)
