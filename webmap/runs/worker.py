"""The worker, ``nuanyi work``: takes runs from the queue, each into a process of its own.

So a run gives its memory back, can be ended without harm to others, and goes on to its end when
the worker dies.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import StoreUnavailableError
from webmap.runs.attempts import BEAT_S, MovedOnError, StoppedError, claim, lose, release, tell
from webmap.runs.desk import Desk, worker_file
from webmap.runs.own import own_store
from webmap.runs.queue import make_huey
from webmap.runs.record import RUNNING, Run, log_file, scratch_folder, to_run
from webmap.runs.sweep import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from huey import Huey

    from webmap.settings import Settings

logger = logging.getLogger(__name__)

ROOT: Final = Path(__file__).parents[2]  # of the code
_TEND_S: Final = 5.0
_LOOK_S: Final = 0.2  # at the process, and at the wish to stop
_ASK_S: Final = 1.0  # at most, between two looks into an empty queue
_PATIENCE_S: Final = 15.0  # a process that was told to end and has not by then is killed
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Worker:
    """Works off the queue of an installation until it is stopped.

    Parameters
    ----------
    settings : Settings
        Whose.
    at_once : int
        So many runs at a time, those included that an earlier worker left at work.
    """

    def __init__(self, settings: Settings, at_once: int) -> None:
        self._settings = settings
        self._at_once = at_once
        self._store = own_store(settings)
        self._desk = Desk(settings, self._store)
        self._taking = threading.Lock()
        self._stopping = threading.Event()  # take no more, and end those at work
        self._draining = threading.Event()  # take no more, and wait for those at work

    def stop(self) -> None:
        """End soon: runs at work are told to end, and wait for the next worker."""
        self._stopping.set()

    def drain(self) -> None:
        """Take no more runs, and end when those at work are done."""
        self._draining.set()

    def run(self) -> None:
        """Work until ``stop`` or ``drain`` is called."""
        self._settings.runs.mkdir(mode=0o700, parents=True, exist_ok=True)
        tidy(self._settings.runs, self._store)
        huey = make_huey(self._settings, self._work_on)
        consumer = huey.create_consumer(
            workers=self._at_once, periodic=False, max_delay=_ASK_S, check_worker_health=True
        )
        consumer._set_signal_handlers = _leave_signals  # noqa: SLF001 - who runs it has its own
        _close_at_end(huey)
        consumer.start()
        self._tend()
        while not (self._stopping.wait(_TEND_S) or self._draining.is_set()):
            self._tend()
            consumer.check_worker_health()
        consumer.stop(graceful=True)
        huey.storage.close()

    def _tend(self) -> None:
        try:
            worker_file(self._settings).touch(mode=0o600)
            self._desk.tend()
        except (StoreUnavailableError, OSError) as error:
            logger.warning("runs could not be looked after: %s", error)
        except Exception:
            logger.exception("runs could not be looked after")

    def _work_on(self, run_id: str) -> None:
        """Take a run when there is room for it, and stay with its process to its end."""
        run = self._take(run_id)
        if run is not None:
            folder = self._settings.runs / run.id
            process = self._start(run, folder)
            self._watch(process, run)
            self._settle(run, folder)

    def _take(self, run_id: str) -> Run | None:
        """Claim a run; None if the worker ends first, or the run no longer waits.

        Of its place in the queue nothing is lost: a run that waits is put in again.
        """
        while not (self._stopping.is_set() or self._draining.is_set()):
            with self._taking:
                if self._count_at_work() < self._at_once:
                    return claim(self._store, run_id)
            self._stopping.wait(_ASK_S)
        return None

    def _count_at_work(self) -> int:
        rows = self._store.list_runs((RUNNING,))
        return sum((self._settings.runs / row["id"]).is_dir() for row in rows)

    def _start(self, run: Run, folder: Path) -> subprocess.Popen[bytes]:
        """Start the process of a run."""
        scratch = scratch_folder(folder, run.attempt)
        scratch.mkdir(mode=0o700, exist_ok=True)
        log = os.open(log_file(folder), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            return subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-P", "-m", "webmap.runs.work", run.id, str(run.attempt)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C on the worker does not reach it
                env=environment(self._settings) | {"TMPDIR": str(scratch)},
            )
        finally:
            os.close(log)

    def _watch(self, process: subprocess.Popen[bytes], run: Run) -> None:
        """Wait for the end of a run's process; beat for it, and end it when that is wanted."""
        beaten, told = time.monotonic(), 0.0
        while True:
            try:
                process.wait(_LOOK_S)
            except subprocess.TimeoutExpired:
                now = time.monotonic()
            else:
                return
            if now - beaten >= BEAT_S:
                beaten = now
                told = told or (0.0 if self._beat(run) else now)
            if told and now - told > _PATIENCE_S:
                process.kill()
            elif not told and self._stopping.is_set():
                told = now
                process.terminate()

    def _beat(self, run: Run) -> bool:
        """Say that a run's process lives, also while a library holds it; False: it is to end."""
        try:
            tell(self._store, run)
        except (StoppedError, MovedOnError):
            return False
        except StoreUnavailableError:
            return True
        return True

    def _settle(self, run: Run, folder: Path) -> None:
        """Say what becomes of a run whose process ended without a word."""
        row = self._store.find_run(run.id)
        if row is None or (row["state"], row["attempt"]) != (RUNNING, run.attempt):
            return
        if self._stopping.is_set() and not row["stop_wanted"]:
            release(self._store, folder, run)
        else:
            lose(self._store, folder, to_run(row))
            self._tend()


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a process of ours: this one's, with these settings."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {
        "NUANYI_INSTANCE": str(settings.instance),
        "NUANYI_DB": settings.database,
        "NUANYI_RUNS": str(settings.runs_at_once),
        "PYTHONPATH": os.pathsep.join(paths),
    }


def work(settings: Settings, *, at_once: int, ends_with_input: bool = False) -> None:
    """Work off the queue until SIGINT or SIGTERM.

    Parameters
    ----------
    settings : Settings
        Whose queue.
    at_once : int
        So many runs at a time.
    ends_with_input : bool
        True: who started this holds its standard input open; when that ends, he has died, and
        this ends once the runs at work are done.
    """
    worker = Worker(settings, at_once)
    with _signals(worker):
        if ends_with_input:
            threading.Thread(target=_wait_for_end, args=(worker,), daemon=True).start()
        worker.run()


def _wait_for_end(worker: Worker) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    worker.drain()


@contextmanager
def _signals(worker: Worker) -> Iterator[None]:
    """Let SIGINT and SIGTERM stop a worker.

    Yields
    ------
    None
        After the block they do what they did before.
    """

    def _stop(_number: int, _frame: FrameType | None) -> None:
        worker.stop()

    before = {number: signal.signal(number, _stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave_signals() -> None:
    """Take no signal: Huey's own way would restart or abandon what is at work."""


def _close_at_end(huey: Huey) -> None:
    """Let each thread of the consumer close its connection."""

    def _close(*_: Any) -> None:  # noqa: ANN401 - Huey's hook
        huey.storage.close()

    huey.on_shutdown(name="close")(_close)
