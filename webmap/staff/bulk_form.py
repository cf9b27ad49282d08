"""What the form of a bulk edit says: one change for many stations, or a fault at its field."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext

from geo.stations.bulk import BulkChange
from geo.stations.cells import canonical_cell
from geo.stations.dated import OFF, DatedHours, plain_times
from geo.stations.schema import FIELD_BY_NAME
from geo.stations.spoken import fault_of, is_meant_as_osm, read_words
from geo.stations.status import PAUSED
from geo.zones import LOCAL_ZONE
from webmap.forms.hours import say_osm, say_osm_fault, say_unread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from webmap.forms.faults import Faults

STATUSES: Final = ("open", PAUSED, "built_not_open", "planned", "closed")
NAMES: Final = ("hours", "first", "last", "day_hours", "with_self", "status", "until", "note")
_NEEDS_REASON: Final = "closed"
_LONGEST_DAYS: Final = 366
_LONGEST_NOTE: Final = 500  # characters


@dataclass
class Asked:
    """What was asked for; with faults there is nothing to do."""

    change: BulkChange
    note: str
    faults: Faults = field(default_factory=dict)
    told: list[str] = field(default_factory=list)  # how what was typed is read


def read_change(typed: Mapping[str, str], now: dt.datetime) -> Asked:
    """Return the change that a form asks for.

    Parameters
    ----------
    typed : mapping of str to str
        The fields `NAMES`; one that lacks is empty.
    now : datetime, aware
        What is over by then is refused.
    """
    texts = {name: typed.get(name, "").strip() for name in NAMES}
    faults: Faults = {}
    told: list[str] = []
    hours, words = _regular(texts["hours"], faults, told)
    exception = _exception(texts, now.astimezone(ZoneInfo(LOCAL_ZONE)).date(), faults, told)
    status, until = _status(texts, now, faults)
    change = BulkChange(
        hours=hours,
        hours_text=words,
        exception=exception,
        with_self=bool(texts["with_self"]),
        status=status,
        status_until=until,
    )
    if not change.fields and not faults:
        faults["hours"] = [gettext("还没有填要改什么。开放时间、特别的日子、状态，至少填一样。")]
    note = " ".join(texts["note"].split())[:_LONGEST_NOTE]
    return Asked(change, note, faults, told)


def _regular(text: str, faults: Faults, told: list[str]) -> tuple[str | None, str | None]:
    """Return new regular hours as OSM text and in words; None, None without any."""
    if not text:
        return None, None
    osm, words = _read_hours("hours", text, faults)
    if osm:
        told.append(gettext("开放时间读成：%(said)s。", said=say_osm(osm)))
    return osm, words


def _read_hours(name: str, text: str, faults: Faults) -> tuple[str, str]:
    """Return hours that were typed as OSM text or in words, and the words; "" with a fault."""
    if fault_of("hours", text) is None:
        return canonical_cell(FIELD_BY_NAME["hours"], text), ""
    if is_meant_as_osm(text):
        faults[name] = [say_osm_fault(text)]
        return "", ""
    reading = read_words(text)
    if reading.status != "ok":
        faults[name] = [say_unread(reading)]
        return "", ""
    return reading.osm, text


def _exception(
    texts: Mapping[str, str], today: dt.date, faults: Faults, told: list[str]
) -> DatedHours | None:
    """Return the exception that was typed; None without, or with a fault."""
    if not texts["first"] and not texts["last"]:
        if texts["day_hours"]:
            faults["first"] = [gettext("写上是哪几天。")]
        return None
    days = [_day(texts[name] or texts["first"]) for name in ("first", "last")]
    first, last = days
    if first is None or last is None:
        name = "first" if first is None else "last"
        faults[name] = [gettext("日期写成 2027-02-05 这样。")]
        return None
    if last < first:
        faults["last"] = [gettext("最后一天在第一天前面，是不是写反了？")]
    elif last < today:
        faults["last"] = [gettext("这几天已经过去了。")]
    elif (last - first).days > _LONGEST_DAYS:
        faults["last"] = [gettext("最多一年。长期这样的，直接换开放时间。")]
    times = _times(texts["day_hours"], faults)
    if faults or not times:
        return None
    said = gettext("休息") if times == OFF else times.replace(",", "、")
    told.append(gettext("%(first)s 到 %(last)s：%(said)s。", first=first, last=last, said=said))
    return DatedHours(first, last, times)


def _times(text: str, faults: Faults) -> str:
    """Return the hours of the exception's days, ``off`` without any; "" with a fault."""
    if not text:
        return OFF
    osm, _ = _read_hours("day_hours", text, faults)
    if osm and not (times := plain_times(osm)):
        faults["day_hours"] = [gettext("这里只写几点到几点，比如 10:00-16:00；那几天都一样。")]
    return times if osm else ""


def _status(texts: Mapping[str, str], now: dt.datetime, faults: Faults) -> tuple[str, str]:
    """Return the new status and its end; "" where none is asked for."""
    status, until = texts["status"], texts["until"]
    if status and status not in STATUSES:
        faults["status"] = [gettext("没有这样的状态。")]
    if status == _NEEDS_REASON and not texts["note"]:
        faults["note"] = [gettext("写一下为什么关。")]
    if until and status != PAUSED:
        faults["until"] = [gettext("只有“暂停开放”要填停到什么时候。")]
    moment = _moment(until) if until and not faults.get("until") else None
    if until and moment is None and not faults.get("until"):
        faults["until"] = [gettext("写成 2027-02-13 08:00 这样。")]
    elif moment and moment <= now:
        faults["until"] = [gettext("这个时候已经过去了。")]
    return status, moment.isoformat() if moment and "until" not in faults else ""


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> dt.datetime | None:
    """Return a moment on the stations' clock; None of what is none."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(LOCAL_ZONE))
    except ValueError:
        return None
