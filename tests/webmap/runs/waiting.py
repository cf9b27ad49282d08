"""Runs in tests: made without a browser, and worked off in the process of the test."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geo.coverage import write_coverage, write_stretches
from webmap.runs import QUEUED, Desk, Run, work
from webmap.runs.own import own_store
from webmap.runs.record import STRETCHES, File, moment_now, new_id, to_row, upload_folder

if TYPE_CHECKING:
    from pathlib import Path

    from geo.coverage import Coverage
    from webmap.settings import Settings


def run_waiting(settings: Settings) -> list[str]:
    """Work off all runs that wait, the earliest first, in this process; return their ids.

    Read ``Desk(settings).find(id)`` for how they ended. The environment must name the same
    installation, as the fixture ``settings`` sees to.
    """
    waits = [run.id for run in reversed(Desk(settings).runs()) if run.state == QUEUED]
    for run_id in waits:
        work.main(run_id)
    return waits


def write_light(result: Coverage, folder: Path, **_: object) -> None:
    """Write of a report only what takes no time: figures and lines."""
    write_coverage(result, folder)
    write_stretches(result, folder / STRETCHES)


def run_of(settings: Settings, place: Path | str) -> Run:
    """Return a run by its id or its folder; there must be one."""
    run = Desk(settings).find(place if isinstance(place, str) else place.name)
    assert run is not None
    return run


def put_row(settings: Settings, content: bytes, **cells: Any) -> tuple[Path, Run]:  # noqa: ANN401 - cells of a run
    """Keep a run as if somebody had started it, with a folder and an upload; carry it nowhere."""
    now = moment_now()
    usual = {"id": new_id(), "owner": "小王", "name": "早班", "created": now, "heard": now}
    run = Run(**usual | cells)
    folder = settings.runs / run.id
    (upload_folder(folder) / "001").mkdir(parents=True)
    (upload_folder(folder) / "001" / "a.csv").write_bytes(content)
    own_store(settings).add_run(to_row(run))
    return folder, run


def ready(settings: Settings, content: bytes, **cells: Any) -> Run:  # noqa: ANN401 - as above
    """Put a run with its upload on the desk; it waits."""
    desk = Desk(settings)
    draft = desk.draft()
    (upload_folder(draft) / "001").mkdir()
    (upload_folder(draft) / "001" / "a.csv").write_bytes(content)
    run = Run(id="", owner="小王", name="早班", files=(File("a.csv", len(content)),))
    return desk.add(draft, replace(run, **cells))
