"""How a run gets on, written into its row while it is measured."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geo.errors import StoreUnavailableError
from webmap.runs.attempts import StoppedError, tell
from webmap.runs.runlog import RunLog

if TYPE_CHECKING:
    from geo.store import Store
    from webmap.runs.record import Run

logger = logging.getLogger(__name__)

_EVERY_S: Final = 0.4  # how often progress is written
_READ: Final = "read tracks"
_SHARES: Final = {  # stage -> where it begins and ends in the whole
    "prepare": (0.0, 0.03),
    _READ: (0.03, 0.35),
    "measuring coverage": (0.35, 0.9),
    "write": (0.9, 1.0),
}
_BYTES_PER_ROW: Final = 40  # of tracks, about; packed ones have more rows than this says
_ROWS_AT_LEAST: Final = 100_000


class Reporter:
    """A ``geo.progress.Progress`` that writes the run's row, and hears the wish to stop."""

    def __init__(self, store: Store, run: Run) -> None:
        self.store = store
        self.run = run
        self.log = RunLog(run.log)
        self.must_end = False  # the process was told to end
        self._written = -_EVERY_S
        size = sum(file.size_bytes for file in run.files)
        self._rows_about = max(_ROWS_AT_LEAST, size // _BYTES_PER_ROW)

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Note that ``done`` of ``total`` units of ``stage`` are finished.

        Raises
        ------
        StoppedError
            Somebody asked the run to stop, or its process to end.
        """
        if self.must_end:
            raise StoppedError
        if stage == self.run.stage and time.monotonic() - self._written < _EVERY_S:
            return
        begin, end = _SHARES.get(stage, (self.run.share, self.run.share))
        part = done / total if total else done / (done + self._rows_about)
        share = max(self.run.share, begin + (end - begin) * min(1.0, part))
        if stage != self.run.stage:
            logger.info("stage %s", stage)
        self.note(replace(self.run, stage=stage, share=round(share, 4)))

    def note(self, run: Run) -> None:
        """Write what is new about the run; that it lives matters more than that it is written."""
        self.run = run
        self._written = time.monotonic()
        with suppress(StoreUnavailableError):
            tell(
                self.store,
                run,
                stage=run.stage,
                share=run.share,
                is_demo=run.is_demo,
                city=run.city,
                log=self.log.text,
            )
