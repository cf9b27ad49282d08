"""report.html: its figures are the summary's, stored text stays text, nothing is asked for."""

import base64
import hashlib
import json
import re
import tempfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from geo.coverage import write_stretches
from geo.coverage.result import worst_lines
from geo.report import explain, say, sections
from geo.report.embed import to_script, to_style
from geo.report.map_data import map_data
from geo.report.page import write_page
from geo.report.streets_ground import UNIT, streets_ground, widened
from geo.report.window import gap_share
from geo.report.words import load_words
from geo.vocab import load_vocab
from tests.networks import random_network
from tests.report import made
from webmap.report_map import report_map

_RUNS: Final = {
    "nasty": made.nasty_run,
    "covered": made.covered_run,
    "bare": made.bare_run,
    "planned": made.planned_run,
}
_ROOT: Final = Path(__file__).parents[2]
_VOID: Final = {"meta", "img", "input", "br", "path", "rect"}
TITLE: Final = "</title><script>alert(1)</script> ${1}"


class Reader(HTMLParser):
    """What a page holds: its elements, the texts between them, its tables, what is left open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.rows: list[list[str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102 - of HTMLParser
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)
        if tag in self.raw:
            self.raw[tag].append("")
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102 - of HTMLParser
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:  # noqa: D102 - of HTMLParser
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:  # noqa: D102 - of HTMLParser
        if self.open and self.open[-1] in self.raw:
            self.raw[self.open[-1]][-1] += data
            return
        self.texts.append(data)
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data

    @property
    def data(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The data of the page's scripts."""
        return json.loads(self.raw["script"][0])


@cache
def page_of(name: str, language: str = "zh", *, with_map: bool = True) -> str:
    """Return the page of one of the made-up runs, without pictures."""
    result, network = _RUNS[name]()
    with tempfile.TemporaryDirectory() as folder:
        lines, path = Path(folder) / "s.geojson", Path(folder) / "report.html"
        write_stretches(result, lines)
        write_page(
            result,
            path,
            summary=result.summary(),
            network=network,
            language=language,
            title=TITLE if name == "nasty" else "",
            map_frame=report_map() if with_map else None,
            stretches=json.loads(lines.read_text("utf-8")) if with_map else None,
        )
        return path.read_text("utf-8")


@cache
def read(name: str, language: str = "zh") -> Reader:
    """Return a page as a parser reads it."""
    reader = Reader()
    reader.feed(page_of(name, language))
    reader.close()
    return reader


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", list(_RUNS))
def test_every_element_that_is_opened_is_closed(name: str, language: str) -> None:
    assert read(name, language).open == []


def test_bars_and_judgements_are_the_summary_s() -> None:
    summary = made.nasty_run()[0].summary()
    reader = read("nasty")
    texts = [text.strip() for text in reader.texts]
    for limit in ("5", "10", "15", "over"):
        assert _percent(summary["by_limit_min"][limit]) in texts
    row = next(row for row in reader.rows if row and row[0] == "走得到")
    names = ("nominal", "effective", "straight")
    assert row[1:] == [_percent(summary[name]["share_time"]) for name in names]
    gaps = next(row for row in reader.rows if row and row[0] == "走不到")
    parts = [summary[name] for name in names]
    shares = [1 - part["share_time"] - part["unknown_share_time"] for part in parts]
    assert gaps[1:] == [_percent(share) for share in shares]


def test_the_table_of_hours_has_a_cell_per_hour_with_its_share() -> None:
    summary = made.nasty_run()[0].summary()
    cells = [attrs for tag, attrs in read("nasty").tags if tag == "td" and "data-hour" in attrs]
    assert [int(cell["data-hour"]) for cell in cells] == list(range(168))
    rows = [row[1:] for row in read("nasty").rows if row and row[0] in {"周一", "周二", "周日"}]
    week = summary["by_hour_of_week"]
    for row, day in zip(rows, (0, 1, 6), strict=True):
        for hour, text in enumerate(row):
            figures = week[24 * day + hour]
            assert text == ("没有人走" if figures is None else _in_a_cell(gap_share(figures)))


def _in_a_cell(share: float) -> str:
    """Return a whole percent; never 0 or 100 of what is not."""
    if 0 < share < 0.01:
        return "<1"
    return ">99" if 0.99 < share < 1 else f"{100 * share:.0f}"


def test_a_cell_with_a_gap_is_never_0() -> None:
    week: list[Any] = [None] * 168
    week[4] = {"demand_min": 60.0, "effective_share": 0.997, "effective_unknown_share": 0.0}
    cell = sections.week({"by_hour_of_week": week}, "zh")[0][1][4]
    assert (cell.text, cell.shade) == ("<1", "1")
    assert cell.said == "周一 04:00，走不到 0.3 %"


