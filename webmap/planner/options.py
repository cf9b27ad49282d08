"""The form that starts a run: what was typed, as it was typed, and what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from flask_babel import gettext

from geo.coords import AUTO, DATUMS, settle_datum
from geo.errors import InvalidOptionError
from geo.tracks.archive import KINDS
from geo.zones import LOCAL_ZONE, require_zone
from webmap.runs.record import Options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webmap.runs.record import File

LIMITS_M: Final = (1000, 500)  # the national rule, and the dense preset
OWN: Final = "own"
LEAST_M: Final = 50
MOST_M: Final = 5000
ZONES: Final = (LOCAL_ZONE, "Asia/Urumqi", "UTC")
LONGEST_NAME: Final = 60  # characters of a run's name
_PACKED: Final = (".gz", ".zip")


@dataclass
class Form:
    """The fields as text, and the messages that stand at them."""

    name: str = ""
    limit: str = str(LIMITS_M[0])
    own_limit: str = ""
    tz: str = LOCAL_ZONE
    datum: str = AUTO
    by_area: bool = True
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def typed(cls, form: Mapping[str, str]) -> Form:
        """Return what was typed."""
        return cls(
            name=form.get("name", "").strip()[:LONGEST_NAME],
            limit=form.get("limit", str(LIMITS_M[0])),
            own_limit=form.get("own_limit", "").strip()[:20],
            tz=form.get("tz", LOCAL_ZONE)[:64],
            datum=form.get("datum", AUTO)[:16],
            by_area="by_area" in form,
        )

    @classmethod
    def of(cls, name: str, options: Options) -> Form:
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
        )

    def options(self, files: Sequence[File]) -> Options:
        """Return what the fields mean; faults go into ``errors``."""
        return Options(
            limit_m=self._limit_m(),
            tz=self._zone(),
            datum=self._datum([file.name for file in files]),
            by_area=self.by_area,
        )

    def _limit_m(self) -> float:
        text = self.own_limit if self.limit == OWN else self.limit
        try:
            limit_m = float(text.replace("，", "").replace(",", ""))
        except ValueError:
            limit_m = 0.0
        if not LEAST_M <= limit_m <= MOST_M:
            self.errors["limit"] = gettext(
                "写 %(least)s 到 %(most)s 之间的一个数，单位是米。", least=LEAST_M, most=MOST_M
            )
        return limit_m

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


def find_file_fault(files: Sequence[File]) -> tuple[str, str]:
    """Return the word of what is wrong with the uploaded files at first sight, and which one."""
    if not files:
        return "no_file", ""
    for file in files:
        if not _is_known(file.name):
            return "format", file.name
        if file.size_bytes == 0:
            return "empty", file.name
    return "", ""


def _is_known(name: str) -> bool:
    pure = PurePosixPath(name.lower())
    if pure.suffix == _PACKED[0]:
        pure = PurePosixPath(pure.stem)
    return pure.suffix in KINDS or pure.suffix == _PACKED[1]
