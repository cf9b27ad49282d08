"""The desk of all runs: takes new ones, starts those that wait, notices those that died.

Any process of the site may ask anything at any time: what is true lies in the folders, and one
lock orders those who change it. While a run's process lives, only that process writes its record.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from webmap.runs.lock import is_held, locked, take_lock
from webmap.runs.record import (
    FAILED,
    QUEUED,
    RUNNING,
    STOPPED,
    Fault,
    Run,
    end_run,
    is_id,
    lock_file,
    moment_now,
    new_id,
    read_run,
    scratch_folder,
    stop_file,
    upload_folder,
    write_run,
)

if TYPE_CHECKING:
    from webmap.settings import Settings

logger = logging.getLogger(__name__)

_PATIENCE_S: Final = 10.0  # a run that was asked to stop and has not by then is ended
_LEFT_OVER_S: Final = 24 * 3600.0  # drafts this old belong to nobody
_DRAFT: Final = ".draft-"


class Desk:
    """All runs of an installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.folder = settings.runs

    def draft(self) -> Path:
        """Return a new folder, closed to others, that becomes a run or is thrown away."""
        self._settings.make_instance()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        folder = self.folder / f"{_DRAFT}{new_id()}"
        folder.mkdir(mode=0o700)
        upload_folder(folder).mkdir(mode=0o700)
        return folder

    def add(self, draft: Path, run: Run) -> Run:
        """Make a run of a draft with its uploads in it; it starts when its turn comes."""
        run = write_run(draft, replace(run, id=new_id(), created=moment_now()))
        draft.rename(self.folder / run.id)
        self.tend()
        return self.find(run.id) or run

    def find(self, run_id: str) -> Run | None:
        """Return a run as it is now; None if there is none of that id."""
        return read_run(self.folder / run_id) if is_id(run_id) else None

    def runs(self) -> list[Run]:
        """Return all runs, the latest first."""
        names = [name for name in self._names() if is_id(name)]
        found = [run for name in names if (run := read_run(self.folder / name))]
        return sorted(found, key=lambda run: (run.created, run.id), reverse=True)

    def tend(self) -> None:
        """Say of runs whose process died that they did, and start waiting ones up to the limit."""
        if not self.folder.is_dir():
            return
        with locked(self.folder / ".lock"):
            alive = 0
            waiting = []
            for run in self.runs():
                if run.state == RUNNING:
                    alive += self._is_alive(run)
                elif run.state == QUEUED:
                    waiting.append(run)
            for run in reversed(waiting):  # the earliest first
                if alive < self._settings.runs_at_once:
                    self._start(run)
                    alive += 1
            self._sweep()

    def stop(self, run_id: str) -> None:
        """Ask a run to stop; one that waits stops at once, one that has ended stays as it is."""
        folder = self.folder / run_id
        with locked(self.folder / ".lock"):
            run = self.find(run_id)
            if run is None or run.has_ended:
                return
            stop_file(folder).touch()
            if run.state == QUEUED:
                end_run(folder, run, STOPPED)
            elif is_held(lock_file(folder)):  # so the number still belongs to it
                _signal(run.pid, signal.SIGTERM)
        self.tend()

    def delete(self, run_id: str) -> None:
        """Remove a run with all its files; one at work is ended first."""
        folder = self.folder / run_id
        with locked(self.folder / ".lock"):
            run = self.find(run_id)
            if run is None:
                return
            if run.state == RUNNING and is_held(lock_file(folder)):
                _signal(run.pid, signal.SIGKILL)
            gone = self.folder / f"{_DRAFT}{run_id}"
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
        self.tend()

    def _is_alive(self, run: Run) -> bool:
        """Return whether the process of a run at work lives; if not, say how the run ended."""
        folder = self.folder / run.id
        if is_held(lock_file(folder)):
            if _age_s(stop_file(folder)) > _PATIENCE_S:
                _signal(run.pid, signal.SIGKILL)
            return True
        again = read_run(folder)  # it may have ended well since it was read
        if again is not None and again.state == RUNNING:
            logger.warning("the process of run %s ended without a word", run.id)
            if stop_file(folder).exists():
                end_run(folder, again, STOPPED)
            else:
                end_run(folder, again, FAILED, Fault("died"))
        return False

    def _start(self, run: Run) -> None:
        """Start the process of a run; it inherits the lock that says it lives."""
        folder = self.folder / run.id
        descriptor = take_lock(lock_file(folder))
        write_run(folder, replace(run, state=RUNNING, started=moment_now(), heard=moment_now()))
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", "webmap.runs.work", str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[descriptor],
                start_new_session=True,  # Ctrl-C on the server does not reach it
                env=self._environment(scratch_folder(folder)),
            )
        finally:
            os.close(log)
            os.close(descriptor)
        threading.Thread(target=process.wait, daemon=True).start()  # else it stays as a zombie

    def _environment(self, scratch: Path) -> dict[str, str]:
        """Return the environment of a run's process: this one's, with these settings."""
        scratch.mkdir(mode=0o700, exist_ok=True)
        root = str(Path(__file__).parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        return os.environ | {
            "NUANYI_INSTANCE": str(self._settings.instance),
            "NUANYI_DB": self._settings.database,
            "NUANYI_RUNS": str(self._settings.runs_at_once),
            "PYTHONPATH": os.pathsep.join(paths),
            "TMPDIR": str(scratch),  # what a killed process leaves there goes with the uploads
        }

    def _sweep(self) -> None:
        """Remove drafts that nobody works on any more, such as those of a killed server."""
        for name in self._names():
            if name.startswith(_DRAFT) and _age_s(self.folder / name) > _LEFT_OVER_S:
                shutil.rmtree(self.folder / name, ignore_errors=True)

    def _names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.is_dir() else []


def _signal(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process of a run; it may have gone, or not yet have written its number."""
    if pid > 1:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _age_s(path: Path) -> float:
    """Return the seconds since a file or folder was changed; 0 where there is none."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
