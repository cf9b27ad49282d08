"""Progress on stderr: a bar with rate and time left on a screen, else a sober line now and then."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click
from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Iterator

DELAY_S: Final = 2.0  # what is done sooner needs no bar
EVERY_S: Final = 15.0  # between two lines where there is no screen
_UNITS: Final = {"read tracks": "fixes", "measuring coverage": "fixes"}  # by stage


class Bars:
    """A ``geo.progress.Progress``: one bar per stage on a screen, the next when it changes."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: tqdm[Any] | None = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Move the bar of ``stage`` to ``done``; another stage closes the bar before."""
        if self._bar is None or stage != self._stage:
            self.close()
            self._stage = stage
            unit = _UNITS.get(stage, "")
            self._bar = tqdm(
                desc=stage,
                total=total,
                delay=DELAY_S,
                leave=False,
                unit=f" {unit}" if unit else "",
                unit_scale=True,
            )
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take the bar from the screen."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class Notices:
    """A ``geo.progress.Progress`` for logs: a line with rate and time left now and then."""

    def __init__(self) -> None:
        self._stage = ""
        self._begun = self._told = 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Say how far ``stage`` is if the last line is old."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._begun, self._told = stage, now, now
        if now - self._told < EVERY_S:
            return
        self._told = now
        click.echo(tell_rate(stage, done, total, seconds=now - self._begun), err=True)

    def close(self) -> None:
        """Do nothing: lines stay."""


def tell_rate(stage: str, done: int, total: int | None, *, seconds: float) -> str:
    """Return a line such as ``read tracks: 1,200,000 fixes, 400,000/s``.

    Parameters
    ----------
    stage : str
        What is being done.
    done, total : int
        Units finished, of so many; None: not known.
    seconds : float
        Since the stage began, > 0.
    """
    rate = done / seconds
    unit = _UNITS.get(stage, "")
    line = f"{stage}: {done:,}" + (f" of {total:,}" if total else "") + (f" {unit}" if unit else "")
    line += f", {rate:,.0f}/s"
    if total and rate:
        line += f", about {max(total - done, 0) / rate:,.0f} s left"
    return line


@contextmanager
def progress_bars() -> Iterator[Bars | Notices]:
    """Tell progress while a block runs.

    Yields
    ------
    Bars or Notices
        To be passed as ``progress``; bars are gone after the block, also after an error.
    """
    teller = Bars() if sys.stderr.isatty() else Notices()
    try:
        yield teller
    finally:
        teller.close()
