"""Keeps one worker beside a server: starts it, again when it dies, and stops it at the end."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Final, Self

from webmap.runs.worker import environment

if TYPE_CHECKING:
    from types import TracebackType

    from webmap.settings import Settings

logger = logging.getLogger(__name__)

_PROGRAM: Final = "from webmap.cli import main; main()"
_COMMAND: Final = (sys.executable, "-P", "-c", _PROGRAM, "work", "--until-input-ends")
_FIRST_PAUSE_S: Final = 1.0  # before a worker that died is started again; doubled each time
_LONGEST_PAUSE_S: Final = 60.0
_SOUND_S: Final = 60.0  # one that lived so long did not die of its start
_PATIENCE_S: Final = 25.0  # more than a worker gives the processes of its runs


class WorkerKeeper:
    """A worker that runs while the block does, in a process of its own.

    It hears of the end of this process, however it comes: its standard input ends then.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="worker keeper", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._stopping.set()
            process = self.process
        if process is not None:
            process.terminate()
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join()

    def _keep(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while (process := self._start()) is not None:
            began = time.monotonic()
            code = process.wait()
            if process.stdin:
                process.stdin.close()
            if self._stopping.is_set():
                return
            is_sound = time.monotonic() - began > _SOUND_S
            pause_s = _FIRST_PAUSE_S if is_sound else min(2 * pause_s, _LONGEST_PAUSE_S)
            logger.warning("the worker ended with %d; another starts in %.0f s", code, pause_s)
            self._stopping.wait(pause_s)

    def _start(self) -> subprocess.Popen[bytes] | None:
        """Start a worker; None once there is to be none."""
        with self._lock:
            if self._stopping.is_set():
                return None
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                _COMMAND,
                stdin=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C reaches the server, which stops the worker
                env=environment(self._settings),
            )
            return self.process
