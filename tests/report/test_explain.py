"""The worst places in words: passes of one stretch put together, and what would mend each."""

from typing import Any

from geo.report import explain


def _gap(**changes: object) -> dict[str, Any]:
    return {
        "route": 1, "cause": "closed", "area": "东", "box": [0.0, 0.0, 1.0, 1.0], "hours": [4],
        "passes": 1, "start": "2026-11-09T04:00+08:00", "duration_min": 100.0, "length_m": 900.0,
        "worst_walk_m": 1200.0, "nearest_code": "S", "missed_min": 60.0,
    } | changes  # fmt: skip


def test_the_same_stretch_on_several_days_is_one_place() -> None:
    gaps = [
        _gap(),
        _gap(route=2),
        _gap(start="2026-11-10T04:15+08:00", box=[0.1, 0.1, 1.0, 1.0], duration_min=80.0),
        _gap(box=[0.9, 0.9, 2.0, 2.0]),
        _gap(cause="no_station", missed_min=None),
        _gap(box=None),
        _gap(box=None),
    ]
    summary = {"worst_gaps": gaps, "limit_m": 1000.0}
    assert explain.worst_places(summary) == [[0, 2], [1], [3], [4], [5], [6]]
    said = explain.explain_gaps(summary, {}, "zh")[0]
    assert said.when == "11月9日至11月10日里有 2 天，04:00–04:15 左右"
    assert said.long == "一次最长 100 分钟，900 米；合起来 3 小时"
    assert "差 60 分钟" in said.why
    assert "大约 2.7 小时" in said.mend  # 100 minutes of gap and 60 to the opening


def test_a_plan_s_gap_is_told_by_the_hours_of_the_week() -> None:
    gap = _gap(passes=14, hours=[24 * day + 4 for day in range(7)], duration_min=840.0)
    said = explain.explain_gaps({"worst_gaps": [gap], "limit_m": 1000.0}, {}, "zh")[0]
    assert said.when == "每天 04:00–05:00"
    assert said.long == "一周合起来 14 小时，走一趟 900 米"


def test_a_station_shut_for_hours_yet_is_not_said_to_be_mended_by_a_little() -> None:
    gap = _gap(missed_min=400.0)
    said = explain.explain_gaps({"worst_gaps": [gap], "limit_m": 1000.0}, {}, "zh")[0]
    assert "光靠早开晚关补不上" in said.mend


def _mend(*gaps: dict[str, Any]) -> str:
    return explain.explain_gaps({"worst_gaps": list(gaps), "limit_m": 1000.0}, {}, "zh")[0].mend


def test_a_gap_is_mended_from_its_begin_to_the_opening_and_not_from_its_end_alone() -> None:
    assert "大约 25 分钟" in _mend(_gap(duration_min=20.0, missed_min=4.0))


def test_a_place_of_several_days_is_beyond_longer_hours_only_if_its_best_day_is() -> None:
    bad, good = _gap(missed_min=400.0), _gap(duration_min=20.0, missed_min=4.0)
    assert "大约 25 分钟，有的日子" in _mend(bad, good)
    assert "光靠早开晚关补不上" in _mend(bad, _gap(missed_min=300.0))
    assert "有的日子" not in _mend(_gap(duration_min=30.0), good)


def test_a_plan_s_gap_is_mended_by_the_hours_of_a_day_and_not_of_the_week() -> None:
    hours = [24 * day + hour for day in range(7) for hour in (4, 5)]
    gap = _gap(passes=28, hours=hours, duration_min=840.0, missed_min=10.0)
    assert "大约 2.2 小时" in _mend(gap)
