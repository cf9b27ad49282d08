"""The log of one run: lines of its process, without positions, the latest 20 kB."""

from __future__ import annotations

import logging
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 20_000  # characters
_CUT: Final = "…\n"
_LOGGERS: Final = ("geo", "webmap")
_DEGREES: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{3,}|,\d{4,})|\d+\s*[°º][^,;\s]*")
_MOMENT: Final = "%Y-%m-%d %H:%M:%SZ"


class RunLog(logging.Handler):
    """Keeps what was logged while a run is at work; any thread may read it."""

    def __init__(self, earlier: str = "") -> None:
        super().__init__(logging.INFO)
        line = logging.Formatter("%(asctime)s %(levelname)s %(message)s", _MOMENT)
        line.converter = time.gmtime
        self.setFormatter(line)
        self._text = earlier

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line; of an error its type and text, not its stack: that may repeat rows."""
        bare = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None})
        self.say(self.format(bare))

    def say(self, line: str) -> None:
        """Keep a line, with its positions struck out."""
        text = f"{self._text}{_DEGREES.sub('…', line)}\n"
        self._text = text if len(text) <= LONGEST else _CUT + text[len(_CUT) - LONGEST :]

    @property
    def text(self) -> str:
        """All lines so far, as far as they fit."""
        return self._text

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep what this project logs, INFO and above.

        Yields
        ------
        None
            Nothing; the block is what is listened to.
        """
        loggers = [logging.getLogger(name) for name in _LOGGERS]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.addHandler(self)
            logger.setLevel(logging.INFO)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.removeHandler(self)
                logger.setLevel(level)
