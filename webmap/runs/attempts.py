"""One attempt at a run: claimed, told of, and ended, each only while the row is still this one's.

Whoever holds an attempt may be slow, cut off or thought dead; its row may have moved on meanwhile.
Each change therefore asks for the attempt's number, and a change that comes too late changes
nothing.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from geo.errors import StoreUnavailableError
from webmap.runs.leftover import forget_earlier, forget_upload, is_kept_for_retry
from webmap.runs.record import (
    DONE,
    FAILED,
    QUEUED,
    RUNNING,
    STOPPED,
    Fault,
    Run,
    draft_folder,
    fault_row,
    log_file,
    moment_now,
    result_folder,
    scratch_folder,
    to_run,
)

if TYPE_CHECKING:
    from pathlib import Path

    from geo.store import Store

logger = logging.getLogger(__name__)

BEAT_S: Final = 2.0  # between two signs of life
LOST_S: Final = 30.0  # without one, and the run's process counts as dead
MOST_ATTEMPTS: Final = 3  # whose processes died
_TRIES: Final = 10  # to write how a run ended
_BETWEEN_TRIES_S: Final = 3.0


class StoppedError(Exception):
    """Somebody asked the run to stop, or its process to end."""


class MovedOnError(Exception):
    """The run was deleted, or others work on it: what this process does is of no use."""


def claim(store: Store, run_id: str) -> Run | None:
    """Begin the next attempt at a run that waits; None if it does not, or another was quicker."""
    row = store.find_run(run_id)
    if row is None or row["state"] != QUEUED:
        return None
    now = moment_now()
    changes = {
        "state": RUNNING,
        "attempt": row["attempt"] + 1,
        "worker": f"{socket.gethostname()}:{os.getpid()}",
        "stage": "",
        "share": 0.0,
        "stop_wanted": False,
        "started_at": now,
        "heard_at": now,
    }
    where = {"state": QUEUED, "attempt": row["attempt"]}
    return to_run(row | changes) if store.change_run(run_id, changes, where=where) else None


def tell(store: Store, run: Run, **changes: Any) -> None:  # noqa: ANN401 - cells of a row
    """Write what is new about an attempt, and that it lives.

    Raises
    ------
    StoppedError
        Somebody asked the run to stop; nothing was written.
    MovedOnError
        The run is not this attempt's any more; nothing was written.
    """
    where = {**_mine(run), "stop_wanted": False}
    if store.change_run(run.id, {**changes, "heard_at": moment_now()}, where=where):
        return
    row = store.find_run(run.id)
    if row is None or (row["state"], row["attempt"]) != (RUNNING, run.attempt):
        raise MovedOnError
    raise StoppedError


def finish(store: Store, folder: Path, run: Run, state: str, fault: Fault | None = None) -> bool:
    """Write how an attempt ended and remove what only it needed; return whether it was its turn.

    A result is in its place before this is called; without one there is none after it.
    """
    clear(folder, run.attempt)
    changes: dict[str, Any] = {
        "state": state,
        "finished_at": moment_now(),
        "share": run.share,
        "stage": run.stage,
        "log": run.log,
        **fault_row(fault),
    }
    if not _change(store, run, changes):
        return False
    with suppress(OSError):  # libraries may have written rows into it
        log_file(folder).unlink(missing_ok=True)
    _see_to_uploads(store, folder, run)
    return True


def release(store: Store, folder: Path, run: Run) -> None:
    """Let a run whose process must end wait again, as if this attempt had not been."""
    clear(folder, run.attempt)
    _change(store, run, {"state": QUEUED, "attempt": run.attempt - 1, "share": 0.0, "stage": ""})


def lose(store: Store, folder: Path, run: Run) -> Run:
    """Say of a run whose process died what becomes of it; return it as it is then.

    It is tried again, but not for ever: what it holds may be what kills the process.
    """
    where = {"heard_at": run.heard}  # a sign of life that comes meanwhile is believed
    if run.stop_wanted:
        ended = replace(run, state=STOPPED)
    elif run.attempt >= MOST_ATTEMPTS:
        ended = replace(run, state=FAILED, fault=Fault("died"))
    else:
        ended = replace(run, state=QUEUED, share=0.0, stage="")
    logger.warning("the process of run %s died at attempt %d", run.id, run.attempt)
    changes = {
        "state": ended.state,
        "share": ended.share,
        "stage": ended.stage,
        "finished_at": moment_now() if ended.has_ended else "",
        **fault_row(ended.fault),
    }
    if not store.change_run(run.id, changes, where={**_mine(run), **where}):
        return run
    clear(folder, run.attempt)
    if ended.has_ended:
        shutil.rmtree(result_folder(folder), ignore_errors=True)
        _see_to_uploads(store, folder, run)
    return ended


def clear(folder: Path, attempt: int) -> None:
    """Remove what an attempt left half made."""
    for gone in (draft_folder(folder, attempt), scratch_folder(folder, attempt)):
        shutil.rmtree(gone, ignore_errors=True)


def _see_to_uploads(store: Store, folder: Path, run: Run) -> None:
    """Remove the upload of a run that has ended, unless its planner by now wants to keep it.

    That of a run that failed waits for a retry; one that is done lets those go that it repeats.
    """
    row = store.find_run(run.id)
    ended = run if row is None else to_run(row)
    if not is_kept_for_retry(ended):
        forget_upload(folder, ended)
    if ended.state == DONE:
        forget_earlier(folder)


def _mine(run: Run) -> dict[str, Any]:
    return {"state": RUNNING, "attempt": run.attempt}


def _change(store: Store, run: Run, changes: dict[str, Any]) -> bool:
    """Write the last words of an attempt, patiently: the database may be away for a moment.

    Raises
    ------
    StoreUnavailableError
        It stays away.
    """
    for _ in range(_TRIES - 1):
        try:
            return store.change_run(run.id, changes, where=_mine(run))
        except StoreUnavailableError as error:
            logger.warning("the end of run %s is not written yet: %s", run.id, error)
            time.sleep(_BETWEEN_TRIES_S)
    return store.change_run(run.id, changes, where=_mine(run))
