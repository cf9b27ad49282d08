"""One import as a folder: the file that came, its rows as read, what was chosen, what was planned.

A folder belongs to who uploaded it and goes after a week. Every process of the site reads the same
folder, so a page may be answered by another process than the one at work.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import string
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.stations.opened import OpenedFile
from geo.stations.raw import RawTable

if TYPE_CHECKING:
    from pathlib import Path

    from webmap.settings import Settings

READING, LOOKED, PLANNING, PLANNED, SAVING, SAVED, FAILED = (
    *("reading", "looked", "planning", "planned", "saving", "saved", "failed"),
)
AT_WORK: Final = (READING, PLANNING, SAVING)
KEPT_DAYS: Final = 7
LOST_S: Final = 30.0  # without a sign of life, a process at work has died
_LETTERS: Final = string.ascii_lowercase + string.digits
_LENGTH: Final = 22
_ID: Final = re.compile(rf"[a-z0-9]{{{_LENGTH}}}")
_PREFIX: Final = ".coming-"


@dataclass
class Draft:
    """What is known of an import."""

    id: str
    owner: str
    name: str  # of the file
    state: str = READING
    before: str = ""  # the state to which a failed one goes back
    sheet: str = ""
    datum: str = "auto"
    columns: dict[str, str] = field(default_factory=dict)  # field to column, as chosen
    ignored: list[str] = field(default_factory=list)  # columns that are not wanted
    remembered: str = ""  # who settled the same heads before
    answers: dict[str, str] = field(default_factory=dict)  # row to "new", "leave" or a code
    rest: str = "leave"  # new rows that may be stored ones, and of which nobody said
    holds_doubtful: bool = False  # rows whose position is doubtful stay out
    fault: dict[str, str] = field(default_factory=dict)  # code, detail
    evidence: list[dict[str, Any]] = field(default_factory=list)
    basis: str = ""
    settled: str = ""  # datum; "" = not clear
    is_doubtful: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    digest: str = ""  # of what was planned
    changed_meanwhile: bool = False
    batch: str = ""
    saved: dict[str, int] = field(default_factory=dict)
    created: float = 0.0


class Drafts:
    """All imports of this installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.folder = settings.instance / "imports"

    def coming(self) -> Path:
        """Return a new folder, closed to others, for files on their way."""
        self._settings.make_instance()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._sweep()
        made = self.folder / f"{_PREFIX}{_new_id()}"
        made.mkdir(mode=0o700)
        (made / "upload").mkdir(mode=0o700)
        return made

    def add(self, coming: Path, *, owner: str, name: str) -> Draft:
        """Make an import of a folder with its file."""
        draft = Draft(_new_id(), owner, name, created=time.time())
        coming.rename(self.folder / draft.id)
        self.save(draft)
        return draft

    def find(self, id: str, owner: str) -> Draft | None:  # noqa: A002 - as in the address
        """Return somebody's import; None without one, or if it is another's."""
        try:
            text = self._about(id).read_text(encoding="utf-8") if _ID.fullmatch(id) else ""
        except OSError:
            text = ""
        draft = Draft(**json.loads(text)) if text else None
        if draft is None or draft.owner != owner:
            return None
        if draft.state in AT_WORK and self.silent_s(draft) > LOST_S:
            draft.fault, draft.before, draft.state = {"code": "lost"}, draft.state, FAILED
        return draft

    def own(self, owner: str) -> list[Draft]:
        """Return the imports of somebody, the last first."""
        ids = [path.parent.name for path in self.folder.glob("[!.]*/draft.json")]
        found = [draft for one in ids if (draft := self.find(one, owner))]
        return sorted(found, key=lambda draft: -draft.created)

    def save(self, draft: Draft) -> None:
        """Keep what is known, in one step."""
        path = self._about(draft.id)
        part = path.with_name(f".{os.getpid()}-{secrets.token_hex(4)}.part")
        part.write_text(json.dumps(asdict(draft), ensure_ascii=False), encoding="utf-8")
        part.replace(path)

    def delete(self, draft: Draft) -> None:
        """Remove an import with its file."""
        shutil.rmtree(self.folder / draft.id, ignore_errors=True)

    def beat(self, draft: Draft) -> None:
        """Give a sign of life."""
        with suppress(OSError):
            (self.folder / draft.id / ".alive").touch()

    def silent_s(self, draft: Draft) -> float:
        """Return the seconds since the last sign of life, or since it was kept."""
        marks = (self.folder / draft.id / ".alive", self._about(draft.id))
        return time.time() - max(path.stat().st_mtime for path in marks if path.exists())

    def file(self, draft: Draft) -> Path:
        """Return where the file that came lies."""
        return self.folder / draft.id / "upload" / "001" / draft.name

    def place(self, draft: Draft, name: str) -> Path:
        """Return the path of a further file of an import."""
        return self.folder / draft.id / name

    def keep_table(self, draft: Draft, table: RawTable) -> None:
        """Keep a table as read, so that it need not be read again."""
        frame = table.frame.set_axis([str(n) for n in range(table.frame.shape[1])], axis="columns")
        frame.reset_index(names="row").to_parquet(self.place(draft, "table.parquet"))
        about = {
            "header": table.header,
            "source": table.source,
            "sheet": table.sheet,
            "sheets": table.sheets,
            "others": table.others,
            "unsolved": sorted(table.unsolved),
        }
        text = json.dumps(about, ensure_ascii=False)
        self.place(draft, "table.json").write_text(text, encoding="utf-8")

    def opened(self, draft: Draft) -> OpenedFile:
        """Return the file of an import, opened."""
        place = self.place(draft, "table.json")
        if not place.exists():
            return OpenedFile(draft.name, path=self.file(draft))
        about = json.loads(place.read_text(encoding="utf-8"))
        kept = pd.read_parquet(self.place(draft, "table.parquet"))
        frame = kept.set_index("row").set_axis(about["header"], axis="columns").astype(str)
        table = RawTable(
            about["source"],
            frame,
            about["sheet"],
            tuple(about["sheets"]),
            tuple(about["others"]),
            frozenset((int(row), str(column)) for row, column in about["unsolved"]),
        )
        return OpenedFile(draft.name, table)

    def _about(self, id: str) -> Path:  # noqa: A002 - as in the address
        return self.folder / id / "draft.json"

    def _sweep(self) -> None:
        """Remove what is older than a week, and uploads that never arrived."""
        for place in self.folder.iterdir():
            with suppress(OSError):
                if time.time() - place.stat().st_mtime > KEPT_DAYS * 86_400:
                    shutil.rmtree(place, ignore_errors=True)


def _new_id() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
