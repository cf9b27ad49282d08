"""A run's folder and its record ``run.json``, which is replaced whole or not at all.

A run's folder holds ``run.json``, ``upload/`` until the run ends, ``result/`` once it is done, the
``lock`` that its process holds while it lives, ``log`` and, when somebody asked for it, ``stop``.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import shutil
import string
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)

QUEUED: Final = "queued"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
STOPPED: Final = "stopped"
ENDED: Final = (DONE, FAILED, STOPPED)

UPLOADED: Final = "upload"  # sources of tracks
DEMO: Final = "demo"
DEMO_TRACKS: Final = "tracks.csv.gz"  # of the demo's files
STRETCHES: Final = "stretches.geojson"  # of the result's files
FOR_PAGE: Final = "page.json"  # what the result's page shows beside the summary

_LETTERS: Final = string.ascii_lowercase + string.digits
_LENGTH: Final = 22  # of an id: 36^22, more than 2^113
_ID: Final = re.compile(rf"[a-z0-9]{{{_LENGTH}}}")
_RECORD: Final = "run.json"


@dataclass(frozen=True, slots=True)
class Options:
    """What the planner chose."""

    limit_m: float = 1000.0
    tz: str = ""  # "" = that of the stations, for times without an offset
    datum: str = "auto"
    by_area: bool = True


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
    pid: int = 0
    created: str = ""
    started: str = ""
    heard: str = ""  # last sign of life
    finished: str = ""
    is_demo: bool = False  # judged by the demo's stations
    city: str = ""
    fault: Fault | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ENDED


def is_id(text: str) -> bool:
    """Return whether a text could be the id of a run."""
    return bool(_ID.fullmatch(text))


def new_id() -> str:
    """Return an id that nobody guesses."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def moment_now() -> str:
    """Return the present moment as records write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def read_run(folder: Path) -> Run | None:
    """Return the run of a folder; None where there is none, or none that can be read."""
    try:
        cells: dict[str, Any] = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        cells["options"] = Options(**cells["options"])
        cells["files"] = tuple(File(**file) for file in cells["files"])
        cells["fault"] = Fault(**cells["fault"]) if cells["fault"] else None
        return Run(**cells)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.error("%s cannot be read: %s", folder / _RECORD, error)  # noqa: TRY400 - says it all
        return None


def write_run(folder: Path, run: Run) -> Run:
    """Put a run's record in the place of the earlier one; return the run."""
    draft = folder / f"{_RECORD}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(run), file, ensure_ascii=False, indent=1)
    draft.replace(folder / _RECORD)
    return run


def end_run(folder: Path, run: Run, state: str, fault: Fault | None = None) -> Run:
    """Forget what was uploaded, then write how the run ended; return the run."""
    for gone in (upload_folder(folder), scratch_folder(folder)):
        shutil.rmtree(gone, ignore_errors=True)
    finished = moment_now()
    return write_run(folder, replace(run, state=state, fault=fault, finished=finished, pid=0))


def upload_folder(folder: Path) -> Path:
    """Return where the tracks of a run wait for it."""
    return folder / "upload"


def scratch_folder(folder: Path) -> Path:
    """Return where a run puts fixes that do not fit in memory."""
    return folder / "scratch"


def result_folder(folder: Path) -> Path:
    """Return where the result of a run lies, whole, once it is done."""
    return folder / "result"


def lock_file(folder: Path) -> Path:
    """Return the file whose lock the process of a run holds."""
    return folder / "lock"


def stop_file(folder: Path) -> Path:
    """Return the file whose presence asks a run to stop."""
    return folder / "stop"
