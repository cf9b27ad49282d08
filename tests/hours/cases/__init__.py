"""Cases of opening hours worked out by hand: text, local moment, state, next change.

One table per subject, columns separated by tabs; `-` stands for no change within eight days.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One line of a table."""

    place: str  # table and line
    hours: str
    self_hours: str
    moment: dt.datetime
    state: str
    next_change: tuple[dt.datetime, str] | None
    note: str

    def __str__(self) -> str:
        return f"{self.place} {self.hours} {self.moment:%Y-%m-%d %H:%M}"


def read_cases() -> list[Case]:
    """Return the lines of all tables."""
    return [case for path in sorted(HERE.glob("*.tsv")) for case in _read_table(path)]


def _read_table(path: Path) -> list[Case]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Case(
            place=f"{path.stem}:{line}",
            hours=row["hours"],
            self_hours=row["self_hours"],
            moment=dt.datetime.fromisoformat(row["moment"]),
            state=row["state"],
            next_change=(
                None
                if row["next_change"] == "-"
                else (dt.datetime.fromisoformat(row["next_change"]), row["next_state"])
            ),
            note=row["note"],
        )
        for line, row in enumerate(rows, start=2)
    ]
