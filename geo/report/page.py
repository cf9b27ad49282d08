"""report.html: the report as one page that opens from disk, without any other file or address."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from geo.coverage.classes import CLASS_NAMES
from geo.report import say
from geo.report.colours import CAUSE_ORDER, LINE_STYLES, SHADES
from geo.report.embed import MapFrame, data_address, policy, to_json, to_script, to_style
from geo.report.explain import explain_gaps
from geo.report.figures import points
from geo.report.font import subset_for
from geo.report.map_data import map_data
from geo.report.notes import grave_doubts
from geo.report.opening import say_opening
from geo.report.sections import causes, layers, station_rows, week
from geo.report.words import DAYS, class_words, load_words, page_text, require_language
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment

    from geo.coverage import Coverage
    from geo.network import Network

__all__ = ["MapFrame", "write_page"]

_TEMPLATES: Final = Path(__file__).parent / "template"
_FONTS: Final = (  # those of style.css
    '"PingFang SC","Noto Sans CJK SC","Microsoft YaHei","Nuanyi Sans",sans-serif'
)
_MARKS: Final = {"circle": "rest_station", "square": "union_hub", "triangle": "service_point"}
_SCRIPTS: Final = ("report_map.js", "report.js")
_ORDER: Final = ("covered", *CAUSE_ORDER[:3], "unknown", "off_network")  # of the legend


def write_page(
    result: Coverage,
    path: Path,
    *,
    summary: dict[str, Any],
    network: Network,
    language: str = "zh",
    title: str = "",
    map_frame: MapFrame | None = None,
    stretches: dict[str, Any] | None = None,
    picture: bytes = b"",
    gap_pictures: Mapping[int, bytes] | None = None,
    is_demo: bool = False,
    is_demo_walk: bool = False,
) -> None:
    """Write the report as one HTML file that asks for nothing else.

    Parameters
    ----------
    result : Coverage
        That is reported.
    path : Path
        Replaced if it exists; the same input gives the same bytes.
    summary : dict
        ``result.summary()``.
    network : Network
        That it was measured on: the streets of the map.
    language : {"zh", "en"}
        Of all words but the stored ones.
    title : str
        "" for the usual one.
    map_frame : MapFrame, optional
        An interactive map; without, the page shows ``picture`` on screen too.
    stretches : dict, optional
        As ``stretches.geojson`` has them; without, there is no interactive map.
    picture : bytes
        PNG of the map, from `geo.report.page_map.page_map`, for print.
    gap_pictures : mapping of int to bytes, optional
        PNG by row of ``worst_gaps``, of the first of each place (`worst_places`).
    is_demo : bool
        Whether streets and stations are made up, and the page is to say so.
    is_demo_walk : bool
        Whether the tracks or beats are made up too.
    """
    require_language(language)
    frame = map_frame if stretches is not None else None
    drawn = None if frame is None else map_data(result, network, stretches or {}, language)
    scripts = () if frame is None else frame.scripts
    facts = {
        **_said(summary, language, title),
        **_tables(result, summary, language),
        **_pictures(picture, gap_pictures or {}),
        "has_map": frame is not None,
        "map_html": Markup(frame.html) if frame else "",  # noqa: S704 - without stored text
        "map_notes": _map_notes(stretches, language),
        **_origin(language, is_demo=is_demo, is_demo_walk=is_demo_walk),
        "unknown_more": say.unknown_more(summary["effective"]["unknown_share_time"], language),
        "lang": language,
        "data": to_json({"map": drawn, "words": _script_words(language)}),
        "scripts": [to_script(_plain(text)) for text in (*scripts, *map(_read, _SCRIPTS))]
        if frame
        else [],
    }
    path.write_text(_render(facts, () if frame is None else frame.styles, language), "utf-8")


def _render(facts: dict[str, Any], frame_styles: Sequence[str], lang: str) -> str:
    """Return the page, with the font of its own characters and the policy of its own scripts."""

    def text(key: str, **values: object) -> str:
        return page_text(key, lang, **values)

    template = _environment().get_template("report.html")
    blank = template.render(**facts, t=text, policy="", styles=())
    styles = [to_style(_plain(style)) for style in (*frame_styles, _colours() + _read("style.css"))]
    styles.append(to_style(_margin(facts["stamp"])))
    styles.append(Markup(_font_face(blank)))  # noqa: S704 - base64 of our own font
    rules = policy(facts["scripts"], styles)
    return template.render(**facts, t=text, policy=rules, styles=styles)


def _said(summary: dict[str, Any], lang: str, title: str) -> dict[str, Any]:
    """Return the sentences."""
    said: dict[str, Any] = {
        "title": title or page_text("title", lang),
        "stamp": say.stamp(summary, lang),
        "headline": say.headline(summary, lang),
        "overall": say.overall(summary, lang),
        "base": say.base(summary, lang),
        "warning": " ".join(grave_doubts(summary, lang)),
        "bars": say.bars(summary, lang),
        "bars_note": say.bars_note(summary, lang),
        "judgements": say.judgements(summary),
        "advice_note": say.advice_note(summary, lang),
        "doubts": say.doubts(summary, lang),
        "method": say.method(lang),
        "definitions": say.definitions(lang),
        "options": say.options_said(summary, lang),
        "facts": say.data_said(summary, lang),
    }
    own = ("headline", "overall", "warning", "bars_note")
    return said | {name: said[name].replace(" %", "\u00a0%") for name in own}  # on one line


def _tables(result: Coverage, summary: dict[str, Any], lang: str) -> dict[str, Any]:
    """Return the rows of the tables."""
    stations = {row["code"]: row for row in result.stations.to_dict("records")}
    alone, lost = station_rows(result, lang)
    words, of_classes = class_words(lang), causes(summary, lang)
    present = {one.name for one in of_classes} | {"no_station", "closed"}
    advice = [
        one._asdict() | {"said_hours": say_opening(stations[one.code], lang)}
        for one in say.advice(summary, lang)
        if one.code in stations
    ]
    return {
        "classes": {name: words[name] for name in _ORDER if name in present},
        "week": week(summary, lang),
        "causes": of_classes,
        "gaps": explain_gaps(summary, stations, lang),
        "layers": layers(summary, lang),
        "advice": advice,
        "alone": alone,
        "lost": lost,
    }


def _pictures(picture: bytes, gap_pictures: Mapping[int, bytes]) -> dict[str, Any]:
    """Return the pictures as addresses."""
    small = {row: data_address(content, "image/png") for row, content in gap_pictures.items()}
    return {
        "picture": data_address(picture, "image/png"),
        "picture_size": [int.from_bytes(picture[at : at + 4]) for at in (16, 20)],  # of a PNG
        "gap_pictures": small,
    }


def _origin(lang: str, *, is_demo: bool, is_demo_walk: bool) -> dict[str, str]:
    """Return whose the streets are, and what is made up."""
    if not is_demo:
        return {"credit": page_text("osm_credit", lang), "demo": ""}
    credit = "demo_credit" if is_demo_walk else "demo_ground_credit"
    tag = "demo" if is_demo_walk else "demo_ground"
    return {"credit": page_text(credit, lang), "demo": page_text(tag, lang)}


def _map_notes(stretches: dict[str, Any] | None, lang: str) -> list[str]:
    """Return what the map does not show."""
    kinds = load_vocab("kind")
    names = {mark: getattr(kinds[kind], lang) for mark, kind in _MARKS.items()}
    notes = [page_text("kinds", lang, **names)]
    if stretches is not None and stretches["hidden_min"]:
        notes.append(page_text("hidden_note", lang))
    if stretches is not None and stretches["not_drawn"]:
        notes.append(page_text("not_drawn_note", lang, n=f"{stretches['not_drawn']:,}"))
    return notes


def _script_words(lang: str) -> dict[str, Any]:
    """Return the words that the scripts put into the page, as text."""
    texts = {key: pair[lang] for key, pair in load_words()["page"].items()}
    names = (
        "play", "stop", "all_hours_said", "zoom_in", "zoom_out", "map_label", "map_touch",
        *(key for key in texts if key.startswith("js_")),
    )  # fmt: skip
    return {
        **{name.removeprefix("js_"): texts[name] for name in names},
        "classes": class_words(lang),
        "days": DAYS[lang],
        "joint": page_text("list_joint", lang),
        "lang": lang,
    }


def _colours() -> str:
    """Return the colours of lines and shades as CSS variables, for light and dark."""
    parts = []
    for mode, head in (("light", ""), ("dark", "@media screen and (prefers-color-scheme: dark)")):
        lines = [f"--line-{name}:{getattr(LINE_STYLES[name], mode)}" for name in CLASS_NAMES]
        shades = [f"--g{step}:{colour}" for step, colour in enumerate(SHADES[mode])]
        rule = f":root{{{';'.join(lines + shades)}}}"
        parts.append(f"{head}{{{rule}}}" if head else rule)
    return "\n".join(parts) + "\n"


def _margin(stamp: str) -> str:
    """Return the style that puts the stamp at the foot of every printed page."""
    look = f"font:700 9pt {_FONTS};color:#b42318"
    return f'@media print{{@page{{@bottom-left{{content:"{stamp}";{look}}}}}}}' if stamp else ""


def _font_face(page: str) -> str:
    """Return the style that carries the characters of a page."""
    address = data_address(subset_for(page), "font/woff2")
    return f'@font-face{{font-family:"Nuanyi Sans";src:url({address}) format("woff2")}}'


@cache
def _environment() -> Environment:
    """Return the templates; what is put into them is escaped unless it is marked as ours."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - slow

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["points"] = points
    made.filters["is_chinese"] = _is_chinese
    return made


def _is_chinese(text: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in text)


@cache
def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _plain(text: str) -> str:
    """Return a text with the line ends that a browser makes of them, or its hash would differ."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
