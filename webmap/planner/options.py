"""The form of a run's options: what was typed, as it was typed, and what it means."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from flask_babel import gettext

from geo.coords import AUTO, DATUMS, settle_datum
from geo.coverage.conditions import MAX_AGE_DAYS
from geo.errors import InvalidOptionError
from geo.tracks.archive import KINDS
from geo.tracks.columns import ALIASES
from geo.tracks.planned import LINE_FORMATS
from geo.vocab import load_vocab
from geo.zones import LOCAL_ZONE, require_zone
from webmap.planner.shifts import read_words, say_understood
from webmap.preferences import language
from webmap.runs.record import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.datastructures import MultiDict

    from webmap.runs.record import File

LIMITS_M: Final = (1000, 500)  # the national rule, and the dense preset
OWN: Final = "own"
LEAST_M: Final = 50
MOST_M: Final = 5000
ZONES: Final = (LOCAL_ZONE, "Asia/Urumqi", "UTC")
NEEDS: Final = (  # amenities to choose from, those that workers ask for
    *("drinking_water", "hot_water", "microwave", "toilet", "seat"),
    *("phone_charging", "ebike_charging", "air_con", "heating", "first_aid"),
)
COLUMN: Final = "column_"  # before a field of fixes, in the form
LONGEST_NAME: Final = 60  # characters of a run's name
MOST_SHIFTS: Final = 8
MOST_DAYS: Final = 3650
_LONGEST_COLUMN: Final = 200
_LONGEST_SHIFTS: Final = 2000
_FIRST_DAY: Final = dt.date(2000, 1, 1)
_PACKED: Final = (".gz", ".zip")
_WORKBOOKS: Final = (".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers")


@dataclass
class Form:
    """The fields as text, and the messages that stand at them."""

    name: str = ""
    limit: str = str(LIMITS_M[0])
    own_limit: str = ""
    tz: str = LOCAL_ZONE
    datum: str = AUTO
    by_area: bool = True
    columns: dict[str, str] = field(default_factory=dict)
    max_age: str = f"{MAX_AGE_DAYS:g}"
    needs: list[str] = field(default_factory=list)
    no_phone: bool = False
    shifts: str = ""  # a line each
    week: str = ""  # a day in it
    as_of: str = ""  # a day
    keeps_upload: bool = False
    beats: tuple[str, ...] = ()  # not typed here
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def typed(cls, form: MultiDict[str, str], *, beats: tuple[str, ...] = ()) -> Form:
        """Return what was typed."""
        chosen = {name: form.get(COLUMN + name, "")[:_LONGEST_COLUMN] for name in ALIASES}
        return cls(
            name=form.get("name", "").strip()[:LONGEST_NAME],
            limit=form.get("limit", str(LIMITS_M[0])),
            own_limit=form.get("own_limit", "").strip()[:20],
            tz=form.get("tz", LOCAL_ZONE)[:64],
            datum=form.get("datum", AUTO)[:16],
            by_area="by_area" in form,
            columns={name: column for name, column in chosen.items() if column},
            max_age=form.get("max_age", f"{MAX_AGE_DAYS:g}").strip()[:20],
            needs=[code for code in NEEDS if code in form.getlist("needs")],
            no_phone="no_phone" in form,
            shifts=form.get("shifts", "").replace("\r\n", "\n").strip()[:_LONGEST_SHIFTS],
            week=form.get("week", "").strip()[:20],
            as_of=form.get("as_of", "").strip()[:20],
            keeps_upload="keeps_upload" in form,
            beats=beats,
        )

    @classmethod
    def of(cls, name: str, options: Options, *, keeps_upload: bool = False) -> Form:
        """Return the form that made these options."""
        limit = f"{options.limit_m:g}"
        is_listed = limit in map(str, LIMITS_M)
        return cls(
            name=name,
            limit=limit if is_listed else OWN,
            own_limit="" if is_listed else limit,
            tz=options.tz or LOCAL_ZONE,
            datum=options.datum,
            by_area=options.by_area,
            columns=dict(options.columns),
            max_age=f"{options.max_age_days:g}",
            needs=list(options.needs),
            no_phone=options.no_phone,
            shifts="\n".join(options.shifts),
            week=options.week,
            as_of=options.as_of[:10],
            keeps_upload=keeps_upload,
            beats=options.beats,
        )

    def options(self, files: Sequence[File], *, today: dt.date) -> Options:
        """Return what the fields mean; faults go into ``errors``."""
        return Options(
            limit_m=self._limit_m(),
            tz=self._zone(),
            datum=self._datum([file.name for file in files]),
            by_area=self.by_area,
            columns=self.columns,
            max_age_days=self._max_age_days(),
            needs=tuple(self.needs),
            no_phone=self.no_phone,
            shifts=self._shifts(),
            week=self._week(today),
            as_of=self._day("as_of", self.as_of, today),
            beats=self.beats,
            language=language(),
        )

    def shifts_said(self) -> list[tuple[str, str]]:
        """Return each shift that can be read, as OSM text and as a sentence."""
        read = (read_words(line)[0] for line in self._lines())
        return [(osm, say_understood(osm)) for osm in read if osm]

    def _lines(self) -> list[str]:
        return [line.strip() for line in self.shifts.splitlines() if line.strip()]

    def _shifts(self) -> tuple[str, ...]:
        lines = self._lines()
        if len(lines) > MOST_SHIFTS:
            self.errors["shifts"] = gettext("最多写 %(most)s 个班次。", most=MOST_SHIFTS)
            return ()
        read = [(line, *read_words(line)) for line in lines]
        for line, _, fault in read:
            if fault:
                self.errors["shifts"] = gettext("“%(line)s”：%(fault)s", line=line, fault=fault)
                return ()
        return tuple(dict.fromkeys(shift for _, shift, _ in read))

    def _limit_m(self) -> float:
        text = self.own_limit if self.limit == OWN else self.limit
        limit_m = _number(text)
        if not LEAST_M <= limit_m <= MOST_M:
            self.errors["limit"] = gettext(
                "写 %(least)s 到 %(most)s 之间的一个数，单位是米。", least=LEAST_M, most=MOST_M
            )
        return limit_m

    def _max_age_days(self) -> float:
        days = _number(self.max_age)
        if not 1 <= days <= MOST_DAYS:
            self.errors["max_age"] = gettext("写 1 到 %(most)s 之间的天数。", most=MOST_DAYS)
        return days

    def _zone(self) -> str:
        try:
            return require_zone(self.tz)
        except InvalidOptionError:
            self.errors["tz"] = gettext("没有这个时区，从列表里选一个。")
            return LOCAL_ZONE

    def _datum(self, names: Sequence[str]) -> str:
        if self.datum not in (AUTO, *DATUMS):
            self.errors["datum"] = gettext("从列表里选一个。")
        elif len({settle_datum(self.datum, name) for name in names}) > 1:
            self.errors["datum"] = gettext(
                "从文件名看，这些文件的坐标不是同一种。分开算，或者在这里选定一种。"
            )
        return self.datum

    def _week(self, today: dt.date) -> str:
        """Return the Monday of the week; a week to come may be planned for."""
        day = self._day("week", self.week, today + dt.timedelta(days=366))
        if not day:
            return ""
        date = dt.date.fromisoformat(day)
        return (date - dt.timedelta(days=date.weekday())).isoformat()

    def _day(self, name: str, text: str, latest: dt.date) -> str:
        if not text:
            return ""
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            self.errors[name] = gettext("日期写成 2026-05-01 这样。")
            return ""
        if not _FIRST_DAY <= day <= latest:
            self.errors[name] = gettext(
                "只能选 %(first)s 到 %(last)s 之间的一天。", first=_FIRST_DAY, last=latest
            )
            return ""
        return day.isoformat()


def need_words() -> list[tuple[str, str]]:
    """Return the amenities to choose from, with their words."""
    known = load_vocab("amenity")
    is_chinese = language() == "zh"
    return [(code, known[code].zh if is_chinese else known[code].en) for code in NEEDS]


def find_file_fault(files: Sequence[File]) -> tuple[str, str]:
    """Return the word of what is wrong with the uploaded files at first sight, and which one."""
    if not files:
        return "no_file", ""
    for file in files:
        if not _is_known(file.name):
            is_workbook = file.name.lower().endswith(_WORKBOOKS)
            return "workbook" if is_workbook else "format", file.name
        if file.size_bytes == 0:
            return "empty", file.name
    return "", ""


def _is_known(name: str) -> bool:
    pure = PurePosixPath(name.lower())
    if pure.suffix in LINE_FORMATS:
        return True
    if pure.suffix == _PACKED[0]:
        pure = PurePosixPath(pure.stem)
    return pure.suffix in KINDS or pure.suffix == _PACKED[1]


def _number(text: str) -> float:
    """Return a number as people type it; NaN for none."""
    try:
        return float(text.replace("，", "").replace(",", ""))
    except ValueError:
        return float("nan")
