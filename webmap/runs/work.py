"""The process of one run: ``python -m webmap.runs.work ID ATTEMPT``, started by a worker.

It alone writes the run's row while it lives. Its uploads are gone after it, unless it failed.
"""

from __future__ import annotations

import _thread
import errno
import logging
import os
import re
import shutil
import signal
import sys
import threading
import time
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NoReturn

from geo.errors import GeoError, StoreUnavailableError
from webmap.runs.attempts import (
    BEAT_S,
    MovedOnError,
    StoppedError,
    claim,
    clear,
    finish,
    release,
    tell,
)
from webmap.runs.own import own_store
from webmap.runs.record import (
    DONE,
    FAILED,
    RUNNING,
    STOPPED,
    Fault,
    Run,
    draft_folder,
    is_id,
    result_folder,
    to_run,
)
from webmap.runs.reporter import Reporter
from webmap.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

logger = logging.getLogger(__name__)

_MASK: Final = 0o077  # results are for their owner's eyes
_PATIENCE_S: Final = 10.0  # a run that was asked to stop and has not by then is ended
_FULL_BYTES: Final = 10_000_000  # less is free: whatever failed, it failed for want of room
_OURS: Final = ("geo", "webmap")
_TELLS_PLACES: Final = ("position", "position_range", "outside_network")  # faults about positions
_PLACE: Final = re.compile(  # degrees in any writing, and rows that a reader repeats in full
    r"[+-]?\d+[.,]\d[\d.,]*|\d+\s*[°º][^,;\s]*|\d{5,}|'[^']*\d[^']*'"
)


def main(run_id: str) -> int:
    """Work on a run that waits, in this process.

    Returns
    -------
    int
        0 when the run is done, else 1.
    """
    settings = Settings.from_env()
    run = claim(own_store(settings), run_id)
    mask = os.umask(_MASK)
    try:
        return 1 if run is None else _work(settings, Reporter(own_store(settings), run))
    finally:
        os.umask(mask)


def process(run_id: str, attempt: int) -> int:
    """Work on an attempt that a worker has claimed, in a process that is there for it alone.

    Returns
    -------
    int
        0 when the run is done, else 1.
    """
    os.umask(_MASK)
    settings = Settings.from_env()
    store = own_store(settings)
    row = store.find_run(run_id) if is_id(run_id) else None
    if row is None or (row["state"], row["attempt"]) != (RUNNING, attempt):
        return 1
    reporter = Reporter(store, to_run(row))

    def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
        reporter.must_end = True  # also where the exception gets lost in a library's callback
        raise StoppedError

    heart = _Heart(settings, reporter)
    heart.start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    return _work(settings, reporter, heart)


def _work(settings: Settings, reporter: Reporter, heart: _Heart | None = None) -> int:
    """Measure, and write how it ended.

    Returns
    -------
    int
        0 when the run is done, else 1.
    """
    folder = settings.runs / reporter.run.id
    state, fault = _measured(folder, reporter)
    if heart is not None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        heart.rest()
    run = replace(reporter.run, log=reporter.log.text)
    if state == DONE:
        run = replace(run, share=1.0)
    if not state:
        clear(folder, run.attempt)
    elif state == STOPPED and not _is_stop_wanted(reporter):
        release(reporter.store, folder, run)
    else:
        finish(reporter.store, folder, run, state, fault)
    return int(state != DONE)


def _measured(folder: Path, reporter: Reporter) -> tuple[str, Fault | None]:
    """Measure a run and put its result in its place; return how it ended, "" if it is not ours."""
    run = reporter.run
    draft = draft_folder(folder, run.attempt)
    try:
        with reporter.log.listening():
            reporter("prepare", 0, 1)
            shutil.rmtree(result_folder(folder), ignore_errors=True)  # of an attempt that died
            from webmap.runs.measure import measure  # noqa: PLC0415 - seconds, for which it can be stopped

            measure(folder, draft, reporter)
            _put_in_place(draft, folder, reporter)
    except StoppedError:
        return STOPPED, None
    except MovedOnError:
        return "", None
    except Exception as error:  # noqa: BLE001 - whatever it is, the planner must hear of it
        if not folder.is_dir():
            return "", None
        clear(folder, run.attempt)  # makes the room that the last words need
        return FAILED, _fault(error, reporter, folder)
    return DONE, None


