"""Progress bars on stderr, for people only: work over 2 s, and only where stderr is a screen."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Iterator

DELAY_S: Final = 2.0


class Bars:
    """A ``geo.progress.Progress`` that draws one bar per stage, the next when the stage changes."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: tqdm[Any] | None = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Move the bar of ``stage`` to ``done``; another stage closes the bar before."""
        if self._bar is None or stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = tqdm(desc=stage, total=total, delay=DELAY_S, disable=None, leave=False)
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take the bar from the screen."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@contextmanager
def progress_bars() -> Iterator[Bars]:
    """Draw bars while a block runs.

    Yields
    ------
    Bars
        To be passed as ``progress``; gone after the block, also after an error.
    """
    bars = Bars()
    try:
        yield bars
    finally:
        bars.close()
