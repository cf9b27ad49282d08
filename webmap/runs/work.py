"""The process of one run: ``python -m webmap.runs.work FOLDER``, started by the desk.

It alone writes the run's record while it lives; however it ends, the uploads are gone after it.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from geo.errors import GeoError
from webmap.runs.record import (
    DONE,
    FAILED,
    STOPPED,
    Fault,
    Run,
    end_run,
    moment_now,
    read_run,
    stop_file,
    write_run,
)

if TYPE_CHECKING:
    from types import FrameType

logger = logging.getLogger(__name__)

_EVERY_S: Final = 0.4  # how often progress is written
_READ: Final = "read tracks"
_SHARES: Final = {  # stage -> where it begins and ends in the whole
    "prepare": (0.0, 0.03),
    _READ: (0.03, 0.35),
    "measuring coverage": (0.35, 0.95),
    "write": (0.95, 1.0),
}
_BYTES_PER_ROW: Final = 40  # of tracks, about; packed ones have more rows than this says
_ROWS_AT_LEAST: Final = 100_000
_TELLS_PLACES: Final = ("position", "position_range", "outside_network")  # faults about positions
_PLACE: Final = re.compile(  # degrees in any writing, and rows that a reader repeats in full
    r"[+-]?\d+[.,]\d[\d.,]*|\d+\s*[°º][^,;\s]*|\d{5,}|'[^']*\d[^']*'"
)


class StoppedError(Exception):
    """Somebody asked the run to stop."""


class Reporter:
    """A ``geo.progress.Progress`` that writes the run's record, and hears the wish to stop."""

    def __init__(self, folder: Path, run: Run) -> None:
        self._folder = folder
        self.run = run
        self._written = -_EVERY_S
        size = sum(file.size_bytes for file in run.files)
        self._rows_about = max(_ROWS_AT_LEAST, size // _BYTES_PER_ROW)

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Note that ``done`` of ``total`` units of ``stage`` are finished.

        Raises
        ------
        StoppedError
            Somebody asked the run to stop.
        """
        if stop_file(self._folder).exists():
            raise StoppedError
        if stage == self.run.stage and time.monotonic() - self._written < _EVERY_S:
            return
        begin, end = _SHARES.get(stage, (self.run.share, self.run.share))
        part = done / total if total else done / (done + self._rows_about)
        share = max(self.run.share, begin + (end - begin) * min(1.0, part))
        self.note(replace(self.run, stage=stage, share=round(share, 4)))

    def note(self, run: Run) -> None:
        """Write what is new about the run, and that it lives."""
        self.run = write_run(self._folder, replace(run, heard=moment_now()))
        self._written = time.monotonic()


def main(folder: Path) -> int:
    """Work on the run of a folder and write how it ended.

    Returns
    -------
    int
        0 when the run is done, else 1.
    """
    os.umask(0o077)
    run = read_run(folder)
    if run is None or run.has_ended:
        return 1
    signal.signal(signal.SIGTERM, _stop)
    reporter = Reporter(folder, replace(run, pid=os.getpid()))
    try:
        reporter.note(reporter.run)
        reporter("prepare", 0, 1)
        from webmap.runs.measure import measure  # noqa: PLC0415 - seconds, for which it can be stopped

        measure(folder, reporter)
        state, fault = DONE, None
    except StoppedError:
        state, fault = STOPPED, None
    except Exception as error:  # noqa: BLE001 - whatever it is, the planner must hear of it
        state, fault = FAILED, _fault(error, reporter.run)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if folder.is_dir():  # else somebody deleted the run
        share = 1.0 if state == DONE else reporter.run.share
        end_run(folder, replace(reporter.run, share=share), state, fault)
    _start_next()
    return int(state != DONE)


def _fault(error: Exception, run: Run) -> Fault:
    """Return what failed, for the planner; what nobody foresaw is logged with its stack."""
    detail = str(error)
    if isinstance(error, GeoError):
        from webmap.errors import find_answer  # noqa: PLC0415

        named = (file.name for file in run.files if detail.startswith(file.name))
        name = next(named, "")
        code = getattr(error, "code", "") or find_answer(error).code
        return Fault(code, name, _without_places(detail, code, name))
    logger.error("run %s failed", run.id, exc_info=error)
    if isinstance(error, MemoryError):
        return Fault("no_memory")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Fault("no_room")
    return Fault("unforeseen", detail=type(error).__name__)


def _without_places(detail: str, code: str, name: str) -> str:
    """Return what may be kept of an error's text: the upload is gone, so are its positions."""
    if code in _TELLS_PLACES:
        return ""
    return name + _PLACE.sub("…", detail.removeprefix(name))


def _start_next() -> None:
    """Let the next run that waits begin."""
    from webmap.runs.desk import Desk  # noqa: PLC0415
    from webmap.settings import Settings  # noqa: PLC0415

    Desk(Settings.from_env()).tend()


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise StoppedError


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    sys.exit(main(Path(sys.argv[1])))