def _put_in_place(draft: Path, folder: Path, reporter: Reporter) -> None:
    """Let a result appear, whole, once all of it is on the disk."""
    for path in sorted(draft.iterdir()):
        descriptor = os.open(path, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    tell(reporter.store, reporter.run)  # it is still ours
    draft.rename(result_folder(folder))


def _is_stop_wanted(reporter: Reporter) -> bool:
    row = reporter.store.find_run(reporter.run.id)
    return row is None or bool(row["stop_wanted"])


def _fault(error: Exception, reporter: Reporter, folder: Path) -> Fault:
    """Return what failed, for the planner; of what nobody foresaw is logged what and where."""
    fault = _foreseen(error, reporter.run)
    where = ""
    if fault is None:
        where = f" at {_where(error)}"  # not its text: that may repeat rows
        logger.error("run %s failed: %s%s", reporter.run.id, type(error).__name__, where)
        is_full = shutil.disk_usage(folder).free < _FULL_BYTES  # GDAL and SQLite say it in words
        fault = Fault("no_room") if is_full else Fault("unforeseen", detail=type(error).__name__)
    reporter.log.say(f"failed: {fault.code} {fault.detail}{where}")
    return fault


def _where(error: Exception) -> str:
    """Return the module and the line that raised an error, and the last of ours before it."""
    stack = [
        (str(frame.f_globals.get("__name__", "?")), line)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    ours = [place for place in stack if place[0].partition(".")[0] in _OURS][-1:]
    return ", ".join(f"{module}:{line}" for module, line in dict.fromkeys([*ours, *stack[-1:]]))


def _foreseen(error: Exception, run: Run) -> Fault | None:
    if isinstance(error, GeoError):
        from webmap.errors import find_answer  # noqa: PLC0415

        detail = str(error)
        named = (file.name for file in run.files if detail.startswith(file.name))
        name = next(named, "")
        code = getattr(error, "code", "") or find_answer(error).code
        return Fault(code, name, _without_places(detail, code, name))
    if isinstance(error, MemoryError):
        return Fault("no_memory")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Fault("no_room")
    return None


def _without_places(detail: str, code: str, name: str) -> str:
    """Return what may be kept of an error's text: the upload is gone, so are its positions."""
    if code in _TELLS_PLACES:
        return ""
    return name + _PLACE.sub("…", detail.removeprefix(name))


class _Heart(threading.Thread):
    """Says every two seconds that the process lives, and ends it when the run is not its any more.

    It asks the process to stop when somebody asked the run to; what does not hear that is ended.
    """

    def __init__(self, settings: Settings, reporter: Reporter) -> None:
        super().__init__(name="heart", daemon=True)
        self._folder = settings.runs / reporter.run.id
        self._reporter = reporter
        self._resting = threading.Event()
        self._asked = 0.0  # when the process was asked to stop

    def rest(self) -> None:
        """End with the next beat; the process says itself how the run ended."""
        self._resting.set()
        self.join()

    def run(self) -> None:
        """Beat until the process needs it no more."""
        while not self._resting.wait(BEAT_S):
            try:
                self._beat()
            except StoreUnavailableError as error:
                logger.warning("no sign of life was written: %s", error)

    def _beat(self) -> None:
        reporter = self._reporter
        try:
            tell(reporter.store, reporter.run, log=reporter.log.text)
        except StoppedError:
            self._ask()
        except MovedOnError:
            if not self._resting.is_set():
                clear(self._folder, reporter.run.attempt)
                os._exit(1)

    def _ask(self) -> None:
        now = time.monotonic()
        if not self._asked:
            self._asked = now
            _thread.interrupt_main(signal.SIGTERM)
        elif now - self._asked > _PATIENCE_S and not self._resting.is_set():
            run = replace(self._reporter.run, log=self._reporter.log.text)
            finish(self._reporter.store, self._folder, run, STOPPED)
            os._exit(1)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    sys.exit(process(sys.argv[1], int(sys.argv[2])))
