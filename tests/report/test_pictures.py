"""The pictures: real glyphs, our colours, nothing of the system; styles told apart by all eyes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from geo.coverage import worst_lines
from geo.coverage.classes import CLASS_NAMES
from geo.report import font
from geo.report.canvas import Canvas, shorten, text_width, wrap
from geo.report.colours import (
    DARK,
    LIGHT,
    LINE_STYLES,
    PAPER,
    SHADES,
    contrast,
    palette,
    shade,
    shade_ink,
)
from geo.report.figures import cell_text
from geo.report.gap_picture import HEIGHT, WIDTH, gap_picture
from geo.report.hours_picture import hours_picture
from geo.report.labels import all_labels
from geo.report.pictures import drawn_lines
from geo.report.view import make_view, round_length
from geo.report.window import gap_share
from geo.vocab import load_vocab
from tests.report.folders import REPORTED, report_of
from tests.report.made import bare_run, covered_run, nasty_run

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


def pixels_of(png: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def has_colour(pixels: Pixels, colour: str, *, least: int = 20) -> bool:
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((np.abs(pixels.astype(int) - wanted).max(axis=2) <= 3).sum()) >= least


# the font


def test_the_font_has_every_character_of_our_words() -> None:
    files = [Path(font.__file__).with_name(name) for name in ("labels.json", "words.json")]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    for word in (*load_vocab("kind").values(), *load_vocab("amenity").values()):
        text += word.zh + word.en
    assert not {sign for sign in text if ord(sign) not in font.characters()} - {"\n"}


def test_every_label_is_said_in_both_languages() -> None:
    for chinese, english in zip(all_labels("zh"), all_labels("en"), strict=True):
        assert bool(chinese) == bool(english)
        assert chinese.count("{") == english.count("{")
        assert not {sign for sign in english if "\u4e00" <= sign <= "\u9fff"}


def test_the_font_has_all_of_gb_2312() -> None:
    pairs = [bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF)]
    signs = {pair.decode("gb2312", errors="ignore") for pair in pairs} - {""}
    chinese = {sign for sign in signs if "\u4e00" <= sign <= "\u9fff"}
    assert len(chinese) == 6763  # the standard's number
    assert not {sign for sign in chinese if ord(sign) not in font.characters()}


def test_a_character_that_the_font_lacks_is_a_question_mark_and_no_box() -> None:
    assert font.drawable("甲😀乙\u202e\x07丙\n丁") == "甲?乙? 丙 丁"


def test_the_licence_stands_beside_the_font() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in font.LICENCE.read_text(encoding="utf-8")


def test_a_subset_has_the_characters_of_its_text_only() -> None:
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    made = font.subset_for("暖驿 24 小时😀")
    assert made[:4] == b"wOF2"
    assert made == font.subset_for("暖驿 24 小时😀")
    with TTFont(io.BytesIO(made)) as cut:
        assert set(cut.getBestCmap()) == {ord(sign) for sign in "暖驿 24小时"}


def text_pixels(text: str) -> Pixels:
    canvas = Canvas(400, 60)
    canvas.text(10, 45, text, px=36)
    return pixels_of(canvas.png())


def test_glyphs_are_drawn_and_differ() -> None:
    one, other, nothing = text_pixels("驿"), text_pixels("站"), text_pixels("")
    assert (one != nothing).any()
    assert (one != other).any()
    assert (text_pixels("$驿$") != one).any()  # a dollar begins no formula


# text


def test_widths_are_those_of_the_font() -> None:
    assert text_width("驿站", 10) == pytest.approx(20)  # Chinese is as wide as high
    assert 4 < text_width("m", 10) < 12


def test_lines_are_broken_between_chinese_and_at_spaces_and_fit() -> None:
    text = (
        "周一至周五 04:00–07:00，这些线路有 61 % 的时间走不到；within a 15-minute walk, all of it。"
    )
    lines = wrap(text, 1.0, 12)
    assert all(text_width(line, 1.0) <= 12 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not [line for line in lines if line[0] in "，。；%"]
    assert wrap("", 1.0, 12) == []


def test_shortened_text_fits_and_says_so() -> None:
    short = shorten("很长很长很长的名字", 10, 50)
    assert text_width(short, 10) <= 50
    assert short.endswith("…")
    assert shorten("短", 10, 50) == "短"


# colours


def test_every_class_has_a_style_of_its_own_in_colour_and_form() -> None:
    assert set(LINE_STYLES) == set(CLASS_NAMES)
    forms = {(style.dash, style.width_px, style.is_round) for style in LINE_STYLES.values()}
    assert len(forms) == len(LINE_STYLES)
    for style in LINE_STYLES.values():
        assert contrast(style.light, "#ffffff") >= 3
        assert contrast(style.dark, "#181512") >= 3


@pytest.mark.parametrize("mode", [LIGHT, DARK])
def test_numbers_are_readable_on_every_shade(mode: str) -> None:
    for share in (0.0, 0.1, 0.3, 0.5, 0.7, 0.9):
        assert contrast(shade(share, mode), shade_ink(share, mode)) >= 4.5
    grounds = [contrast(colour, SHADES[mode][0]) for colour in SHADES[mode]]
    assert grounds == sorted(grounds)  # one way, from little to all


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the known near miss


def test_the_palette_holds_every_colour_of_lines_and_white() -> None:
    colours = palette()
    assert len(colours) <= 256
    assert (255, 255, 255) in colours
    for style in LINE_STYLES.values():
        assert tuple(int(style.light[at : at + 2], 16) for at in (1, 3, 5)) in colours


# maps


@pytest.mark.parametrize("name", REPORTED)
def test_pictures_of_every_run_are_two_thousand_pixels_wide(name: str) -> None:
    for picture in ("map.png", "hours.png"):
        with Image.open(report_of(name) / picture) as image:
            assert image.width == 2000
            assert image.height > 600
            assert "Software" not in image.info


def test_the_map_shows_the_classes_that_occur_and_no_other() -> None:
    result, _ = nasty_run()
    pixels = pixels_of((report_of("nasty") / "map.png").read_bytes())
    found = set(drawn_lines(result, None, language="zh").lines) | {"covered"}
    for name in ("covered", "closed", "no_station"):
        assert name in found
        assert has_colour(pixels, LINE_STYLES[name].light)
    covered = pixels_of((report_of("covered") / "map.png").read_bytes())
    assert has_colour(covered, LINE_STYLES["covered"].light)
    assert not has_colour(covered, LINE_STYLES["no_station"].light)


def test_few_workers_are_stamped_in_red_and_many_are_not() -> None:
    stamped = pixels_of((report_of("covered") / "hours.png").read_bytes())
    assert has_colour(stamped[:120], "#b42318")
    assert not has_colour(pixels_of((report_of("nasty") / "hours.png").read_bytes()), "#b42318")


def test_hours_have_the_ground_of_their_share_and_paper_where_nobody_walked() -> None:
    hours = [None] * 168
    hours[28] = {"effective_share": 0.2, "effective_unknown_share": 0.0}  # Tuesday 04:00
    summary = {
        "kind": "beats", "workers": 9, "routes": 1, "days": 1, "duration_min": 60.0,
        "limit_m": 1000.0, "by_hour_of_week": hours,
        "data": {"first_day": "2026-03-03", "last_day": "2026-03-03"},
    }  # fmt: skip
    pixels = pixels_of(hours_picture(summary, language="zh"))
    row, column = np.argwhere((pixels == [0x8F, 0x3A, 0x10]).all(axis=2))[0]  # the first from top
    left = 150 + 4 * (2000 - 50 - 150) / 24
    assert left - 2 <= column <= left + 2
    above = pixels[row - 40, column + 20]
    assert above.tolist() == [int(PAPER[at : at + 2], 16) for at in (1, 3, 5)]


def test_shares_that_add_up_to_one_leave_no_gap() -> None:
    assert 1.0 - 0.9 - 0.1 != 0  # in binary
    assert gap_share({"effective_share": 0.9, "effective_unknown_share": 0.1}) == 0
    assert cell_text(0.0) == "0"


def test_gap_pictures_show_the_gap_and_its_nearest_station() -> None:
    result, network = nasty_run()
    gap, shape = result.summary()["worst_gaps"][0], worst_lines(result)[0]
    png = gap_picture(result, gap, shape, network=network, language="zh")
    pixels = pixels_of(png)
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert has_colour(pixels, LINE_STYLES[gap["cause"]].light)


def test_nothing_is_pictured_of_a_gap_that_may_not_be_shown() -> None:
    result, network = nasty_run()
    gap = result.summary()["worst_gaps"][0]
    assert gap_picture(result, gap, None, network=network, language="zh") == b""


def test_gaps_are_drawn_where_there_are_no_stretches() -> None:
    result, _ = bare_run()
    drawn = drawn_lines(result, None, language="zh")
    assert set(drawn.lines) == {"no_station"}
    east = drawn.points[:, 0]
    assert east.min() > result.gaps.lon.min()  # the first 100 m are hidden
    assert not drawn_lines(covered_run()[0], None, language="zh").lines


# the window


def test_a_view_keeps_north_up_and_both_axes_to_one_scale() -> None:
    view = make_view((116.3, 39.9, 116.4, 40.0), (0.0, 0.0, 1000.0, 800.0))
    place = np.array([116.35, 116.35, 116.36]), np.array([39.95, 39.96, 39.95])
    middle, north, east = view.to_px(*place)
    assert middle == pytest.approx([500, 400], abs=1)
    assert north[1] < middle[1]
    assert north[0] == pytest.approx(middle[0], abs=0.5)
    up_m = (middle[1] - north[1]) / view.px_per_m
    right_m = (east[0] - middle[0]) / view.px_per_m
    assert up_m == pytest.approx(1110, rel=0.01)  # 0.01 degrees of latitude
    assert right_m == pytest.approx(855, rel=0.01)  # times cos 39.95 degrees


def test_a_view_of_one_point_shows_the_ground_around_it() -> None:
    view = make_view((116.3, 39.9, 116.3, 39.9), (0.0, 0.0, 100.0, 100.0))
    assert 100 / view.px_per_m == pytest.approx(330)


@pytest.mark.parametrize(("metres", "shown"), [(1.0, 1), (9.9, 5), (2000, 2000), (4999, 2000)])
def test_scale_bars_have_round_lengths(metres: float, shown: float) -> None:
    assert round_length(metres) == shown
