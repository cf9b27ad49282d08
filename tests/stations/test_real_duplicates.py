"""Real stations: no neighbours taken for one; one entered twice is found among them."""

from __future__ import annotations

from geo.coords import from_wgs84
from geo.stations import read_stations
from geo.stations.duplicates import find_alike, find_doubles
from tests.shared_data import SHARED, needs_shared_data

LIST = SHARED / "zhengzhou" / "stations.csv"


@needs_shared_data
def test_a_real_list_has_no_false_doubles() -> None:
    assert find_doubles(read_stations(LIST, datum="gcj02")).empty


@needs_shared_data
def test_a_list_read_in_the_wrong_datum_is_full_of_twins() -> None:
    right, wrong = read_stations(LIST, datum="gcj02"), read_stations(LIST, datum="gcj02")
    wrong["code"] = ""
    wrong["lon"], wrong["lat"] = from_wgs84(right["lon"], right["lat"], "gcj02")
    found = find_alike(wrong, right)
    twins = found[found["twin_datum"] == "gcj02"]
    own = right["code"].loc[twins["row"]].to_numpy() == twins["code"].to_numpy()
    assert len(set(twins["row"][own])) == len(right)
