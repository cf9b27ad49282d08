"""What is known of a run, as a value, as a row of the table ``runs``, and as a folder of files.

A run's folder holds ``upload/`` until the run ends, a week longer if it failed; ``scratch-N/``
while attempt N is at work, and ``result/``, whole, once it is done. All else is in its row.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DRAFT: Final = "draft"  # uploaded, and being looked at
QUEUED: Final = "queued"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
STOPPED: Final = "stopped"
ENDED: Final = (DONE, FAILED, STOPPED)

UPLOADED: Final = "upload"  # sources of what is measured
DEMO: Final = "demo"
BEATS: Final = "beats"
DEMO_TRACKS: Final = "tracks.csv.gz"  # of the demo's files
STRETCHES: Final = "stretches.geojson"  # of the result's files

_LETTERS: Final = string.ascii_lowercase + string.digits
_LENGTH: Final = 22  # of an id: 36^22, more than 2^113
_ID: Final = re.compile(rf"[a-z0-9]{{{_LENGTH}}}")
_MOMENTS: Final = ("created", "started", "heard", "finished", "published")
_LISTS: Final = ("needs", "shifts", "beats")  # of the options


@dataclass(frozen=True, slots=True)
class Options:
    """What the planner chose."""

    limit_m: float = 1000.0
    tz: str = ""  # "" = that of the stations, for times without an offset
    datum: str = "auto"
    by_area: bool = True
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> column of the files
    max_age_days: float = 180.0
    needs: tuple[str, ...] = ()  # amenities
    no_phone: bool = False
    shifts: tuple[str, ...] = ()  # OSM hours
    week: str = ""  # the Monday in which beats are walked
    as_of: str = ""  # a day, to its end, or a moment; "" = the last change of the stations
    beats: tuple[str, ...] = ()  # ids; () = all
    language: str = "zh"  # of the report


@dataclass(frozen=True, slots=True)
class File:
    """One uploaded file: the name it had, and its size."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a run failed: a word that pages explain, the file, and the error's own text."""

    code: str
    file: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a run; moments are ISO 8601, UTC, "" while they have not come."""

    id: str
    owner: str
    name: str
    source: str = UPLOADED
    options: Options = field(default_factory=Options)
    files: tuple[File, ...] = ()
    state: str = QUEUED
    stage: str = ""
    share: float = 0.0  # of the work, 0 to 1
    attempt: int = 0  # how often it was begun
    worker: str = ""  # host and process that began it
    stop_wanted: bool = False
    is_shared: bool = False  # with all planners of the installation
    keeps_upload: bool = False  # when it has ended
    is_demo: bool = False  # judged by the demo's stations
    city: str = ""
    fault: Fault | None = None
    log: str = ""
    created: str = ""
    started: str = ""
    heard: str = ""  # last sign of life
    finished: str = ""
    published: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ENDED

    @property
    def has_begun(self) -> bool:
        """Whether it is more than an upload that somebody looks at."""
        return self.state != DRAFT

    @property
    def waits_for_stop(self) -> bool:
        """Whether it is at work and was asked to stop."""
        return self.state == RUNNING and self.stop_wanted


def is_id(text: str) -> bool:
    """Return whether a text could be the id of a run."""
    return bool(_ID.fullmatch(text))


def new_id() -> str:
    """Return an id that nobody guesses."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def moment_now() -> str:
    """Return the present moment as rows hold it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def age_s(moment: str) -> float:
    """Return the seconds since a moment; endless for none."""
    if not moment:
        return float("inf")
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()


def to_row(run: Run) -> dict[str, Any]:
    """Return a run as a row of the table ``runs``."""
    row = asdict(run)
    for moment in _MOMENTS:
        row[f"{moment}_at"] = row.pop(moment)
    return row | fault_row(run.fault)


def options_row(options: Options) -> dict[str, Any]:
    """Return the cell of a run's options."""
    return {"options": asdict(options)}


def fault_row(fault: Fault | None) -> dict[str, Any]:
    """Return the cell of a run's fault; {} for none."""
    return {"fault": asdict(fault) if fault else {}}


def to_run(row: Mapping[str, Any]) -> Run:
    """Return the run of a row; options that this version does not know are passed over."""
    cells = dict(row)
    for moment in _MOMENTS:
        cells[moment] = cells.pop(f"{moment}_at")
    cells["options"] = to_options(cells["options"])
    cells["files"] = tuple(File(**file) for file in cells["files"])
    cells["fault"] = Fault(**cells["fault"]) if cells["fault"] else None
    return Run(**cells)


def to_options(cells: Mapping[str, Any]) -> Options:
    """Return options of plain data, as JSON has it."""
    known = {part.name: cells[part.name] for part in fields(Options) if part.name in cells}
    return Options(**known | {name: tuple(known[name]) for name in _LISTS if name in known})


def upload_folder(folder: Path) -> Path:
    """Return where the tracks of a run wait for it."""
    return folder / "upload"


def scratch_folder(folder: Path, attempt: int) -> Path:
    """Return where an attempt of a run puts fixes that do not fit in memory."""
    return folder / f"scratch-{attempt}"


def log_file(folder: Path) -> Path:
    """Return where the process of a run writes what it says to a terminal, until it has ended."""
    return folder / "log"


def draft_folder(folder: Path, attempt: int) -> Path:
    """Return where an attempt of a run writes its result before it is whole."""
    return folder / f"result.draft-{attempt}"


def result_folder(folder: Path) -> Path:
    """Return where the result of a run lies, whole, once it is done."""
    return folder / "result"
