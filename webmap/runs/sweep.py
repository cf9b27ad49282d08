"""Tidying among the runs: what nobody works on any more goes, and what an earlier version left.

Earlier versions kept a run's record in a file ``run.json`` of its folder.
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from geo.errors import StoreConflictError
from webmap.runs.leftover import forget_upload, is_kept_for_retry
from webmap.runs.record import (
    DRAFT,
    ENDED,
    FAILED,
    QUEUED,
    RUNNING,
    Fault,
    File,
    Run,
    age_s,
    is_id,
    to_options,
    to_row,
    to_run,
)

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store

logger = logging.getLogger(__name__)

DRAFT_PREFIX: Final = ".draft-"
_LEFT_OVER_S: Final = 24 * 3600.0  # drafts this old belong to nobody
_EVERY_S: Final = 600.0
_IS_DRAFT: Final = {"state": DRAFT}
_RECORD: Final = "run.json"
_SAME: Final = (  # parts of an earlier record that a run still has
    "id", "owner", "name", "source", "state", "stage", "share", "created", "started", "heard",
    "finished", "is_demo", "city",
)  # fmt: skip

_swept: Final[dict[Path, float]] = {}  # folder -> when
_lock: Final = threading.Lock()


def sweep(folder: Path, store: Store) -> None:
    """Tidy the folder of all runs, at most every ten minutes of this process."""
    with _lock:
        now = time.monotonic()
        if now - _swept.get(folder, now - _EVERY_S) < _EVERY_S:
            return
        _swept[folder] = now
    tidy(folder, store)


def tidy(folder: Path, store: Store) -> None:
    """Tidy the folder of all runs.

    Old drafts go with their rows, and uploads of runs that have ended, a week after a failure;
    runs of an earlier version get a row.
    """
    for path in sorted(folder.iterdir()):
        if path.name.startswith(DRAFT_PREFIX) and _age_s(path) > _LEFT_OVER_S:
            shutil.rmtree(path, ignore_errors=True)
        elif is_id(path.name) and (path / _RECORD).is_file():
            _take_over(path, store)
    for row in store.list_runs((DRAFT, *ENDED)):
        run = to_run(row)
        if run.state != DRAFT:
            if not is_kept_for_retry(run):
                forget_upload(folder / run.id, run)
        elif age_s(run.created) > _LEFT_OVER_S and store.delete_run(run.id, where=_IS_DRAFT):
            shutil.rmtree(folder / run.id, ignore_errors=True)  # nobody let it begin meanwhile


def _take_over(folder: Path, store: Store) -> None:
    """Make a row of a record that an earlier version wrote, once."""
    try:
        record: dict[str, Any] = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        run = _read(record)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        logger.warning("%s cannot be read: %s", folder / _RECORD, error)
        return
    with suppress(StoreConflictError):  # another process was quicker
        store.add_run(to_row(run))
    with suppress(OSError):
        (folder / _RECORD).rename(folder / f"{_RECORD}.taken")
    logger.info("took over the run %s of an earlier version", run.id)


def _read(record: dict[str, Any]) -> Run:
    """Return the run of an earlier version's record; one that was at work waits again."""
    state = QUEUED if record["state"] == RUNNING else str(record["state"])
    fault = Fault(**record["fault"]) if record["fault"] else None
    if state not in (QUEUED, *ENDED):
        state, fault = FAILED, Fault("old")
    return Run(
        **{name: record[name] for name in _SAME} | {"state": state},
        options=to_options(record["options"]),
        files=tuple(File(**file) for file in record["files"]),
        fault=fault,
    )


def _age_s(path: Path) -> float:
    """Return the seconds since a folder was changed; 0 where there is none."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
