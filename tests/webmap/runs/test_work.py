"""The work on a run: its files, all or none; its progress, its log, and why it failed."""

from __future__ import annotations

import errno
import logging
import os
from collections import namedtuple
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from geo.errors import StoreUnavailableError
from geo.report import write_report
from tests.webmap.conftest import NOW
from tests.webmap.planner.conftest import CSV, record
from tests.webmap.runs.waiting import ready, run_of, run_waiting
from webmap.runs import DONE, DRAFT, FAILED, QUEUED, RUNNING, STOPPED, Desk, work
from webmap.runs.attempts import MovedOnError, claim, finish, lose, release, tell
from webmap.runs.own import own_store as opened
from webmap.runs.record import (
    File,
    Options,
    log_file,
    result_folder,
    scratch_folder,
    upload_folder,
)
from webmap.runs.reporter import Reporter
from webmap.runs.runlog import LONGEST, RunLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.store import Store
    from webmap.settings import Settings

pytestmark = pytest.mark.usefixtures("desk", "light")
TABLES = {"by_area.csv", "by_hour.csv", "by_station.csv", "gaps.geojson", "gaps.gpkg"}


def done(settings: Settings, content: bytes = CSV, **cells: object) -> str:
    """Put a run on the desk, work it off, and return its id."""
    run = ready(settings, content, **cells)
    assert run.id in run_waiting(settings)
    return run.id


@pytest.mark.usefixtures("city")
def test_a_run_leaves_its_result_and_no_upload(settings: Settings) -> None:
    run = run_of(settings, done(settings))
    folder = settings.runs / run.id
    assert (run.state, run.share, run.city, run.fault) == (DONE, 1.0, "street", None)
    assert (run.attempt, bool(run.started), bool(run.finished)) == (1, True, True)
    assert [path.name for path in folder.iterdir()] == ["result"]
    files = list(result_folder(folder).iterdir())
    assert {path.name for path in files} >= TABLES | {"summary.json", "stretches.geojson"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in [*files, *folder.iterdir()])


