"""What the finder is asked for beside a place: needs, kinds, open, 24 h, on foot or by bike, when.

All of it stands in the address under the names of the API, ``need`` and ``kind`` repeated. Words
that mean nothing are passed over: an address that somebody kept must still open the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from flask_babel import gettext

from geo.hours import Timetable, is_always_open
from geo.nearest.arrival import wall_time
from geo.nearest.needs import NO_PHONE, unknown_needs
from geo.nearest.question import Question
from geo.vocab import load_vocab
from webmap.api.parse import BadParameterError, read_flag, read_moment
from webmap.cards import Fact
from webmap.locks import locked_codes
from webmap.words import say_word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from geo.nearest.question import Mode
    from webmap.api.parse import Query

_FIRST: Final = ("drinking_water", "microwave", "toilet", "phone_charging")
_MORE: Final = ("air_con", "heating", "hot_water", "ebike_charging", "seat", "first_aid")
_WITH_ICON: Final = frozenset({*_FIRST, *_MORE}) - {"hot_water"}
_OF_NEEDS: Final = (
    "amenities", "amenity_hours", "entry_mode", "self_entry_mode", "needs_phone", "hours",
    "self_hours",
)  # fmt: skip


class Filters(NamedTuple):
    """What is asked for; the empty ones ask for nothing."""

    needs: tuple[str, ...] = ()  # amenity codes
    no_phone: bool = False
    is_open: bool = False  # can be entered on arrival
    is_always: bool = False  # 24 hours on every day
    kinds: tuple[str, ...] = ()
    mode: Mode = "walk"
    at: dt.datetime | None = None  # aware, a whole minute; None: now

    @property
    def narrows(self) -> bool:
        """Whether any station may be left out."""
        return bool(self.needs or self.kinds) or self.no_phone or self.is_open or self.is_always

    def unverified(self, row: Mapping[str, str], at: dt.datetime) -> tuple[str, ...] | None:
        """Return the needs of which nobody knows at a station; None if it fails one."""
        return unknown_needs(row, self.needs, no_phone=self.no_phone, at=wall_time(at))

    def question(self, lon: float, lat: float, at: dt.datetime, *, limit: int) -> Question:
        """Return the question of a worker at a position, with what workers report."""
        return Question(
            lon, lat, at, limit, self.mode, self.needs, self.no_phone, self.kinds, self.is_open,
            self.is_always, locked_codes(at),
        )  # fmt: skip


class Chip(NamedTuple):
    """One box of the form: name and value as in the address, and whether it is ticked."""

    name: str
    value: str
    fact: Fact
    chosen: bool


class Chips(NamedTuple):
    """The boxes: those always seen, with all that are ticked, and the others."""

    first: tuple[Chip, ...]
    more: tuple[Chip, ...]
    kinds: tuple[Chip, ...]

    @property
    def chosen(self) -> list[str]:
        """The words of the ticked ones."""
        return [chip.fact.word for chip in self.first if chip.chosen]


def read_filters(query: Query) -> Filters:
    """Return what an address asks for; ``need=no_phone`` of earlier addresses is understood."""
    words = _words(query, "need")
    return Filters(
        needs=tuple(word for word in words if word in load_vocab("amenity")),
        no_phone=NO_PHONE in words or _flag(query, NO_PHONE),
        is_open=_flag(query, "open"),
        is_always=_flag(query, "always"),
        kinds=tuple(word for word in _words(query, "kind") if word in load_vocab("kind")),
        mode="ride" if query.get("mode") == "ride" else "walk",
        at=_moment(query),
    )


def meeting(
    rows: pd.DataFrame, filters: Filters, at: dt.datetime, is_open: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return the rows that are what is asked for, or of which nobody knows it.

    Parameters
    ----------
    rows : DataFrame, n rows
        Of a `Layer`.
    filters : Filters
        What is asked for.
    at : datetime
        Aware; the moment for which needs are judged.
    is_open : ndarray of bool
        By the numbers in the index of ``rows``: which can be entered at that moment.
    """
    if filters.kinds:
        rows = rows[rows["kind"].isin(filters.kinds)]
    if filters.is_open:
        rows = rows[is_open[rows.index]]
    if filters.is_always:
        rows = rows[
            _each(rows, ("hours", "self_hours"), lambda row: is_always_open(Timetable.of(row)))
        ]
    if filters.needs or filters.no_phone:
        rows = rows[_each(rows, _OF_NEEDS, lambda row: filters.unverified(row, at) is not None)]
    return rows


def unverified_rows(rows: pd.DataFrame, filters: Filters, at: dt.datetime) -> NDArray[np.bool_]:
    """Return of which rows nobody knows whether they meet the needs, shape (n,)."""
    if not filters.needs and not filters.no_phone:
        return np.zeros(len(rows), dtype=bool)
    return _each(rows, _OF_NEEDS, lambda row: bool(filters.unverified(row, at)))


def make_chips(filters: Filters) -> Chips:
    """Return the boxes of the form; a need that only the address names has one as well."""
    first = (
        Chip("open", "1", Fact("", _say_open(filters)), filters.is_open),
        Chip("no_phone", "1", Fact("f-no_phone", gettext("不用手机")), filters.no_phone),
        Chip("always", "1", Fact("", gettext("24 小时")), filters.is_always),
        *(_need_chip(need, filters) for need in _FIRST),
    )
    named = (need for need in filters.needs if need not in _FIRST)
    more = [_need_chip(need, filters) for need in dict.fromkeys([*_MORE, *named])]
    kinds = [
        Chip("kind", kind, Fact(f"i-{kind}", say_word("kind", kind)), kind in filters.kinds)
        for kind in load_vocab("kind")
    ]
    ticked = (chip for chip in (*more, *kinds) if chip.chosen)
    return Chips(
        first=(*first, *ticked),
        more=tuple(chip for chip in more if not chip.chosen),
        kinds=tuple(chip for chip in kinds if not chip.chosen),
    )


def _say_open(filters: Filters) -> str:
    return gettext("那时开着") if filters.at else gettext("现在开着")


def _need_chip(need: str, filters: Filters) -> Chip:
    icon = f"f-{need}" if need in _WITH_ICON else ""
    word = gettext("热饭") if need == "microwave" else say_word("amenity", need)
    return Chip("need", need, Fact(icon, word), need in filters.needs)


def _each(
    rows: pd.DataFrame, columns: Sequence[str], holds: Callable[[Mapping[str, str]], bool]
) -> NDArray[np.bool_]:
    """Return for which rows something holds, asked once for rows that are alike."""
    known: dict[tuple[Any, ...], bool] = {}
    found = np.zeros(len(rows), dtype=bool)
    for place, cells in enumerate(zip(*(rows[name] for name in columns), strict=True)):
        if cells not in known:
            known[cells] = holds(dict(zip(columns, cells, strict=True)))
        found[place] = known[cells]
    return found


def _words(query: Query, name: str) -> tuple[str, ...]:
    """Return the words of a parameter that may be repeated or hold commas, each once."""
    return tuple(dict.fromkeys(",".join(query.getlist(name)).split(",")))


def _flag(query: Query, name: str) -> bool:
    try:
        return read_flag(query, name)
    except BadParameterError:
        return False


def _moment(query: Query) -> dt.datetime | None:
    try:
        moment = read_moment(query, "at")
    except BadParameterError:
        return None
    return moment.replace(second=0, microsecond=0) if moment else None
