"""Open checks as the list shows them: a line each, with what workers and staff said."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from geo.stations.doubts import ALIKE
from geo.stations.evidence import LOCKED
from geo.store.check_acts import ANSWERED
from webmap.locks import LOOKBACK, judge_stations
from webmap.moments import say_ago
from webmap.staff.check_words import ENDS, say_act, say_reason, say_since, say_told

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from geo.stations.evidence import Lock, Report
    from geo.store import Store
    from geo.store.checks import Check
    from webmap.roles import Account
    from webmap.served import Served
    from webmap.staff.check_list import Rows

_MIN_PER_H = 60


class Known(NamedTuple):
    """What lines are written from, beside the checks."""

    rows: Rows  # the stations
    own: frozenset[str]  # codes of those that the visitor may change
    served: Served
    at: dt.datetime


class Line(NamedTuple):
    """One open check, ready to be written."""

    id: str
    code: str
    name: str
    place: str
    what: str  # why it was opened
    since: str  # how long ago
    served_h: float  # worker-hours that its station serves in the run; 0: not known
    said: list[str]  # what workers said, and how many
    answers: list[str]  # what staff saw there
    other: str  # code of the station that it may be the same as
    taken_by: str
    taken: str  # how long ago
    is_locked: bool  # the public sees it as reported_locked now
    has_run_out: bool  # it did, until 72 h passed without another word
    may_act: bool
    is_mine: bool
    ends: list[tuple[str, str]]  # outcome and its button


def say_checks(store: Store, shown: Sequence[Check], known: Known, who: Account) -> list[Line]:
    """Put checks into words, for one account."""
    codes = sorted({check.code for check in shown})
    locks = judge_stations(store, codes, known.at) if codes else {}
    told: defaultdict[str, list[Report]] = defaultdict(list)
    if shown:
        first = min(min(check.opened_at, check.told_at) for check in shown)
        for report in store.reports_since(first - LOOKBACK, codes):
            told[report.code].append(report)
    answers = _answers(store, shown, known.at)
    lines = [_line(check, known, told[check.code], locks.get(check.code)) for check in shown]
    return [
        line._replace(
            answers=answers[line.id],
            may_act=line.code in known.own and who.may("editor"),
            is_mine=line.taken_by == who.name,
        )
        for line in lines
    ]


def name_of(code: str, rows: Rows) -> str:
    """Return the name of a station, its code where it is gone."""
    return str(rows[code]["name"]) if code in rows else code


def _line(check: Check, known: Known, told: Sequence[Report], lock: Lock | None) -> Line:
    row = known.rows.get(check.code, {"address": "", "subdistrict": ""})
    is_of_lock = check.reason == LOCKED and lock is not None
    is_of_two = check.reason == ALIKE and check.amenity in known.rows
    return Line(
        id=check.id,
        code=check.code,
        name=name_of(check.code, known.rows),
        place=row["address"] or row["subdistrict"],
        what=say_reason(check, name_of(check.amenity, known.rows)),
        since=say_since(check, known.at),
        served_h=known.served.of(check.code) / _MIN_PER_H,
        said=say_told(check, told, known.at),
        answers=[],
        other=check.amenity if is_of_two else "",
        taken_by=check.taken_by,
        taken=say_ago(check.taken_at, known.at) if check.taken_at else "",
        is_locked=is_of_lock and lock is not None and lock.is_locked,
        has_run_out=is_of_lock and lock is not None and lock.needs_check,
        may_act=False,
        is_mine=False,
        ends=[(outcome, str(word)) for outcome, word in ENDS[check.reason].items()],
    )


def _answers(store: Store, shown: Sequence[Check], at: dt.datetime) -> defaultdict[str, list[str]]:
    """Return by check what staff saw, in words, in the order in which they did."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for id_, acts in store.check_acts([check.id for check in shown]).items():
        found[id_] = [say_act(act, at) for act in acts if act.kind == ANSWERED]
    return found
