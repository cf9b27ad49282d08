"""Which checks a visitor sees, and in which order: theirs, their area's, all; the urgent first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from geo.stations.urgency import grade_of, order_checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo.store import Store
    from geo.store.checks import Check
    from webmap.served import Served
    from webmap.staff.territory import Territory

    Rows = Mapping[str, Mapping[str, Any]]  # stations by code

MINE, AREA, ALL = "mine", "area", "all"  # who
ABOUT: Final = ("told", "record", "age")  # in the order of ``geo.stations.doubts.GRADES``
_READ: Final = ("name", "address", "district", "subdistrict")
_DAY: Final = dt.timedelta(days=1)


class Wish(NamedTuple):
    """What a visitor wants to see."""

    who: str = ALL  # MINE: taken by them | AREA: of the stations they may change | ALL
    about: str = ""  # one of ABOUT, "" = everything


class Found(NamedTuple):
    """The checks of a wish, and how many each other wish would show."""

    checks: list[Check]  # the most urgent first
    by_who: Mapping[str, int]  # whatever they are about
    by_about: Mapping[str, int]  # of those of the wish's ``who``; "" = all of them


def choose(
    checks: Sequence[Check],
    wish: Wish,
    *,
    name: str,
    own: frozenset[str],
    served: Served,
    at: dt.datetime,
) -> Found:
    """Return the checks that a visitor wants to see, the most urgent first.

    Parameters
    ----------
    checks : sequence of Check
        All that are open.
    wish : Wish
        An ``about`` that is none of ABOUT is no wish.
    name : str
        The visitor's account.
    own : frozenset of str
        Codes of the stations they may change.
    served : Served
        What stations serve.
    at : datetime, aware
        The moment at which waiting is measured.
    """
    sets = {
        MINE: [check for check in checks if check.taken_by == name],
        AREA: [check for check in checks if check.code in own],
        ALL: list(checks),
    }
    of_who = sets.get(wish.who, sets[ALL])
    by_about = Counter(ABOUT[grade_of(check.reason)] for check in of_who)
    if wish.about in ABOUT:
        shown = [check for check in of_who if ABOUT[grade_of(check.reason)] == wish.about]
    else:
        shown = of_who
    order = order_checks(
        [check.reason for check in shown],
        [(at - check.opened_at) / _DAY for check in shown],
        [served.of(check.code) for check in shown],
        usual_min=served.usual_min,
    )
    return Found(
        [shown[place] for place in order.tolist()],
        {who: len(found) for who, found in sets.items()},
        by_about | {"": len(of_who)},
    )


def stations_of(store: Store, codes: Iterable[str]) -> Rows:
    """Return name, place and position of stations by code; one that is gone is left out."""
    rows = store.read_stations(codes=set(codes), columns=_READ).drop(columns="geometry")
    return {row["code"]: row for row in cast("list[dict[str, Any]]", rows.to_dict("records"))}


def own_codes(territory: Territory, rows: Rows) -> frozenset[str]:
    """Return the codes of stations that lie in a territory."""
    return frozenset(code for code, row in rows.items() if holds(territory, row))


def holds(territory: Territory, row: Mapping[str, Any]) -> bool:
    """Return whether a station lies in a territory."""
    return territory.holds(row["lon"], row["lat"], (row["district"], row["subdistrict"]))
