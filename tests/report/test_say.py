"""What a report says: the window a headline names, figures, plurals, both languages whole."""

import random
import string
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from geo.errors import InvalidOptionError
from geo.report import say
from geo.report.figures import say_date, say_days, say_span
from geo.report.window import ENOUGH_MIN, Window, worst_window
from geo.report.words import LANGUAGES, load_words

_SHARES = {"share_time": 0.9, "share_length": 0.95, "unknown_share_time": 0.02}


def _cell(
    demand_min: float, gap: float, *, unknown: float = 0.0, nominal: float | None = None
) -> dict[str, Any]:
    return {
        "demand_min": demand_min,
        "nominal_share": 1 - gap - unknown if nominal is None else nominal,
        "effective_share": 1 - gap - unknown,
        "unknown_share": unknown,
        "effective_unknown_share": unknown,
    }


def _summary(cells: list[Any] | None = None, **changes: object) -> dict[str, Any]:
    """Return a summary with what the sentences need."""
    return {
        "kind": "tracks", "workers": 24, "routes": 24, "days": 7, "fixes": 1000,
        "duration_min": 6000.0, "limit_m": 1000.0, "representative": True,
        "effective_meaningful": True, "never_verified_share": 0.1, "max_age_days": 180.0,
        "nominal": {**_SHARES, "share_time": 0.93}, "effective": _SHARES, "straight": _SHARES,
        "off_network_share": 0.0, "outside_fixes": 0, "outside_stations": [],
        "dropped": {"duplicate_time": 0}, "needs": [], "no_phone": False, "by_shift": [],
        "by_limit_min": {"5": 0.5, "10": 0.7, "15": 0.8, "20": 0.9, "over": 0.08},
        "as_of": "2026-11-01T08:00:00+08:00", "datum": "wgs84",
        "tz": {"zone": "Asia/Shanghai", "assumed": False, "local": "Asia/Shanghai"},
        "by_hour_of_week": cells or [None] * 168,
        "data": {"stations": 10, "stations_open": 9, "first_day": "2026-11-09",
                 "last_day": "2026-11-15", "network": ["a.osm.pbf"], "network_m": 765576.7},
        "versions": {"nuanyi": "0.1.0", "numpy": "2.4.6"},
    } | changes  # fmt: skip


def _found(cells: list[Any]) -> Window:
    window = worst_window(cells)
    assert window
    return window


def _week(
    worst: Sequence[int] = range(4, 7), days: Sequence[int] = range(5), gap: float = 0.61
) -> list[dict[str, Any] | None]:
    """Return a week of 24 h of 100 min each, bad in some hours of some days."""
    return [
        _cell(100.0, gap, nominal=0.88) if hour // 24 in days and hour % 24 in worst
        else _cell(100.0, 0.05)
        for hour in range(168)
    ]  # fmt: skip


def test_headline_names_the_worst_hours_with_the_figures_of_these_hours() -> None:
    said = say.headline(_summary(_week()), "zh")
    assert said == (
        "周一至周五 04:00–07:00，这些线路有 61 % 的时间 15 分钟内走不到开着、能用的驿站；"
        "名义覆盖 88 %，实际 39 %。"
    )


def test_headline_in_english_names_the_same_hours() -> None:
    said = say.headline(_summary(_week(days=(5, 6))), "en")
    assert said.startswith("Sat, Sun 04:00–07:00: for 61 % of the time these routes have no open")
    assert "within a 15-minute walk" in said


def test_where_all_hours_are_alike_the_headline_speaks_of_the_whole_time() -> None:
    summary = _summary([_cell(60.0, 0.08, unknown=0.02)] * 168)
    assert say.headline(summary, "zh").startswith("这些线路有 8 % 的时间")
    assert say.overall(summary, "zh") == ""


def test_a_window_is_accompanied_by_the_figures_of_the_whole_time() -> None:
    assert "走不到 8 %" in say.overall(_summary(_week()), "zh")


def test_one_hour_of_data_makes_a_headline_without_a_window() -> None:
    cells: list[Any] = [None] * 168
    cells[30] = _cell(45.0, 0.5)
    assert say.headline(_summary(cells), "zh").startswith("这些线路有")


def test_all_time_covered_is_said_so() -> None:
    shares = {"share_time": 1.0, "share_length": 1.0, "unknown_share_time": 0.0}
    summary = _summary(effective=shares, nominal=shares)
    assert "任何时候 15 分钟内都能走到开着、能用的驿站" in say.headline(summary, "zh")


def _unknown(share: float) -> dict[str, float]:
    covered = 1 - share
    return {"share_time": covered, "share_length": covered, "unknown_share_time": share}


