"""The page of one station: can I get in, the way there, hours, entry, what is there."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from flask import Response, abort, current_app, render_template, url_for
from flask_babel import gettext

from geo.nearest.needs import phone_needed
from geo.stations.cells import parse_cell
from geo.stations.schema import FIELD_BY_NAME, PUBLIC_NAMES
from geo.vocab import load_vocab
from webmap.cards import listed_card
from webmap.layer import SHOWN
from webmap.maps import compose
from webmap.moments import now, say_date
from webmap.public.base import blueprint, kept_page
from webmap.words import say_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from webmap.stores import Stores

_BROKEN: Final = ("broken", "empty")


class Item(NamedTuple):
    """One amenity: its icon's name, its word, and its state (yes, no, broken, empty, unknown)."""

    code: str
    word: str
    state: str
    state_word: str


@blueprint.get("/s/<path:code>")
def station(code: str) -> Response:
    """Show one station; a closed one as well, and it says so."""
    stores: Stores = current_app.extensions["stores"]
    shown = stores.shown()
    found = shown.read_stations(codes=[code], columns=PUBLIC_NAMES)
    if found.empty:
        abort(404)
    row = cast("dict[str, Any]", found.iloc[0].to_dict())
    card = listed_card(row, now())
    return kept_page(
        render_template(
            "station.html",
            station=row,
            card=card,
            is_listed=row["status"] in SHOWN,
            until=_until(row["status_until"]),
            entry=_entry(row),
            night_entry=_words("entry_mode", row["self_entry_mode"]),
            facts=_about(row),
            groups=_amenities(row["amenities"]),
            unknown=_unknown(row["amenities"]),
            parts=compose("station"),
            is_demo=shown.is_demo,
            texts=_texts(),
        )
    )


def _until(moment: str) -> str:
    """Return the day on which a temporary closure ends; "" where nobody said."""
    return say_date(dt.datetime.fromisoformat(moment).date()) if moment else ""


def _words(vocab: str, cell: str) -> list[str]:
    """Return the words of a list of codes."""
    return [word for code in cell.split(";") if (word := say_word(vocab, code))]


def _entry(row: Mapping[str, str]) -> list[str]:
    """Return how one gets in, and what one needs for it."""
    phone = {"yes": gettext("要用手机"), "no": gettext("不用手机")}
    paper = {"yes": gettext("第一次要登记"), "no": gettext("不用登记")}
    said = [
        *_words("entry_mode", row["entry_mode"]),
        phone.get(phone_needed(row), ""),
        paper.get(row["needs_registration"], ""),
        say_word("dignity", row["dignity"]),
    ]
    return [word for word in said if word]


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


def _amenities(cell: str) -> list[tuple[str, list[Item]]]:
    """Return what somebody has looked at, by group in the order of the vocabulary."""
    has = parse_cell(FIELD_BY_NAME["amenities"], cell)
    states = has if isinstance(has, dict) else {}
    words = {"no": gettext("没有"), "broken": gettext("坏了"), "empty": gettext("用完了")}
    known = [word for code, word in load_vocab("amenity").items() if code in states]
    groups = []
    for group, members in groupby(known, key=lambda word: word.group):
        items = [
            Item(word.code, say_word("amenity", word.code), state, words.get(state, ""))
            for word in members
            for state in [str(states[word.code])]
        ]
        groups.append((say_word("amenity_group", group), items))
    return groups


def _unknown(cell: str) -> list[str]:
    """Return the words of the commonest amenities that nobody has looked at."""
    has = parse_cell(FIELD_BY_NAME["amenities"], cell)
    states = has if isinstance(has, dict) else {}
    asked = ("drinking_water", "microwave", "toilet", "phone_charging", "air_con", "heating")
    return [say_word("amenity", code) for code in asked if code not in states]


def _texts() -> dict[str, str]:
    """Return what the page's script may have to say."""
    return {
        "asking": gettext("正在看你在哪里……"),
        "refused": gettext("手机没让用位置，画不出路线。"),
        "unavailable": gettext("没找到你的位置，画不出路线。"),
        "insecure": gettext("这个网址不是 https 开头，手机不给位置，画不出路线。"),
        "failed": gettext("没连上，再试一次。"),
        "noway": gettext("没找到走过去的路。"),
        "wayAddress": url_for("api.way"),
        "way": gettext("步行 {minutes} 分钟，{metres} 米"),
    }
