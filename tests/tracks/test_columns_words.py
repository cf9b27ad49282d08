"""The words by which files name their workers."""

from __future__ import annotations

import pytest

from geo.tracks.columns import match_columns


@pytest.mark.parametrize(
    "word", ["工号", "姓名", "人员", "员工", "职工", "司机", "环卫工", "设备号", "人"]
)
def test_a_column_of_workers_is_known_by_its_chinese_name(word: str) -> None:
    header = ["时间", "经度", "纬度", "线路", word]
    assert match_columns(header, {}, source="a.csv")["worker"] == word


def test_a_number_of_the_worker_goes_before_the_name() -> None:
    header = ["姓名", "工号", "时间", "经度", "纬度"]
    assert match_columns(header, {}, source="a.csv")["worker"] == "工号"
