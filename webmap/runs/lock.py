"""Locks on files: the system gives them up when their process ends, however it ends (POSIX only).

`fcntl` is imported late so that the site itself also starts where there is none (Windows).
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def take_lock(path: Path) -> int:
    """Wait for the lock of a file; it is held until the returned descriptor is closed everywhere.

    A process that inherits the descriptor keeps the lock when this one closes its own.
    """
    import fcntl  # noqa: PLC0415

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file.

    Yields
    ------
    None
        Nobody else is in such a block of this file.
    """
    descriptor = take_lock(path)
    try:
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Return whether somebody holds the lock of a file."""
    import fcntl  # noqa: PLC0415

    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: askers do not meet
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
