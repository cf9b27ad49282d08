"""The page of one station: can I get in, the way there, hours, entry, what is there."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from flask import Response, abort, current_app, render_template, request
from flask_babel import gettext

from geo.hours import Timetable
from geo.nearest.arrival import wall_time
from geo.nearest.needs import amenity_hours, amenity_states
from geo.stations.schema import PUBLIC_NAMES
from geo.stations.status import is_in_use, reopens_at
from geo.vocab import load_vocab
from webmap.cards import listed_card
from webmap.entry import say_entry
from webmap.layer import SHOWN
from webmap.maps import compose
from webmap.moments import now, say_date
from webmap.public.base import blueprint, kept_page, way_texts
from webmap.public.handover import hand_over
from webmap.public.photos import shown_photos
from webmap.public.start import read_start
from webmap.week import make_week
from webmap.words import Hours, say_osm, say_word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from geo.nearest.question import Mode
    from webmap.stores import Stores
    from webmap.week import Week

_NUMBER: Final = re.compile(r"\+?\d[\d ()（）-]{3,}\d|\d{5}")  # what stands between is no pause
_LONGEST_NUMBER: Final = 12  # digits: 0371 6512 0000
_LONGEST_ABROAD: Final = 14  # signs, with the country: +86 139 1234 5678


class Item(NamedTuple):
    """One amenity: its word, and its state (yes, no, broken, empty)."""

    word: str
    state: str
    state_word: str
    hours: Hours | None  # its own, where they differ from the station's


@blueprint.get("/s/<path:code>")
def station(code: str) -> Response:
    """Show one station; a closed one as well, and it says so."""
    stores: Stores = current_app.extensions["stores"]
    shown = stores.shown()
    found = shown.read_stations(codes=[code], columns=PUBLIC_NAMES)
    if found.empty:
        abort(404)
    row = cast("dict[str, Any]", found.iloc[0].to_dict())
    card, end = listed_card(row, now()), _reopens_at(row)
    mode: Mode = "ride" if request.args.get("mode") == "ride" else "walk"
    return kept_page(
        render_template(
            "station.html",
            station=row,
            card=card,
            is_listed=row["status"] in SHOWN,
            until=say_date(wall_time(end).date()) if end else "",
            week=_week(row, end),
            entry=say_entry(row),
            facts=_about(row),
            groups=_amenities(row),
            unknown=_unknown(row["amenities"]),
            mode=mode,
            start=read_start(request.args, card.lon, card.lat, mode),
            handed=hand_over(card.name, card.lon, card.lat, agent=request.user_agent.string),
            phone=_dialled(row["phone_public"]),
            photos=shown_photos(shown, row["code"]),
            parts=compose("station"),
            is_demo=shown.is_demo,
            texts=_texts(),
        )
    )


def _reopens_at(row: Mapping[str, str]) -> dt.datetime | None:
    """Return when a temporary closure will end; None if it is none, or nobody said."""
    end = reopens_at(row["status"], row["status_until"])
    return end if end and end > now() else None


def _dialled(phone: str) -> str:
    """Return the first number of a text as a telephone dials it; "" where there is none."""
    found = _NUMBER.search(phone)
    parts = [re.sub(r"[^\d+]", "", part) for part in found[0].split()] if found else []
    most = _LONGEST_ABROAD if parts and parts[0].startswith(("+", "00")) else _LONGEST_NUMBER
    dialled = ""
    for part in parts:
        if dialled and len(dialled) + len(part) > most:
            break  # another number begins
        dialled += part
    return dialled


def _week(row: Mapping[str, str], end: dt.datetime | None) -> Week | None:
    """Return the coming week, shut until a closure ends; None where nothing is known of it."""
    if end is None and not is_in_use(row, now()):
        return None
    week = make_week(Timetable.of(row), wall_time(now()), closed_until=end and wall_time(end))
    return None if week.is_unknown else week


def _about(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return name and text of the other things known of the place."""
    area, seats = row["area_m2"], row["capacity"]
    said = [
        (gettext("在哪里"), say_word("host", row["host"])),
        (gettext("楼层"), row["floor"]),
        (gettext("面积"), gettext("%(area)s 平方米", area=f"{area:g}") if area == area else ""),  # noqa: PLR0124 - NaN: not known
        (gettext("坐得下"), gettext("%(seats)s 人", seats=seats) if isinstance(seats, int) else ""),
        (gettext("接待谁"), "、".join(part for part in row["audience"].split(";") if part)),
        (gettext("别的名字"), "、".join(part for part in row["aliases"].split(";") if part)),
    ]
    return [(name, text) for name, text in said if text]


def _amenities(row: Mapping[str, str]) -> list[tuple[str, list[Item]]]:
    """Return what somebody has looked at, by group in the order of the vocabulary."""
    states, own = amenity_states(row["amenities"]), amenity_hours(row["amenity_hours"])
    words = {"no": gettext("没有"), "broken": gettext("坏了"), "empty": gettext("用完了")}
    known = [word for code, word in load_vocab("amenity").items() if code in states]
    groups = []
    for group, members in groupby(known, key=lambda word: word.group):
        items = [
            Item(
                say_word("amenity", word.code),
                state,
                words.get(state, ""),
                say_osm(own[word.code]) if state == "yes" and word.code in own else None,
            )
            for word in members
            for state in [states[word.code]]
        ]
        groups.append((say_word("amenity_group", group), items))
    return groups


def _unknown(cell: str) -> list[str]:
    """Return the words of the commonest amenities that nobody has looked at."""
    states = amenity_states(cell)
    asked = ("drinking_water", "microwave", "toilet", "phone_charging", "air_con", "heating")
    return [say_word("amenity", code) for code in asked if code not in states]


def _texts() -> dict[str, Any]:
    """Return what the page's script may have to say."""
    return {
        "asking": gettext("正在看你在哪里……"),
        "refused": gettext("手机没让用位置。打个地名，或者在地图上点一下你在的地方。"),
        "unavailable": gettext("没找到你的位置。打个地名，或者在地图上点一下你在的地方。"),
        "insecure": gettext(
            "这个网址不是 https 开头，手机不给位置。打个地名，或者在地图上点一下你在的地方。"
        ),
        "rough": gettext("位置可能差 {length}"),
        "linesRough": gettext("位置差得远，路线不一定对。打个地名，或者在地图上点一下你在的地方。"),
        "linesAnyway": gettext("还是看路线"),
        "here": gettext("从你现在的位置算"),
        "there": gettext("从你在地图上点的地方算"),
        "place": gettext("从你选的地方算"),
        "failed": gettext("没连上，再试一次。"),
        "copied": gettext("已复制"),
        "notCopied": gettext("没复制成，长按选中再复制"),
        **way_texts(),
    }
