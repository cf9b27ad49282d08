"""Serving as an operator does it: a process of its own, a line, an answer, a clean end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import webmap
from webmap.serve import shown_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.webmap.conftest import Run
    from webmap.settings import Settings

ROOT = Path(webmap.__file__).parents[1]
PATIENCE_S = 120  # a busy machine needs 30 s to import geopandas three times
START = "from webmap.cli import main\nif __name__ == '__main__':\n    main()\n"
WITHOUT_GRANIAN = "import webmap.serve\nwebmap.serve.find_spec = lambda name: None\n" + START


@contextmanager
def serving(tmp_path: Path, program: str, port: int) -> Iterator[subprocess.Popen[str]]:
    script = tmp_path / "start.py"
    script.write_text(program)
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(  # noqa: S603 - the words are this file's own
        [sys.executable, script, "serve", "--port", str(port), "--workers", "2"],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as trial:
        return int(trial.getsockname()[1])


@pytest.mark.parametrize(
    ("program", "ending"),
    [(START, signal.SIGTERM), (WITHOUT_GRANIAN, signal.SIGINT)],
    ids=["granian", "waitress"],
)
def test_first_start_answers_says_where_and_stops_cleanly(
    settings: Settings, tmp_path: Path, program: str, ending: signal.Signals
) -> None:
    port = free_port()
    with serving(tmp_path, program, port) as process:
        assert process.stdout
        assert process.stdout.readline() == "Making the demo district, once ...\n"
        assert process.stdout.readline() == f"Nuanyi is at http://127.0.0.1:{port}/\n"
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as connection:
            connection.request("GET", "/")
            assert "演示数据" in connection.getresponse().read().decode()
        process.send_signal(ending)
        rest, _ = process.communicate(timeout=PATIENCE_S)
        assert rest == ""
        assert process.returncode == 0
    made = {path.name for path in settings.instance.iterdir()}
    assert {"secret_key", "nuanyi.db"} <= made


def test_a_port_in_use_is_said_with_exit_code_1(run: Run) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        result = run("serve", "--port", port)
    assert result.exit_code == 1
    assert f"port {port} of 127.0.0.1 is in use" in result.stderr


def test_a_foreign_address_is_said_with_exit_code_1(run: Run) -> None:
    result = run("serve", "--host", "192.0.2.1", "--port", free_port())
    assert result.exit_code == 1
    assert "cannot listen on 192.0.2.1" in result.stderr


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),  # noqa: S104 - nothing is bound here
        ("::", "http://[::1]:8000/"),
    ],
)
def test_the_address_shown_can_be_opened(host: str, address: str) -> None:
    assert shown_address(host, 8000) == address
