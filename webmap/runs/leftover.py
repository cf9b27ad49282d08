"""Uploads after their run: gone when it is done or stopped, kept a while when it failed.

A retry has files of its own; once it is done the runs it repeats lose theirs.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from webmap.runs.record import FAILED, Run, age_s, is_id, upload_folder

if TYPE_CHECKING:
    from pathlib import Path

KEPT_DAYS: Final = 7  # after a failure, so that it can be tried again
_DAY_S: Final = 24 * 3600.0
_EARLIER: Final = "retry-of"  # in a retry's folder: the id of the run that failed


def forget_upload(folder: Path, run: Run) -> None:
    """Remove what was uploaded for a run, unless it is kept on purpose."""
    if not run.keeps_upload:
        shutil.rmtree(upload_folder(folder), ignore_errors=True)


def is_kept_for_retry(run: Run) -> bool:
    """Return whether the upload of a run that has ended waits for a retry."""
    return run.state == FAILED and age_s(run.finished) < KEPT_DAYS * _DAY_S


def note_earlier(draft: Path, earlier: Run) -> None:
    """Note in the folder of a retry which run it repeats, if that one failed."""
    if earlier.state == FAILED and not earlier.keeps_upload:
        (draft / _EARLIER).write_text(earlier.id, encoding="ascii")


def forget_earlier(folder: Path) -> None:
    """Remove the uploads of the failed runs that a run repeats: it is done."""
    seen = set()
    while (note := folder / _EARLIER).is_file() and folder not in seen:
        seen.add(folder)
        earlier = note.read_text(encoding="ascii")
        if not is_id(earlier):
            return
        folder = folder.with_name(earlier)
        shutil.rmtree(upload_folder(folder), ignore_errors=True)
