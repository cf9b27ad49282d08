"""Which stations may be one, entered twice: what is asked about, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from pandas import DataFrame
from pandas.testing import assert_frame_equal

from geo.coords import from_wgs84, gcj02_to_bd09, to_wgs84
from geo.stations import to_stations
from geo.stations.duplicates import USED, find_alike, find_doubles
from geo.stations.sameness import ASK, REASONS
from geo.stations.schema import FIELD_NAMES
from tests.stations.slow_duplicates import slow_pairs

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

LON, LAT = 116.41, 39.93
NORTH_M = 1.0 / 111_030.0  # degrees of latitude there
NAME = "隆福寺爱心驿站"


def _stations(*rows: dict[str, object]) -> GeoDataFrame:
    cells = [{"status": "open", "lon": LON, "lat": LAT, **row} for row in rows]
    texts = [{name: str(cell.get(name, "")) for name in FIELD_NAMES} for cell in cells]
    return to_stations(DataFrame(texts, columns=FIELD_NAMES, dtype=str))


def _asked(one: dict[str, object], other: dict[str, object], away_m: float = 80.0) -> DataFrame:
    existing = {"code": "B", "lat": LAT + away_m * NORTH_M, **other}
    return find_alike(_stations(one), _stations(existing))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NAME, "隆福寺户外劳动者服务站点"),  # another word for a station
        (NAME, "工会驿站（隆福寺）"),
        (NAME, "龙福寺爱心驿站"),  # sounds the same
        ("东四街道隆福寺驿站", NAME),
        ("北京市东城区隆福寺暖心驿站", "隆福寺骑手驿站"),
        ("隆福寺東門驛站", "隆福寺东门驿站"),  # traditional signs
        ("中国银行东四南大街支行驿站", "中国银行东四南大街店驿站"),
        ("中国银行驿站", "中国银行东四支行驿站"),  # stands whole in the other
        ("大学路街道工心驿站", "工心驿站"),
        ("LongFu 便利店驿站", "ｌｏｎｇｆｕ便利店爱心驿站"),
    ],
)
def test_asks_about_names_that_are_one(one: str, other: str) -> None:
    assert len(_asked({"name": one}, {"name": other})) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("隆福寺爱心驿站", "美术馆爱心驿站"),
        ("绿云社区党群服务中心驿站", "翠花社区党群服务中心驿站"),  # every community has one
        ("郑州市金水区东里路驿站", "郑州市金水区杜岭街驿站"),
        ("隆福寺第一爱心驿站", "隆福寺第二爱心驿站"),
        ("隆福寺东门驿站", "隆福寺西门驿站"),
        ("商城路220号驿站", "商城路206号驿站"),
        ("爱心驿站", "工会驿站"),  # nothing of their own, and not at one place
        ("爱心驿站", NAME),
        ("东四驿站", "西四驿站"),
    ],
)
def test_does_not_ask_about_neighbours(one: str, other: str) -> None:
    assert _asked({"name": one}, {"name": other}).empty


def test_names_without_anything_of_their_own_count_at_one_place() -> None:
    found = _asked({"name": "爱心驿站"}, {"name": "工会驿站"}, away_m=20)
    assert found["reasons"].tolist() == [("no_own_name", "same_place")]


def test_the_same_house_is_asked_about_whatever_the_name() -> None:
    address = {"address": "郑州市金水区人民路街道东里路35号"}
    found = _asked(
        {"name": "邮政驿站", **address}, {"name": "东里路驿站", "address": "东里路35号"}, 20
    )
    assert found["reasons"].tolist() == [("same_address", "same_place")]


def test_another_house_number_counts_against_the_same_name() -> None:
    one, other = {"name": NAME, "address": "钱粮胡同3号"}, {"name": NAME, "address": "猪市大街8号"}
    assert len(_asked(one, other, away_m=200)) == 0
    assert len(_asked(one, {"name": NAME, "address": "钱粮胡同3号院内"}, away_m=200)) == 1
    assert len(_asked(one, {"name": NAME}, away_m=200)) == 1


@pytest.mark.parametrize(
    "other", ["010-6401 2345", "+86 10 64012345", "电话：64012345；13800000000"]
)
def test_the_same_telephone_counts_however_it_is_written(other: str) -> None:
    found = _asked(
        {"name": "邮政驿站", "phone_public": "（010）64012345"},
        {"name": "东里路驿站", "phone_public": other},
    )
    assert found["reasons"].tolist() == [("same_phone",)]


@pytest.mark.parametrize("phone", ["12351", "64012345"])
def test_a_number_of_many_stations_says_nothing(phone: str) -> None:
    far = [
        {"code": f"F{i}", "name": f"驿站{i}", "lat": LAT + 0.1 * i, "phone_public": phone}
        for i in (1, 2, 3)
    ]
    existing = _stations({"code": "B", "name": "东里路驿站", "phone_public": phone}, *far)
    assert find_alike(_stations({"name": "邮政驿站", "phone_public": phone}), existing).empty


def test_300_m_is_the_farthest_and_the_nearer_comes_first() -> None:
    existing = _stations(
        {"code": "A", "name": NAME, "lat": LAT + 290 * NORTH_M},
        {"code": "B", "name": NAME, "lat": LAT - 100 * NORTH_M},
        {"code": "C", "name": NAME, "lat": LAT + 310 * NORTH_M},
    )
    found = find_alike(_stations({"name": NAME}), existing)
    assert found["code"].tolist() == ["B", "A"]
    assert found["distance_m"].round().tolist() == [100, 290]
    assert found["score"].is_monotonic_decreasing
    assert find_alike(_stations({"name": NAME}), existing, within_m=50).empty


def test_lists_all_around_when_the_least_score_is_0() -> None:
    existing = _stations({"code": "A", "name": "甲"}, {"code": "B", "name": NAME})
    found = find_alike(_stations({"name": NAME}), existing, least=0.0)
    assert found["code"].tolist() == ["B", "A"]


def test_a_station_does_not_meet_itself_nor_one_settled_as_a_duplicate() -> None:
    existing = _stations(
        {"code": "A", "name": NAME},
        {"code": "B", "name": NAME, "status": "duplicate_of"},
        {"code": "C", "name": NAME, "status": "closed"},
    )
    found = find_alike(_stations({"code": "A", "name": NAME}), existing)
    assert found["code"].tolist() == ["C"]  # perhaps it opens again: better change that one
    assert find_doubles(existing).empty


def test_rows_keep_their_labels() -> None:
    new = _stations({"name": "甲"}, {"name": NAME}).set_axis([7, 9])
    assert find_alike(new, _stations({"code": "A", "name": NAME}))["row"].tolist() == [9]


def test_nothing_meets_nothing() -> None:
    none = _stations({"name": NAME}).iloc[:0]
    for pair in (
        (none, none),
        (_stations({"name": NAME}), none),
        (none, _stations({"name": NAME})),
    ):
        assert find_alike(*pair).empty
    assert find_doubles(none).empty


# Coordinate twins


def _moved(datum: str, off_m: float = 0.0) -> dict[str, object]:
    lon, lat = from_wgs84([LON], [LAT], datum)
    return {"lon": lon[0], "lat": lat[0] + off_m * NORTH_M}


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("shifted", ["new", "existing"])
def test_a_twin_by_datum_is_asked_about_whichever_of_the_two_was_shifted(
    datum: str, shifted: str
) -> None:
    there, here = {"name": NAME, **_moved(datum)}, {"name": "隆福寺工会驿站"}
    new, old = (there, here) if shifted == "new" else (here, there)
    found = find_alike(_stations(new), _stations({"code": "B", **old}))
    assert found[["twin_datum", "twin_from", "shifted"]].to_numpy().tolist() == [
        [datum, "wgs84", shifted]
    ]
    assert found["reasons"].tolist() == [("same_name", "twin")]
    assert found["distance_m"].between(400, 1_500).all()


def test_a_twin_of_bd09_read_as_gcj02_is_found() -> None:
    lon, lat = to_wgs84(*gcj02_to_bd09(*from_wgs84([LON], [LAT], "gcj02")), "gcj02")
    found = find_alike(
        _stations({"name": NAME, "lon": lon[0], "lat": lat[0]}),
        _stations({"code": "B", "name": NAME}),
    )
    assert found[["twin_datum", "twin_from"]].to_numpy().tolist() == [["bd09", "gcj02"]]


@pytest.mark.parametrize(("off_m", "count"), [(14.0, 1), (16.0, 0)])
def test_a_twin_stands_within_15_m_of_the_shift(off_m: float, count: int) -> None:
    new = _stations({"name": NAME, **_moved("gcj02", off_m)})
    assert len(find_alike(new, _stations({"code": "B", "name": NAME}))) == count


def test_a_twin_needs_a_similar_name_or_the_same_telephone() -> None:
    new = {"name": "邮政驿站", "phone_public": "64012345", **_moved("gcj02")}
    assert find_alike(_stations(new), _stations({"code": "B", "name": NAME})).empty
    same = {"code": "B", "name": NAME, "phone_public": "010-64012345"}
    assert find_alike(_stations(new), _stations(same))["twin_datum"].tolist() == ["gcj02"]


def test_names_without_anything_of_their_own_are_twins_only_to_the_metre() -> None:
    for off_m, count in ((2.0, 1), (10.0, 0)):
        new = _stations({"name": "爱心驿站", **_moved("gcj02", off_m)})
        assert len(find_alike(new, _stations({"code": "B", "name": "工会驿站"}))) == count


def test_abroad_there_are_no_twins() -> None:
    here = {"lon": 2.35, "lat": 48.86}
    found = find_alike(
        _stations({"name": NAME, **here}), _stations({"code": "B", "name": NAME, **here})
    )
    assert found["twin_datum"].tolist() == [""]


# The whole layer


def _layer(count: int, seed: int) -> GeoDataFrame:
    """Return stations in a dense town, some of them entered twice."""
    draw = np.random.default_rng(seed)
    names = [
        "隆福寺",
        "龙福寺",
        "美术馆",
        "钱粮胡同",
        "中国银行",
        "中国银行东四支行",
        "第一",
        "第二",
        "",
    ]
    phones = ["", "", "64012345", "010-64012346", "12351", "13800000000"]
    rows: list[dict[str, object]] = []
    for i in range(count):
        lon, lat = LON + draw.uniform(0, 0.02), LAT + draw.uniform(0, 0.015)
        if rows and draw.random() < 0.3:
            source = rows[draw.integers(len(rows))]
            datum = draw.choice(["wgs84", "gcj02", "bd09"])
            moved = from_wgs84([source["lon"]], [source["lat"]], datum)
            lon, lat = moved[0][0] + draw.normal(0, 5e-5), moved[1][0] + draw.normal(0, 5e-5)
        rows.append({
            "code": f"S{draw.integers(10**9):09d}-{i}",
            "name": draw.choice(names) + draw.choice(["爱心驿站", "工会驿站", "饮水点"]),
            "address": draw.choice(["", "隆福寺街1号", "隆福寺街2号", "东城区隆福寺街1号院"]),
            "phone_public": draw.choice(phones),
            "status": draw.choice(["open", "open", "open", "closed", "duplicate_of"]),
            "lon": lon,
            "lat": lat,
        })  # fmt: skip
    return _stations(*rows)


@pytest.mark.parametrize("seed", range(4))
def test_finds_what_a_look_at_every_pair_finds(seed: int) -> None:
    layer = _layer(120, seed)
    alive = layer[~layer["status"].isin(["closed", "duplicate_of"])]
    wanted = slow_pairs(alive, alive, phones=alive["phone_public"])
    wanted = {key: value for key, value in wanted.items() if key[0] < key[1]}
    found = find_doubles(layer)
    codes = layer["code"].loc[found["row"]]
    mine = {
        pair: (score, reasons, datum)
        for *pair_, score, reasons, datum in zip(
            codes, found["code"], found["score"], found["reasons"], found["twin_datum"], strict=True
        )
        for pair in [tuple(pair_)]
    }
    assert mine.keys() == wanted.keys()
    assert len(mine) > 10
    for pair, (score, reasons, datum) in mine.items():
        assert (pytest.approx(score), set(reasons), datum) == wanted[pair]


def test_half_of_the_layer_meets_the_other_half_as_one_by_one() -> None:
    layer = _layer(80, 9)
    new, existing = layer.iloc[:30], layer.iloc[30:]
    found = find_alike(new, existing)
    wanted = slow_pairs(
        new, existing[existing["status"] != "duplicate_of"], phones=existing["phone_public"]
    )
    pairs = zip(new["code"].loc[found["row"]], found["code"], strict=True)
    assert set(pairs) == wanted.keys()
    assert set().union(*found["reasons"]) <= set(REASONS)
    assert (found["score"] >= ASK).all()


def test_the_order_of_the_layer_changes_nothing() -> None:
    layer = _layer(60, 5)
    turned = layer.iloc[::-1]
    assert_frame_equal(find_doubles(layer), find_doubles(turned))


def test_reads_no_other_column() -> None:
    layer = _layer(20, 3)
    assert_frame_equal(find_doubles(layer), find_doubles(layer[list(USED)]))


def test_a_heap_at_one_place_is_looked_at_in_part() -> None:
    heap = _stations(*({"code": f"H{i:04d}", "name": NAME} for i in range(600)))
    found = find_alike(heap.iloc[:3], heap)
    assert found["row"].value_counts().max() == 64
