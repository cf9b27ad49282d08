"""The list of a neighbourhood's stations, for a wall or a pocket: a page to print and a PDF."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from flask import Response, abort, current_app, render_template, request, url_for
from flask_babel import gettext

from geo.nearest.arrival import wall_time
from geo.stations.schema import PUBLIC_NAMES
from webmap.moments import now
from webmap.preferences import chosen, language
from webmap.printed.base import blueprint, files, leads_nowhere, pdf_answer
from webmap.printed.list_pdf import write_list
from webmap.printed.said import Station, say_all, say_day, say_station, say_way
from webmap.printed.square_code import make_square_code
from webmap.public.areas import have_opened, in_area
from webmap.public.base import kept_page, layer

if TYPE_CHECKING:
    import pandas as pd

    from webmap.layer import Layer
    from webmap.pages import Pages
    from webmap.stores import Stores

MOST_STATIONS: Final = 300  # on one list; some 30 pages
MOST_CHOICES: Final = 400  # areas on one page; of more, a district is chosen first


class AreaList(NamedTuple):
    """All that a list shows."""

    name: str  # of the area
    is_named: bool  # False: its stations name no area
    stations: tuple[Station, ...]
    left_out: int  # beyond `MOST_STATIONS`
    link: str  # of the same area in the finder
    dated: str  # the day of the last change of the data
    is_demo: bool
    lang: str


class Choice(NamedTuple):
    """An area, or a district of many, to choose."""

    address: str
    district: str
    name: str
    stations: int
    is_named: bool  # False: its stations name no subdistrict


@blueprint.get("/print")
def area_page() -> Response:
    """Show the list of an area, ready to be printed; without one, the areas to choose from."""
    if "area" not in request.args:
        stations, district = layer(), request.args.get("district")
        if district is not None and district not in set(_printed(stations.rows)["district"]):
            abort(404)  # nor is a page kept of each word that somebody thinks of
        pages: Pages = current_app.extensions["pages"]
        key = ("print", district, language(), chosen("type"), stations.key)
        return kept_page(pages.get(key, lambda: _write_choices(stations, district)))
    listed = _list_of(request.args["area"])
    return kept_page(
        render_template(
            "printed/list.html",
            listed=listed,
            area=request.args["area"],
            code=make_square_code(listed.link),
            is_demo=listed.is_demo,
            say_all=say_all,
            say_way=say_way,
            is_own_machine=leads_nowhere(listed.link),
        )
    )


@blueprint.get("/print.pdf")
def area_pdf() -> Response:
    """Return the list of an area as a PDF."""
    listed = _list_of(request.args.get("area", ""))
    content = files.get(listed, lambda: write_list(listed))
    return pdf_answer(content, gettext("%(area)s驿站", area=listed.name))


def _list_of(area: str) -> AreaList:
    """Return what the list of an area shows; there is none of an area without stations."""
    stations = layer()
    rows = _printed(in_area(stations.rows, area)) if area else stations.rows.iloc[:0]
    if rows.empty:
        abort(404)
    stores: Stores = current_app.extensions["stores"]
    store, codes = stores.shown(), rows["code"].tolist()[:MOST_STATIONS]
    found = store.read_stations(codes=codes, columns=PUBLIC_NAMES).drop(columns="geometry")
    cells = cast("list[dict[str, Any]]", found.to_dict(orient="records"))
    by_code = {row["code"]: row for row in cells}
    at, changed = now(), store.last_change()
    first = rows.iloc[0]
    return AreaList(
        name=first["subdistrict"] or first["district"] or gettext("没写街道的驿站"),
        is_named=bool(first["subdistrict"] or first["district"]),
        stations=tuple(say_station(by_code[code], at) for code in codes if code in by_code),
        left_out=len(rows) - len(codes),
        link=url_for("public.finder", area=area, _external=True),
        dated=say_day(wall_time(changed).date()) if changed else "",
        is_demo=store.is_demo,
        lang=language(),
    )


def _printed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[have_opened(rows)]  # the others are of no use on a wall


def _write_choices(stations: Layer, district: str | None) -> str:
    """Write the page of the areas: of all, or, where those are too many, of one district."""
    rows = _printed(stations.rows)
    if district is not None:
        rows = rows[rows["district"] == district]
    areas = _areas(rows)
    is_all = district is None and len(areas) > MOST_CHOICES
    return render_template(
        "printed/areas.html",
        choices=_districts(rows) if is_all else areas,
        is_demo=stations.is_demo,
    )


def _areas(rows: pd.DataFrame) -> list[Choice]:
    """Return the areas that have a list, as a dictionary orders them."""
    counts = Counter(zip(rows["district"], rows["subdistrict"], strict=True))
    return [
        Choice(
            url_for("printed.area_page", area=f"{district}/{name}"),
            district,
            name or gettext("没写街道的驿站"),
            number,
            bool(name),
        )
        for (district, name), number in sorted(counts.items(), key=_place)
    ]


def _districts(rows: pd.DataFrame) -> list[Choice]:
    """Return the districts, in the same order."""
    counts = Counter((district, "") for district in rows["district"])
    return [
        Choice(
            url_for("printed.area_page", district=district),
            "",
            district or gettext("没写区县的驿站"),
            number,
            bool(district),
        )
        for (district, _), number in sorted(counts.items(), key=_place)
    ]


def _place(choice: tuple[tuple[str, str], int]) -> tuple[bytes | bool, ...]:
    """Return what sorts an area: those without a name last, others as a dictionary has them."""
    (district, name), _ = choice
    texts = [text.encode("gb18030", "replace") for text in (district, name)]
    return (not district, texts[0], not name, texts[1])
