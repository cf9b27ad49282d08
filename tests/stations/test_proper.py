"""What is a station's own in names and addresses as lists hold them."""

from __future__ import annotations

import pytest

from geo.stations.proper import proper_addresses, proper_names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("隆福寺爱心驿站", "隆福寺"),
        ("工会驿站（郑品书舍）", "郑品书舍"),
        ("中牟县青年路街道绿云社区党群服务中心户外劳动者爱心驿站", "绿云社区"),
        ("中牟县狼城岗镇党群服务中心农民工服务站户外劳动者爱心驿站", "狼城岗镇"),
        ("大学路街道工心驿站", "工心"),
        ("北京市东城区东四街道驿站", "东四街道"),  # something is left
        ("郑州银行郑州市中原区中原路支行工会驿站", "郑州银行郑州市中原区中原路支行"),
        ("管城区爱心驿站(南大街佳苑小区)", "南大街佳苑小区"),
        ("幸福小区爱心驿站", "幸福小区"),
        ("菜市场驿站", "菜市场"),
        ("市民中心驿站", "市民中心"),
        ("爱心驿站", ""),
        ("小哥之家", ""),
        ("", ""),
    ],
)
def test_a_name_without_words_for_a_station_and_areas(name: str, words: str) -> None:
    assert proper_names([name], [("", "")]).words == [words]


def test_the_names_of_its_areas_are_cut_off_too() -> None:
    names = proper_names(["东四隆福寺驿站", "东四驿站"], [("东城", "东四"), ("东城", "东四")])
    assert names.words == ["隆福寺", "东四"]


@pytest.mark.parametrize(
    ("address", "words", "number"),
    [
        ("郑州市中原区林山寨街道互助路28号楼1单元1号", "互助路28号楼1单元1号", "28"),
        ("郑州市中原区林山寨街道文化宫路14-7号", "文化宫路147号", "14"),
        ("郑州市中原区建设路126号东配楼1楼", "建设路126号东配楼1楼", "126"),
        ("郑州市航空港区新港大道与S102省道交叉口", "新港大道与s102省道交叉口", ""),
        ("电厂南路与王屋路交叉口向北200米", "电厂南路与王屋路交叉口向北200米", ""),
        ("中牟县老县城解放路", "老县城解放路", ""),
    ],
)
def test_an_address_below_its_areas_and_the_number_of_the_house(
    address: str, words: str, number: str
) -> None:
    assert proper_addresses([address], [("", "")]) == ([words], [number])
