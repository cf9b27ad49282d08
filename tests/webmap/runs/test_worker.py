"""The worker and its processes: whoever is killed, a run is done in the end, or says why not."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.webmap.planner.conftest import CSV, record
from tests.webmap.runs.waiting import ready, run_of
from tests.webmap.test_serve import free_port
from webmap.runs import DONE, FAILED, QUEUED, RUNNING, STOPPED, Desk, Run
from webmap.runs.attempts import LOST_S
from webmap.runs.keeper import WorkerKeeper
from webmap.runs.queue import waiting
from webmap.runs.record import result_folder, upload_folder
from webmap.runs.worker import Worker, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from webmap.settings import Settings

pytestmark = pytest.mark.usefixtures("desk", "city")
PROGRAM = "from webmap.cli import main; main()"
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def wait_until(is_so: Callable[[], object]) -> None:
    """Wait for something that comes, however slow the machine is."""
    while not is_so():
        time.sleep(0.05)


def wait_for(settings: Settings, run: Run, *states: str) -> Run:
    """Return a run once it is in one of these states."""
    wait_until(lambda: run_of(settings, run.id).state in states)
    return run_of(settings, run.id)


class Watched(Worker):
    """A worker that remembers the processes it started."""

    def __init__(self, settings: Settings, at_once: int = 2) -> None:
        super().__init__(settings, at_once)
        self.processes: list[subprocess.Popen[bytes]] = []

    def _start(self, run: Run, folder: Path) -> subprocess.Popen[bytes]:
        process = super()._start(run, folder)
        self.processes.append(process)
        return process


class Idle(Watched):
    """A worker whose processes do nothing, so that they start at once."""

    looked = 0  # how often it looked whether there is room for a run

    def _count_at_work(self) -> int:
        self.looked += 1
        return super()._count_at_work()

    def _start(self, run: Run, folder: Path) -> subprocess.Popen[bytes]:  # noqa: ARG002 - as above
        command = [sys.executable, "-S", "-c", "import time; time.sleep(3600)"]
        self.processes.append(subprocess.Popen(command))  # noqa: S603 - our own words
        return self.processes[-1]


@contextmanager
def at_work(
    settings: Settings, at_once: int = 2, make: type[Watched] = Watched
) -> Iterator[Watched]:
    """Run a worker in this process; its runs have processes of their own all the same.

    Yields
    ------
    Watched
        Stopped after the block.
    """
    worker = make(settings, at_once)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join()


@contextmanager
def started(settings: Settings, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of ours in a process of its own, killed after the block.

    Yields
    ------
    Popen
        Its standard input is open.
    """
    process = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-P", "-c", PROGRAM, *words],
        env=environment(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def answers(port: int) -> bool:
    """Return whether somebody listens at a port."""
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def is_there(pid: int) -> bool:
    """Return whether a process lives; one that nobody waited for has ended all the same."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    """Return the processes that a process started, in whatever thread."""
    lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(word) for words in lists for word in words.split()]


def is_worker(pid: int) -> bool:
    """Return whether a process is a worker that a server started."""
    return b"--until-input-ends" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_run_whose_process_is_killed_is_tried_again_and_done(settings: Settings) -> None:
    run = ready(settings, CSV)
    with at_work(settings) as worker:
        wait_until(lambda: worker.processes)
        worker.processes[0].kill()
        done = wait_for(settings, run, DONE, FAILED)
    assert (done.state, done.attempt, len(worker.processes)) == (DONE, 2, 2)
    folder = settings.runs / run.id
    summary = json.loads((result_folder(folder) / "summary.json").read_text("utf-8"))
    assert summary["duration_min"] == 40.0
    assert not upload_folder(folder).exists()
    assert waiting(settings) == []


def test_a_worker_that_is_stopped_lets_its_runs_wait_for_the_next(settings: Settings) -> None:
    run = ready(settings, CSV)
    with at_work(settings) as worker:
        wait_until(lambda: worker.processes)
    waits = run_of(settings, run.id)
    assert (waits.state, waits.attempt) == (QUEUED, 0)
    assert worker.processes[0].poll() is not None
    assert upload_folder(settings.runs / run.id).exists()
    assert not result_folder(settings.runs / run.id).exists()


@pytest.mark.long
def test_a_run_that_is_deleted_while_at_work_ends_and_leaves_nothing(settings: Settings) -> None:
    run = ready(settings, CSV)
    with at_work(settings) as worker:
        wait_until(lambda: worker.processes)
        Desk(settings).delete(run.id)
        worker.processes[0].wait()
    assert list(settings.runs.iterdir()) == []


def test_no_more_runs_at_once_than_allowed_those_of_a_dead_worker_included(
    settings: Settings,
) -> None:
    _, busy = record(settings, state=RUNNING, attempt=1)
    run = ready(settings, CSV)
    with at_work(settings, at_once=1, make=Idle) as worker:
        assert isinstance(worker, Idle)
        wait_until(lambda: worker.looked > 1)  # it would have taken the run the first time
        assert Desk(settings).has_worker()
        assert worker.processes == []
        assert run_of(settings, run.id).state == QUEUED
        Desk(settings).delete(busy.id)
        wait_until(lambda: worker.processes)


@POSIX
@pytest.mark.long
def test_a_run_outlives_its_worker(settings: Settings) -> None:
    with started(settings, "work") as worker:
        run = ready(settings, CSV)
        wait_for(settings, run, RUNNING)
        wait_until(lambda: run_of(settings, run.id).stage)  # its process has taken over
        worker.kill()
        done = wait_for(settings, run, DONE, FAILED)
    assert (done.state, done.attempt) == (DONE, 1)


@POSIX
@pytest.mark.long
def test_a_run_whose_worker_and_process_are_killed_is_taken_up_by_the_next_worker(
    settings: Settings,
) -> None:
    with started(settings, "work") as worker:
        run = ready(settings, CSV)
        wait_until(lambda: run_of(settings, run.id).stage)
        [process] = children(worker.pid)
        worker.kill()
        os.kill(process, signal.SIGKILL)
    begun = time.monotonic()
    with started(settings, "work"):
        done = wait_for(settings, run, DONE, FAILED)
    assert (done.state, done.attempt) == (DONE, 2)
    assert time.monotonic() - begun > LOST_S / 2


@POSIX
@pytest.mark.long
def test_a_run_whose_process_is_killed_each_time_fails_and_says_so(settings: Settings) -> None:
    run = ready(settings, CSV)
    with at_work(settings) as worker:
        for attempt in range(1, 4):
            wait_until(lambda n=attempt: len(worker.processes) == n)  # type: ignore[misc]  # bound now
            worker.processes[-1].kill()
        failed = wait_for(settings, run, FAILED, DONE)
    assert failed.fault is not None
    assert (failed.state, failed.fault.code, failed.attempt) == (FAILED, "died", 3)
    assert upload_folder(settings.runs / run.id).exists()  # for a week, to try again


@POSIX
@pytest.mark.long
def test_a_run_at_work_stops_when_asked_to(settings: Settings) -> None:
    run = ready(settings, CSV)
    with at_work(settings) as worker:
        wait_until(lambda: run_of(settings, run.id).stage)
        Desk(settings).stop(run.id)
        stopped = wait_for(settings, run, STOPPED, DONE)
        worker.processes[0].wait()
    assert stopped.state == STOPPED
    assert not upload_folder(settings.runs / run.id).exists()


@POSIX
@pytest.mark.long
def test_a_server_has_one_worker_and_starts_it_again_when_it_dies(settings: Settings) -> None:
    with WorkerKeeper(settings) as keeper:
        wait_until(lambda: keeper.process)
        first = keeper.process
        assert first is not None
        first.kill()
        wait_until(lambda: keeper.process is not first)
        second = keeper.process
        run = ready(settings, CSV)
        assert wait_for(settings, run, DONE, FAILED).state == DONE
    assert second is not None
    assert second.poll() is not None


@POSIX
@pytest.mark.long
def test_a_run_goes_on_when_the_server_is_killed_and_its_one_worker_ends_then(
    settings: Settings,
) -> None:
    port = str(free_port())
    with started(settings, "serve", "--port", port, "--workers", "3") as server:
        run = ready(settings, CSV)
        wait_until(lambda: run_of(settings, run.id).stage)
        family = children(server.pid)
        [worker] = filter(is_worker, family)
        assert run_of(settings, run.id).worker.endswith(f":{worker}")
        server.kill()
        done = wait_for(settings, run, DONE, FAILED)
        wait_until(lambda: not is_there(worker))
        for left in filter(is_there, family):
            os.kill(left, signal.SIGKILL)  # granian's own
    assert (done.state, done.attempt) == (DONE, 1)


@POSIX
@pytest.mark.long
def test_a_server_told_to_leave_the_work_to_others_starts_no_worker(settings: Settings) -> None:
    port = free_port()
    with started(settings, "serve", "--port", str(port), "--no-worker") as server:
        wait_until(lambda: answers(port))
        assert not any(map(is_worker, children(server.pid)))
        server.terminate()
        server.wait()