@pytest.mark.usefixtures("city")
def test_a_run_writes_a_whole_report_in_its_planner_s_language(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webmap.runs.measure.write_report", write_report)
    run_id = done(settings, options=Options(language="en"))
    folder = result_folder(settings.runs / run_id)
    assert {path.name for path in folder.iterdir()} >= {
        "report.html", "report.xlsx", "map.png", "hours.png", "streets.parquet",
    }  # fmt: skip
    assert '<html lang="en"' in (folder / "report.html").read_text("utf-8")


@pytest.mark.usefixtures("city")
def test_a_run_is_done_on_either_database(
    settings: Settings,
    own_store: Store,
    store_url: str,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stations = own_store.read_stations()
    store.save_stations(stations, actor="test", origin="test", now=NOW)
    monkeypatch.setenv("NUANYI_DB", store_url)
    there = replace(settings, database=store_url)
    run = run_of(there, done(there))
    assert (run.state, run.city, run.share) == (DONE, "street", 1.0)


@pytest.mark.usefixtures("city")
def test_an_upload_is_kept_on_purpose(settings: Settings) -> None:
    run_id = done(settings, keeps_upload=True)
    [file] = upload_folder(settings.runs / run_id).glob("*/*")
    assert file.read_bytes() == CSV


@pytest.mark.usefixtures("city")
def test_two_runs_of_the_same_tracks_give_the_same_bytes(settings: Settings) -> None:
    folders = [result_folder(settings.runs / done(settings)) for _ in range(2)]
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == sorted(path.name for path in folders[1].iterdir())
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


@pytest.mark.usefixtures("city")
def test_a_run_that_fails_says_why_and_keeps_its_options_and_no_result(settings: Settings) -> None:
    options = Options(limit_m=500.0)
    run = run_of(settings, done(settings, b"time,lon\n1,2\n", options=options))
    folder = settings.runs / run.id
    assert run.state == FAILED
    assert run.fault is not None
    assert (run.fault.code, run.fault.file) == ("columns", "a.csv")
    assert run.options == options
    assert [path.name for path in folder.iterdir()] == ["upload"]


@pytest.mark.usefixtures("city")
def test_a_retry_that_is_done_takes_the_uploads_of_all_that_failed_before_with_it(
    settings: Settings,
) -> None:
    desk = Desk(settings)
    wrong, right = Options(columns={"lon": "x"}), Options()
    first = done(settings, options=wrong)
    second = desk.retry(first)
    assert second is not None
    run_waiting(settings)
    uploads = [upload_folder(settings.runs / each) for each in (first, second.id)]
    assert all(path.exists() for path in uploads)
    third = desk.retry(second.id, options=right)
    assert third is not None
    run_waiting(settings)
    assert run_of(settings, third.id).state == DONE
    assert not any(path.exists() for path in uploads)


@pytest.mark.usefixtures("city")
def test_columns_of_any_name_are_read_as_the_planner_said(settings: Settings) -> None:
    content = CSV.replace(b"lon", b"x1", 1).replace(b"lat", b"y1", 1)
    options = Options(columns={"lon": "x1", "lat": "y1"})
    assert run_of(settings, done(settings, content, options=options)).state == DONE
    assert run_of(settings, done(settings, content)).state == FAILED


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("error", "code", "detail"),
    [
        (ZeroDivisionError("116.4074,39.9042"), "unforeseen", "ZeroDivisionError"),
        (OSError(errno.ENOSPC, "No space left on device"), "no_room", ""),
        (MemoryError(), "no_memory", ""),
    ],
)
def test_an_error_while_the_files_are_written_leaves_none_of_them(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    code: str,
    detail: str,
) -> None:
    def _fail(_result: object, folder: os.PathLike[str], **_: object) -> None:
        with open(os.path.join(folder, "summary.json"), "w", encoding="utf-8") as file:  # noqa: PTH118, PTH123 - made up
            file.write("{")
        raise error

    monkeypatch.setattr("webmap.runs.measure.write_report", _fail)
    run = run_of(settings, done(settings))
    assert run.fault is not None
    assert (run.state, run.fault.code, run.fault.detail) == (FAILED, code, detail)
    assert [path.name for path in (settings.runs / run.id).iterdir()] == ["upload"]
    assert "39.9042" not in run.log
    assert code in run.log


@pytest.mark.usefixtures("city")
def test_whatever_fails_on_a_full_disk_failed_for_want_of_room(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _fail(*_: object, **__: object) -> None:
        raise RuntimeError

    usage = namedtuple("usage", "total used free")(10**9, 10**9, 10**6)  # noqa: PYI024 - as shutil's
    monkeypatch.setattr("webmap.runs.measure.write_report", _fail)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    run = run_of(settings, done(settings))
    assert run.fault is not None
    assert run.fault.code == "no_room"


@pytest.mark.usefixtures("city")
def test_a_wish_to_stop_is_heard_at_the_next_progress(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ready(settings, CSV)

    def _stop(*_: object, **__: object) -> None:
        Desk(settings).stop(run.id)

    monkeypatch.setattr("webmap.runs.measure.write_report", _stop)
    assert work.main(run.id) == 1
    assert run_of(settings, run.id).state == STOPPED
    assert list((settings.runs / run.id).iterdir()) == []


@pytest.mark.usefixtures("city")
def test_a_run_that_is_deleted_meanwhile_leaves_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ready(settings, CSV)

    def _delete(*_: object, **__: object) -> None:
        Desk(settings).delete(run.id)

    monkeypatch.setattr("webmap.runs.measure.write_report", _delete)
    assert work.main(run.id) == 1
    assert Desk(settings).find(run.id) is None
    assert list(settings.runs.iterdir()) == []


@pytest.mark.usefixtures("city")
def test_an_attempt_that_was_given_up_does_not_put_its_result_into_a_later_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ready(settings, CSV)
    store = opened(settings)

    def _overtake(*_: object, **__: object) -> None:
        store.change_run(run.id, {"attempt": 2})

    monkeypatch.setattr("webmap.runs.measure.write_report", _overtake)
    assert work.main(run.id) == 1
    later = run_of(settings, run.id)
    assert (later.state, later.attempt) == (RUNNING, 2)
    assert not result_folder(settings.runs / run.id).exists()
    assert upload_folder(settings.runs / run.id).exists()


@pytest.mark.usefixtures("city")
def test_what_an_attempt_left_that_died_at_the_last_moment_is_replaced(settings: Settings) -> None:
    run = ready(settings, CSV)
    folder = settings.runs / run.id
    result_folder(folder).mkdir()
    (result_folder(folder) / "old.txt").write_text("x")
    assert work.main(run.id) == 0
    assert not (result_folder(folder) / "old.txt").exists()


def test_a_run_is_claimed_by_one(settings: Settings) -> None:
    _, run = record(settings)
    store = opened(settings)
    claimed = claim(store, run.id)
    assert claimed is not None
    assert (claimed.state, claimed.attempt) == (RUNNING, 1)
    assert run_of(settings, run.id) == claimed
    assert claim(store, run.id) is None
    assert work.main(run.id) == 1


@pytest.mark.parametrize("state", [DRAFT, RUNNING, DONE, FAILED, STOPPED])
def test_only_a_run_that_waits_is_claimed(settings: Settings, state: str) -> None:
    _, run = record(settings, state=state)
    assert claim(opened(settings), run.id) is None
    assert run_of(settings, run.id) == run


def test_a_process_that_must_end_lets_its_run_wait_as_if_it_had_not_begun(
    settings: Settings,
) -> None:
    folder, run = record(settings)
    store = opened(settings)
    claimed = claim(store, run.id)
    assert claimed is not None
    scratch_folder(folder, 1).mkdir()
    release(store, folder, claimed)
    waits = run_of(settings, run.id)
    assert (waits.state, waits.attempt) == (QUEUED, 0)
    assert upload_folder(folder).exists()
    assert not scratch_folder(folder, 1).exists()


def test_words_of_an_attempt_that_was_given_up_change_nothing(settings: Settings) -> None:
    folder, run = record(settings, state=RUNNING, attempt=2)
    scratch_folder(folder, 2).mkdir()
    store = opened(settings)
    old = replace(run, attempt=1)
    with pytest.raises(MovedOnError):
        tell(store, old, share=0.9)
    assert not finish(store, folder, old, DONE)
    release(store, folder, old)
    assert lose(store, folder, old) == old
    assert run_of(settings, run.id) == run
    assert upload_folder(folder).exists()
    assert scratch_folder(folder, 2).exists()


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("ends", [finish, lose])
def test_whether_an_upload_is_kept_is_as_last_said(
    settings: Settings,
    ends: Callable[..., object],
    keeps: bool,  # noqa: FBT001 - what is said
) -> None:
    folder, run = record(settings, state=RUNNING, attempt=3, keeps_upload=not keeps)
    Desk(settings).keep_upload(run.id, keeps)
    ends(opened(settings), folder, run, *([DONE] if ends is finish else []))
    assert run_of(settings, run.id).has_ended
    failed = ends is lose  # and may be tried again
    assert upload_folder(folder).exists() == (keeps or failed)


def test_what_the_process_of_a_run_said_to_a_terminal_goes_with_its_end(settings: Settings) -> None:
    folder, run = record(settings, state=RUNNING, attempt=1)
    log_file(folder).write_text("row 3: 116.407412,39.904211")
    assert finish(opened(settings), folder, run, DONE)
    assert not log_file(folder).exists()


@pytest.mark.usefixtures("city")
def test_of_an_error_that_nobody_foresaw_is_logged_where_it_was_and_not_its_text(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def _fail(*_: object, **__: object) -> None:
        int("老王家 116.4074 39.9042")

    monkeypatch.setattr("webmap.runs.measure.write_report", _fail)
    run = run_of(settings, done(settings))
    for said in (run.log, caplog.text):
        assert "老王" not in said
        assert "ValueError at webmap.runs.measure:" in said


def test_the_end_is_written_once_the_database_is_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, run = record(settings, state=RUNNING, attempt=1)
    store = opened(settings)
    change, tries = store.change_run, []

    def _change(*words: object, **cells: object) -> bool:
        tries.append(words)
        if len(tries) < 3:
            msg = "the disk is full"
            raise StoreUnavailableError(msg)
        return change(*words, **cells)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(store, "change_run", _change)
    monkeypatch.setattr("webmap.runs.attempts._BETWEEN_TRIES_S", 0.0)
    assert finish(store, folder, run, DONE)
    assert run_of(settings, run.id).state == DONE


def test_progress_only_grows_and_is_written_now_and_then(settings: Settings) -> None:
    _, run = record(settings, state=RUNNING, attempt=1, files=(File("a.csv", 4_000),))
    reporter = Reporter(opened(settings), run)
    shares = []
    for stage, part, total in (
        ("prepare", 0, 1), ("read tracks", 50, None), ("read tracks", 100_000, None),
        ("measuring coverage", 0, 100), ("measuring coverage", 100, 100), ("write", 0, 1),
    ):  # fmt: skip
        reporter(stage, part, total)
        shares.append(run_of(settings, run.id).share)
    assert shares == sorted(shares)
    assert shares[-1] == 0.9
    assert 0 < shares[1] < 0.35


def test_progress_goes_on_while_the_database_is_away(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, run = record(settings, state=RUNNING, attempt=1)
    store = opened(settings)

    def _away(*_: object, **__: object) -> bool:
        msg = "away"
        raise StoreUnavailableError(msg)

    monkeypatch.setattr(store, "change_run", _away)
    Reporter(store, run)("prepare", 0, 1)


def test_a_log_keeps_what_this_project_says_without_positions() -> None:
    log = RunLog()
    with log.listening():
        logging.getLogger("geo.tracks").info("read %d fixes near %.6f", 151_476, 116.407412)
        logging.getLogger("other").info("not ours")
        try:
            float("116.407412, 39.904211")
        except ValueError:
            logging.getLogger("webmap").exception("row 3: 116.407412, 39.904211; 3 of 12,500")
    lines = log.text.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("Z INFO read 151476 fixes near …")
    assert lines[1].endswith("Z ERROR row 3: …, …; 3 of 12,500")


def test_a_log_keeps_its_latest_20_kb() -> None:
    log = RunLog()
    for number in range(5_000):
        log.say(f"line {number}")
    assert len(log.text) <= LONGEST
    assert log.text.startswith("…\n")
    assert log.text.endswith("line 4999\n")
