"""How long work tells its caller where it is: one callback, no knowledge of screens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by long work after each piece; the caller draws a bar or ignores it."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Say that ``done`` of ``total`` units (None: not known) of ``stage`` are finished."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Ignore progress: the default wherever a ``Progress`` is asked for."""