def test_much_that_nobody_can_say_stands_in_the_headline() -> None:
    summary = _summary(effective=_unknown(1.0), nominal=_unknown(1.0))
    assert say.headline(summary, "zh").endswith("实际 0 %，另有 100 % 说不准。")
    assert "for another 100 % nobody can say" in say.headline(summary, "en")
    assert "说不准" not in say.headline(_summary(effective=_unknown(0.049)), "zh")
    assert "另有 5 % 说不准" in say.headline(_summary(effective=_unknown(0.05)), "zh")


def test_a_window_s_headline_has_the_unknown_of_the_window_and_the_rest_that_of_the_whole() -> None:
    cells: list[Any] = [
        _cell(100.0, 0.6, unknown=0.3) if hour % 24 in {4, 5} else _cell(100.0, 0.05)
        for hour in range(168)
    ]
    summary = _summary(cells, effective=_unknown(0.06))
    assert "另有 30 % 说不准" in say.headline(summary, "zh")
    assert "另有 6 % 说不准" in say.overall(summary, "zh")


def test_if_most_is_unknown_it_is_a_grave_doubt() -> None:
    assert any(
        "说不准" in text for text in say.grave_doubts(_summary(effective=_unknown(0.51)), "zh")
    )
    assert not say.grave_doubts(_summary(effective=_unknown(0.49)), "zh")


def test_the_bars_say_what_they_leave_out() -> None:
    limits = {"5": 0.1, "10": 0.1, "15": 0.1, "20": 0.1, "over": 0.0}
    assert "另有 90 % 说不准" in say.bars_note(_summary(by_limit_min=limits), "zh")
    assert "说不准" not in say.bars_note(_summary(), "zh")


def test_the_class_words_do_not_say_reached_of_what_is_a_gap() -> None:
    words = say.class_words("zh")
    assert [name for name, word in words.items() if "走得到" in word] == ["covered"]


def test_another_clock_of_the_file_is_said_with_the_one_of_the_tables() -> None:
    zone = {"zone": "UTC", "assumed": False, "local": "Asia/Shanghai"}
    said = dict(say.options_said(_summary(tz=zone), "zh"))
    assert said["时间"] == "文件里的时间按 UTC 读，表里是北京时间"
    assert dict(say.options_said(_summary(), "zh"))["时间"] == "北京时间"


def test_shifts_among_the_options_are_in_words() -> None:
    said = dict(say.options_said(_summary(by_shift=[{"shift": "Mo-Su 04:00-11:00"}]), "zh"))
    assert said["班次"] == "每天 凌晨4:00–11:00"


