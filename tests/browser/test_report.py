"""report.html in Chromium, from disk: no request, a map that answers, sheets to print."""

import io
import os
import subprocess
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from matplotlib import get_data_path

import geo
from geo.report import say
from tests.browser.conftest import CHROMIUM, FLAGS, Watch
from tests.report import made
from webmap.report_map import report_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

    from geo.coverage import Coverage

    OpenReport = Callable[..., Page]

_RUNS = {"nasty": made.nasty_run, "planned": made.planned_run, "covered": made.covered_run}
_PIECE = """() => {
  const { map: data } = window.report;
  const [dx, dy] = data.pieces.p[ROW];
  const place = [data.box[1] + dy * data.unit, data.box[0] + dx * data.unit];
  if (NEAR) map_report.setView(place, 18, { animate: false });
  return map_report.latLngToContainerPoint(place);
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> "Callable[[str, str], Path]":
    """Return a function that writes a report of a made-up run once."""

    @cache
    def write(name: str, language: str) -> Path:
        place = tmp_path_factory.mktemp(name)
        result, network = _RUNS[name]()
        geo.write_report(result, place, network=network, language=language, map_frame=report_map())
        return place

    return write


@pytest.fixture
def open_report(browser: "Browser", folder: "Callable[[str, str], Path]") -> "Iterator[OpenReport]":
    """Return a function that opens a report from disk; what should not happen fails the test.

    Yields
    ------
    function
        Of the run's name, the language and Playwright's context options.
    """
    watch, contexts = Watch(), list["BrowserContext"]()
    asked: list[str] = []
    dialogs: list[str] = []

    def hear(dialog: "Dialog") -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    def open_one(name: str, language: str = "zh", **options: Any) -> "Page":  # noqa: ANN401
        context = browser.new_context(**options)
        contexts.append(context)
        watch.follow(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", hear)
        page.goto((folder(name, language) / "report.html").as_uri())
        page.wait_for_selector("#map-part:not([hidden])")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert watch.wrongs == []
    assert dialogs == []
    files = [url for url in asked if not url.startswith("data:")]
    assert len(files) == len(contexts)
    assert all(url.startswith("file:") for url in files)


def test_the_report_opens_from_disk_and_its_map_follows_the_hour(open_report: "OpenReport") -> None:
    page = open_report("planned")
    said = page.locator("#hour-said")
    assert said.inner_text() == "全部钟点"
    every = page.evaluate("window.report.view.count()")
    page.locator("#week button").first.click()
    assert said.inner_text() == "周一 05:00–06:00"
    assert page.locator("#week button").first.get_attribute("aria-pressed") == "true"
    assert 0 < page.evaluate("window.report.view.count()") <= every
    page.locator("#hour").fill("3")
    assert page.locator("#map-note").inner_text() == "这个钟点没有人走。"
    page.locator("#all-hours").click()
    assert page.evaluate("window.report.view.count()") == every
    drawn = page.evaluate("window.report.map.classes[window.report.map.pieces.e[0]]")
    page.locator(f"#classes input[value={drawn}]").uncheck()
    assert page.evaluate("window.report.view.count()") < every


def test_something_is_drawn_and_a_touch_explains_it(open_report: "OpenReport") -> None:
    page = open_report("planned", viewport={"width": 1280, "height": 900})
    page.locator("#map_report").scroll_into_view_if_needed()
    place = page.evaluate(_PIECE.replace("ROW", "0").replace("NEAR", "false"))
    page.locator("#map_report").click(position=place)
    told = page.locator("#told")
    assert "时间：周一" in told.inner_text()
    drawn = page.evaluate(
        "[...document.querySelectorAll('#map_report canvas')].some((one) => one.getContext('2d')"
        ".getImageData(0, 0, one.width, one.height).data.some((value) => value))"
    )
    assert drawn


def test_nasty_names_run_nothing_and_are_shown_as_they_are(open_report: "OpenReport") -> None:
    page = open_report("nasty", "en")
    names = page.evaluate("window.report.map.stations.name")
    assert "<script>alert(1)</script>" in names
    options = page.locator("#area option").all_inner_texts()
    walked = {row["area"] for row in made.nasty_run()[0].summary()["by_area"]} - {None}
    assert {" ".join(name.split()) for name in walked} <= {" ".join(one.split()) for one in options}
    count = page.evaluate("window.report.map.pieces.p.length")
    told = page.evaluate("window.report.map.pieces.c.findIndex((row) => row >= 0)")
    assert 0 <= told < count
    place = page.evaluate(_PIECE.replace("ROW", str(told)).replace("NEAR", "true"))
    page.locator("#map_report").click(position=place)
    assert page.locator("#told").inner_text()
    assert page.locator("#told script, #told img").count() == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_no_part_of_the_page_is_wider_than_the_screen(
    open_report: "OpenReport", width: int
) -> None:
    page = open_report("nasty", viewport={"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_map_is_reached_by_keyboard_and_everything_has_a_name(
    open_report: "OpenReport",
) -> None:
    page = open_report("planned", "en")
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, input, select, [tabindex]')].filter((one) => "
        "!one.labels?.length && !one.textContent.trim() && !one.getAttribute('aria-label')"
        " && !one.getAttribute('aria-labelledby')).map((one) => one.outerHTML)"
    )
    assert nameless == []
    page.locator("#map_report").focus()
    before = page.evaluate("map_report.getCenter().lng")
    page.keyboard.press("ArrowRight")
    page.evaluate(
        "new Promise((done) => { map_report.once('moveend', done); setTimeout(done, 9000); })"
    )
    assert page.evaluate("map_report.getCenter().lng") > before


def _printed(page: "Page") -> pypdf.PdfReader:
    content = page.pdf(prefer_css_page_size=True, print_background=True)
    return pypdf.PdfReader(io.BytesIO(content))


def _object(reference: Any) -> Any:  # noqa: ANN401 - of pypdf
    return reference.get_object()


def _letters(text: str) -> str:
    """Return a text without spaces; a PDF has some characters as their radicals."""
    return "".join(unicodedata.normalize("NFKC", text).replace("\u2012", "–").split())


def test_the_printed_report_has_the_headline_and_the_map_on_page_one(
    open_report: "OpenReport",
) -> None:
    printed = _printed(open_report("nasty"))
    first = printed.pages[0]
    result: Coverage = made.nasty_run()[0]
    said = _letters(say.headline(result.summary(), "zh"))
    assert said in _letters(first.extract_text())
    assert "在哪里" in _letters(first.extract_text())
    pictures = [one.image for one in first.images if one.image is not None]
    assert any(picture.size[0] == 1800 for picture in pictures)
    wide, high = (float(side) for side in first.mediabox[2:])
    assert (wide, high) == pytest.approx((595.3, 841.9), abs=1.5)


def test_few_workers_are_stamped_on_every_printed_page(open_report: "OpenReport") -> None:
    for page in _printed(open_report("covered")).pages:
        assert "不足5人,勿外传" in _letters(page.extract_text())


def test_where_no_chinese_font_is_installed_the_page_brings_its_own(
    folder: "Callable[[str, str], Path]", tmp_path: Path
) -> None:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    few = tmp_path / "fonts.conf"  # Latin alone: with no font at all Chromium ends itself
    few.write_text(f"<fontconfig><dir>{get_data_path()}/fonts/ttf</dir></fontconfig>\n")
    target = tmp_path / "report.pdf"
    report = folder("planned", "zh") / "report.html"
    subprocess.run(  # noqa: S603
        [str(CHROMIUM), "--headless", *FLAGS, "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={target}", report.as_uri()],
        env=os.environ | {"FONTCONFIG_FILE": str(few)},
        check=True,
        capture_output=True,
    )  # fmt: skip
    printed = pypdf.PdfReader(target)
    pages = [_object(page["/Resources"]) for page in printed.pages]
    every = [_object(font) for page in pages for font in _object(page["/Font"]).values()]
    fonts = {str(font["/BaseFont"]) for font in every if "/BaseFont" in font}
    assert fonts  # those without a name are drawn from one of these
    assert "在哪里" in _letters(printed.pages[0].extract_text())
    assert all("NotoSansSC" in name.replace(" ", "") for name in fonts), fonts
