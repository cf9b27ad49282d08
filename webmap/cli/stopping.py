"""Work that Ctrl-C or SIGTERM ends cleanly: what was begun is undone, and one line says so."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_BY_SIGNAL: Final = 128  # a shell's exit code is this plus the signal's number


class StopError(KeyboardInterrupt):
    """A signal asked the work to stop; no handler of errors takes it for one."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def stoppable(last_words: str) -> Iterator[Callable[[], None]]:
    """Let SIGINT and SIGTERM end a block as an exception, so that what it holds is given back.

    The command then exits by 130 or 143. A second signal meanwhile changes nothing.

    Parameters
    ----------
    last_words : str
        Said on stderr when it was stopped.

    Yields
    ------
    callable
        To be called when the work is done and only its results are put in place: from then on
        signals are ignored until the block ends.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    before = {number: signal.signal(number, _stop) for number in _SIGNALS}
    try:
        yield _ignore
    except StopError as stop:
        click.echo(last_words, err=True)
        click.get_current_context().exit(_BY_SIGNAL + stop.number)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore() -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    _ignore()
    raise StopError(number)