def test_areas_are_all_there_the_one_with_most_gap_time_first() -> None:
    by_area = made.nasty_run()[0].summary()["by_area"]
    names = {row["area"] for row in by_area if row["area"] is not None}
    rows = [row for row in read("nasty").rows if len(row) == 8 and row[0] in names]
    assert {row[0] for row in rows} == names
    hours = [float(row[1].replace(",", "")) for row in rows]
    assert hours == sorted(hours, reverse=True)
    total = {
        row["area"]: sum(part["min"] for part in row["by_cause"].values()) / 60 for row in by_area
    }
    assert hours == [round(total[row[0]], 1) for row in rows]


def test_nasty_names_are_text_and_nothing_else() -> None:
    reader = read("nasty")
    scripts = [attrs for tag, attrs in reader.tags if tag == "script"]
    assert len(scripts) == 1 + len(report_map().scripts) + 2
    assert not any(name.startswith("on") for _, attrs in reader.tags for name in attrs)
    assert all(
        value.startswith("data:") for _, attrs in reader.tags for name, value in attrs.items()
        if name in {"src", "href"}
    )  # fmt: skip
    walked = {row["area"] for row in made.nasty_run()[0].summary()["by_area"]} - {None}
    assert walked <= set(reader.texts)
    assert TITLE in reader.texts


def test_stored_text_in_the_data_cannot_leave_its_element() -> None:
    text = read("nasty").raw["script"][0]
    assert not set("<>&\u2028\u2029") & set(text)
    names = set(read("nasty").data["map"]["stations"]["name"])
    assert {"<script>alert(1)</script>", "表情😀与\u2028分行"} & names


def test_a_page_names_no_address_and_allows_only_its_own_scripts_and_styles() -> None:
    page, reader = page_of("nasty"), read("nasty")
    styles = "".join(reader.raw["style"])
    assert all(match.startswith("url(data:") for match in re.findall(r"url\([^)]{0,9}", styles))
    assert "@import" not in styles
    rules = next(attrs["content"] for _, attrs in reader.tags if "http-equiv" in attrs)
    assert "unsafe" not in rules
    for kind, texts in (("script", reader.raw["script"][1:]), ("style", reader.raw["style"])):
        for text in texts:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in rules, kind
    assert "default-src 'none'" in rules
    assert "\r" not in page