def test_a_window_names_only_days_on_which_somebody_walked() -> None:
    cells = [cell if hour // 24 == 2 else None for hour, cell in enumerate(_week())]
    assert _found(cells).days == (2,)
    assert say.headline(_summary(cells), "zh").startswith("周三 04:00–07:00")


def test_a_window_may_run_past_midnight() -> None:
    window = _found(_week(worst=(22, 23, 0, 1), days=range(7)))
    assert (window.start, window.hours) == (22, 4)
    assert say_span(22, 4, "zh") == "22:00–次日 02:00"


@pytest.mark.parametrize("seed", range(10))
def test_the_window_is_the_one_a_full_search_finds(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a made-up week
    empty = draw.choice([0.0, 0.3, 0.9])
    cells: list[Any] = [
        None
        if draw.random() < empty
        else _cell(draw.choice([8.0, 64.0, 256.0]), draw.choice([0.0, 0.125, 0.5, 0.75, 1.0]))
        for _ in range(168)
    ]  # sums of these are exact
    found, sought = worst_window(cells), _search(cells)
    assert (found is None) == (sought is None)
    if found and sought:
        assert (found.gap_min, found.demand_min) == sought


def _search(cells: list[Any]) -> tuple[float, float] | None:
    """Return minutes of gap and of demand of the window, by counting cell after cell."""
    known = {hour: cell for hour, cell in enumerate(cells) if cell}
    whole = sum(cell["demand_min"] for cell in known.values())
    gaps = {hour: (1 - c["effective_share"]) * c["demand_min"] for hour, c in known.items()}
    found = []
    for days in ([0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4], [5, 6]):
        for start in range(24):
            for end in range(start + 1, start + 25):
                clock = [[(24 * day + hour) % 168 for day in days] for hour in range(start, end)]
                inside = [hour for of_clock in clock for hour in of_clock if hour in known]
                demand = sum(known[hour]["demand_min"] for hour in inside)
                if not all(known.keys() & set(of_clock) for of_clock in clock):
                    continue
                if demand >= max(60, 0.02 * whole):
                    found.append((sum(gaps[hour] for hour in inside), start - end, demand))
    if whole < ENOUGH_MIN or not found:
        return None
    worst = max(gap / demand for gap, _, demand in found)
    bad = [one for one in found if one[0] / one[2] >= 0.9 * worst]
    best = max((gap, shortness) for gap, shortness, _ in bad)
    gap, _, demand = next(one for one in bad if one[:2] == best)
    share = sum(gaps.values()) / whole
    return (gap, demand) if gap / demand >= max(1.25 * share, share + 0.05) else None


def test_few_workers_of_tracks_are_stamped_and_plans_never_are() -> None:
    assert say.stamp(_summary(workers=4), "zh") == "不足 5 人，勿外传"
    assert say.stamp(_summary(workers=5), "zh") == ""
    assert say.stamp(_summary(workers=1, kind="beats"), "en") == ""


def test_base_has_workers_routes_hours_days_and_dates() -> None:
    assert say.base(_summary(), "zh") == [
        "24 个人", "24 条线路", "100 小时", "7 天", "2026年11月9日至2026年11月15日",
    ]  # fmt: skip
    one = _summary(workers=1, routes=1, duration_min=60, days=1)
    assert say.base(one, "en")[:4] == ["1 worker", "1 route", "1 hour", "1 day"]


def test_a_plan_is_called_a_plan() -> None:
    assert say.base(_summary(kind="beats"), "zh")[0] == "计划 24 个人"
    assert any("计划" in text for text in say.doubts(_summary(kind="beats"), "zh"))


def test_bars_are_three_within_and_one_over() -> None:
    assert [(bar.share, bar.is_over) for bar in say.bars(_summary(), "zh")] == [
        (0.5, False), (0.7, False), (0.8, False), (0.08, True),
    ]  # fmt: skip


def test_doubts_name_few_people_unverified_stations_and_unknown_hours() -> None:
    summary = _summary(representative=False, workers=2, effective_meaningful=False)
    said = " ".join(say.doubts(summary, "zh"))
    assert "只能当例子看" in said
    assert "还不能当真" in said
    assert "2 % 的时间说不准" in said


def test_judgements_add_up_to_one() -> None:
    for figure in say.judgements(_summary()):
        parts = (figure.covered, figure.unknown, figure.gap)
        assert sum(part for part in parts if part is not None) == pytest.approx(1)


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0 %"), (1, "100 %"), (0.9999, "几乎全部"), (0.994, "99.4 %"), (None, "–"), (0.5, "50 %")],
)
def test_a_share_is_never_rounded_to_nothing_or_all(share: float | None, said: str) -> None:
    assert say.percent(share, "zh") == said


def test_hours_of_the_week_are_said_with_days_alike_together() -> None:
    hours = [24 * day + hour for day in range(5) for hour in (4, 5, 6)] + [5 * 24 + 5]
    assert say.say_hours_of_week(hours, "zh") == "周一至周五 04:00–07:00；周六 05:00–06:00"
    assert say.say_hours_of_week(range(168), "zh") == "每天 全天"
    assert say.say_hours_of_week([], "zh") == ""


def test_dates_are_said_in_both_languages() -> None:
    assert say_date("2026-11-09", "zh") == "2026年11月9日"
    assert say_date("2026-11-09T08:00:00+08:00", "en") == "9 November 2026"
    assert say_date(None, "zh") == "–"
    assert say_days((0, 1), "zh") == "周一、周二"


def test_another_language_is_refused() -> None:
    with pytest.raises(InvalidOptionError, match="zh and en"):
        say.headline(_summary(), "de")


def _pairs() -> Iterator[tuple[str, dict[str, str]]]:
    words = load_words()
    for section in ("said", "classes", "notes", "page"):
        yield from words.get(section, {}).items()
    yield from ((text["zh"][:9], text) for text in words["method"])
    for row in words["definitions"]:
        yield from ((row["word"]["zh"], row["word"]), (row["word"]["zh"] + "=", row["meaning"]))


@pytest.mark.parametrize(("key", "text"), list(_pairs()))
def test_every_text_stands_in_both_languages_with_the_same_places(
    key: str, text: dict[str, str]
) -> None:
    assert set(text) == set(LANGUAGES)
    assert all(text.values())
    assert not any("一" <= sign <= "鿿" for sign in text["en"]), key
    of_dates = {"m", "month"}
    assert _places(text["zh"]) - of_dates == _places(text["en"]) - of_dates


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
