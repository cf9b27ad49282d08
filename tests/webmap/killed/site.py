"""A site in processes of its own that is ended by ``kill -9`` and started again on its port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import webmap

if TYPE_CHECKING:
    from webmap.settings import Settings

_ROOT: Final = Path(webmap.__file__).parents[1]
_START: Final = "from webmap.cli import main; main()"
_WORKERS: Final = 2
_BETWEEN_S: Final = 0.1


class Site:
    """``nuanyi serve`` with two workers; all its processes are one group."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        with closing(socket.create_server(("127.0.0.1", 0))) as trial:
            self._port = int(trial.getsockname()[1])
        self.url = f"http://127.0.0.1:{self._port}"
        self.is_up = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        kept = {key: text for key, text in os.environ.items() if not key.startswith("NUANYI_")}
        own = {
            "NUANYI_INSTANCE": str(self._settings.instance),
            "NUANYI_DB": self._settings.database,
            "PYTHONPATH": str(_ROOT),
        }
        serve = ["serve", "--port", str(self._port), "--workers", str(_WORKERS), "--no-worker"]
        self._process = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-c", _START, *serve],
            cwd=self._settings.instance,
            env=kept | own,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        while not self._answers():
            assert self._process.poll() is None, "the site ended before it answered"
            time.sleep(_BETWEEN_S)
        self.is_up.set()

    def kill(self) -> None:
        """End all its processes at once; none of them can do anything about it."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        self.is_up.clear()  # afterwards: what is under way at that moment is cut off

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=30):  # noqa: S310 - ours
                return True
        except OSError:
            return False