@pytest.mark.parametrize("text", ["a</script>", "<!-- x", "if (a<script) {}", "</STYLE>"])
def test_a_script_or_style_that_would_end_its_element_is_refused(text: str) -> None:
    for put in (to_script, to_style):
        with pytest.raises(ValueError, match="holds"):
            put(text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_gaps_or_areas_or_stations_the_page_says_so(language: str) -> None:
    words = load_words()["page"]
    assert words["no_gaps"][language] in read("covered", language).texts[:] or any(
        words["no_gaps"][language] in text for text in read("covered", language).texts
    )
    bare = " ".join(read("bare", language).texts)
    assert words["no_alone"][language] in bare
    assert words["no_advice"][language] in bare


def test_few_workers_are_stamped_and_plans_are_not() -> None:
    assert any("不足 5 人，勿外传" in text for text in read("covered").texts)
    assert not any("不足 5 人" in text for text in read("planned").texts)
    assert any("计划" in text for text in read("planned").texts)


def test_the_headline_on_the_page_is_the_one_that_is_said() -> None:
    for name in _RUNS:
        said = say.headline(_RUNS[name]()[0].summary(), "zh")
        texts = [text.replace("\u00a0", " ") for text in read(name).texts]
        assert said in texts


def test_without_a_map_frame_there_is_no_script_and_all_the_figures() -> None:
    reader = Reader()
    reader.feed(page_of("nasty", with_map=False))
    assert [attrs for tag, attrs in reader.tags if tag == "script"] == [
        {"type": "application/json", "id": "report-data"}
    ]
    assert reader.data["map"] is None
    assert len([row for row in reader.rows if row]) >= 7 + 4


def test_the_same_run_gives_the_same_page() -> None:
    once = page_of("planned", "en")
    page_of.cache_clear()
    assert page_of("planned", "en") == once


def test_every_text_of_the_page_is_used_and_every_text_used_exists() -> None:
    texts = set(load_words()["page"])
    folder = _ROOT / "geo" / "report"
    templates = "".join(path.read_text("utf-8") for path in (folder / "template").glob("*.html"))
    code = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    scripts = "".join(path.read_text("utf-8") for path in (folder / "template").glob("*.js"))
    used = set(re.findall(r"\bt\('(\w+)'[,)]", templates))
    used |= set(re.findall(r'page_text\(\s*"(\w+)"', code))
    assert used <= texts
    quoted = set(re.findall(r"['\"](\w+)['\"]", templates + code))
    called = {f"js_{name}" for name in re.findall(r"words\.(\w+)", scripts)}
    built = {name for name in texts if re.match(r"why_|mend_|row_|col_|is_", name)}
    assert texts - quoted - called - used - built == set()


def test_streets_near_the_routes_are_drawn_whole_and_within_their_bytes() -> None:
    network = random_network(3)
    box = widened(network.bounds)
    lines = streets_ground(network, box)
    metres = sum(_metres(line, box) for line in lines)
    assert metres == pytest.approx(network.length_m.sum(), rel=0.01)
    few = streets_ground(network, box, most_bytes=2000)
    assert len(json.dumps(few, separators=(",", ":"))) <= 2002


def test_streets_beyond_the_box_are_left_out() -> None:
    network = random_network(3)
    west, south, east, north = network.bounds
    box = (west, south, (west + east) / 2, (south + north) / 2)
    lines = streets_ground(network, box)
    assert 0 < len(lines) < len(streets_ground(network, widened(network.bounds)))
    for line in lines:
        x, y = np.cumsum(np.array(line).reshape(-1, 2), axis=0).T
        wide, high = (box[2] - box[0]) / UNIT, (box[3] - box[1]) / UNIT
        inside = (x >= -1) & (x <= wide + 1) & (y >= -1) & (y <= high + 1)
        assert inside.any()


def _metres(line: list[int], box: tuple[float, float, float, float]) -> float:
    steps = np.array(line, dtype=float).reshape(-1, 2)[1:] * UNIT * 111_195
    steps[:, 0] *= np.cos(np.radians((box[1] + box[3]) / 2))
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def _stretch(**changes: object) -> dict[str, Any]:
    cells = {
        "effective": "closed", "nominal": "closed", "straight": "closed", "hours": [4, 28, 52],
        "minutes": 60.0, "length_m": 100.0, "area": None, "shift": None, "nearest": "",
        "walk_m": None, "missed_min": 7.4,
    } | changes  # fmt: skip
    line = {"type": "LineString", "coordinates": [[113.0, 35.0], [113.001, 35.0]]}
    return {"properties": cells, "geometry": line}


def test_the_map_knows_what_is_missed_in_each_hour_and_says_shifts_in_words() -> None:
    features = [
        _stretch(missed_by_hour=[7.4, None, 31.0]), _stretch(), _stretch(missed_min=None),
    ]  # fmt: skip
    lines = {
        "features": features, "areas": [], "shifts": ["Mo-Su 04:00-11:00", "week 1 Mo"],
        "stations": {},
    }  # fmt: skip
    result, network = made.covered_run()
    drawn = map_data(result, network, lines, "zh")
    assert drawn["pieces"]["x"] == [[7, -1, 31], 7, -1]
    assert drawn["shifts"] == ["每天 凌晨4:00–11:00", "week 1 Mo"]


def test_the_map_s_note_calls_stations_as_the_vocabulary_does() -> None:
    kinds = load_vocab("kind")
    for language in ("zh", "en"):
        said = " ".join(read("planned", language).texts)
        assert all(getattr(kind, language) in said for kind in kinds.values())


def test_real_tracks_measured_on_the_demo_are_not_called_made_up(tmp_path: Path) -> None:
    result, network = made.covered_run()
    said = []
    for is_demo_walk in (True, False):
        write_page(
            result, tmp_path / "r.html", summary=result.summary(), network=network, is_demo=True,
            is_demo_walk=is_demo_walk,
        )  # fmt: skip
        said.append((tmp_path / "r.html").read_text("utf-8"))
    assert "街道、驿站、线路都是编的" in said[0]
    assert "线路都是编的" not in said[1]
    assert "街道、驿站是编的" in said[1]


def test_on_an_english_page_what_was_chosen_in_chinese_says_so() -> None:
    result, network = made.nasty_run()
    summary = result.summary() | {"needs": ["热水"]}  # no word of the vocabulary
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.html"
        write_page(result, path, summary=summary, network=network, language="en")
        assert '<dd><span lang="zh-CN">热水</span></dd>' in path.read_text("utf-8")


def test_every_place_on_the_page_has_what_the_summary_tells_of_it() -> None:
    result, _ = made.nasty_run()
    summary = result.summary()
    rows = [rows[0] for rows in explain.worst_places(summary)]
    assert len(worst_lines(result)) == len(summary["worst_gaps"])
    titles = [attrs for tag, attrs in read("nasty").tags if tag == "li" and "class" in attrs]
    assert len(titles) == len(rows)
