"""What was drawn by hand: avenues, ring road, river, railway, border, and what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DISTRICT: Final = ("990101", "东澄区", "Dongcheng Demo District")
CITY: Final = ("990100", "澄江市", "Chengjiang (demo)")


@dataclass(frozen=True)
class Avenue:
    """A street drawn by hand; control points of its curve in metres."""

    name: str
    en: str
    highway: str
    points: tuple[tuple[float, float], ...]
    closed: bool = False


RING: Final = Avenue(
    "环城路", "Huancheng Road", "primary",
    ((-2050, 0), (-2010, 620), (-1900, 1200), (-1480, 1720), (-800, 1960), (-100, 2010),
     (560, 1930), (980, 1560), (1130, 960), (1340, 420), (1290, -180), (1180, -700),
     (1010, -1190), (520, -1440), (-200, -1490), (-860, -1450), (-1480, -1360), (-1880, -960),
     (-2040, -480)),
    closed=True,
)  # fmt: skip

AVENUES: Final = (
    RING,
    Avenue("澄江大街", "Chengjiang Avenue", "primary",
           ((-3950, 190), (-3000, 120), (-2050, 60), (-1000, 30), (-200, -30), (620, -20),
            (1330, 60), (2000, 130), (2750, 40), (3950, 220))),
    Avenue("北苑路", "Beiyuan Road", "secondary",
           ((-3950, 1400), (-2900, 1260), (-1920, 1150), (-1000, 1050), (-200, 960), (560, 1010),
            (1160, 960), (1800, 1070), (2600, 1260), (3300, 1190), (3950, 1260))),
    Avenue("望塔路", "Wangta Road", "secondary",
           ((-3950, 2560), (-2850, 2520), (-1900, 2680), (-1300, 2700), (-300, 2600), (600, 2690),
            (1500, 2590), (2500, 2430), (3300, 2500), (3950, 2380))),
    Avenue("南关大街", "Nanguan Avenue", "secondary",
           ((-3950, -900), (-2880, -830), (-2000, -760), (-900, -690), (-190, -740), (580, -710),
            (1200, -640), (1800, -760), (2700, -610), (3300, -640), (3950, -560))),
    Avenue("站南路", "Zhannan Road", "secondary",
           ((-3950, -2480), (-2620, -2520), (-1150, -2400), (-200, -2500), (650, -2450),
            (1500, -2540), (2620, -2520), (3950, -2580))),
    Avenue("南桥路", "Nanqiao Road", "secondary",
           ((980, -1200), (1500, -1210), (2100, -1260), (2880, -1180), (3950, -1290))),
    Avenue("西郊路", "Xijiao Road", "secondary",
           ((-2760, 3950), (-2850, 2520), (-2930, 1260), (-3000, 120), (-2880, -830),
            (-2960, -1560), (-2620, -2520), (-2680, -3950))),
    Avenue("砖塔街", "Zhuanta Street", "secondary",
           ((-1420, 3950), (-1300, 2700), (-1180, 1850), (-1060, 1050), (-1000, 30), (-900, -690),
            (-860, -1450), (-900, -1790), (-1150, -2400), (-1060, -3100), (-1120, -3950))),
    Avenue("鼓台大街", "Gutai Avenue", "secondary",
           ((-350, 3950), (-300, 2600), (-240, 2000), (-190, 960), (-230, -30), (-180, -740),
            (-240, -1490), (-250, -1640))),
    Avenue("柳堤街", "Liudi Street", "secondary",
           ((690, 3950), (600, 2690), (590, 1900), (550, 1010), (630, -20), (580, -710),
            (520, -1440), (480, -1790), (640, -2450), (560, -3200), (640, -3950))),
    Avenue("东岸大道", "Dong'an Boulevard", "primary",
           ((2560, 3950), (2490, 2430), (2610, 1260), (2750, 40), (2700, -610), (2900, -1180),
            (2840, -1660), (2620, -2520), (2730, -3950))),
    Avenue("老官道", "Laoguan Road", "tertiary",  # out of the city, older than the grid
           ((-1895, 1090), (-2330, 1680), (-2870, 2110), (-3350, 2760), (-3950, 3400))),
    Avenue("斜街", "Xiejie", "pedestrian",
           ((-1085, 600), (-600, 250), (-180, -90))),
    Avenue("果园路", "Guoyuan Road", "tertiary",
           ((2440, 2450), (2950, 1980), (3300, 1700), (3950, 1620))),
    Avenue("货场路", "Huochang Road", "tertiary",
           ((-1985, -430), (-2350, -1000), (-2900, -1290), (-3950, -1380))),
)  # fmt: skip

RIVER: Final = (
    (1500, 4100), (1330, 3350), (1640, 2620), (1420, 1980), (1640, 1330), (2060, 640), (1790, -80),
    (1720, -720), (2180, -1300), (2240, -1950), (1560, -2420), (1380, -3060), (1680, -3650),
    (1620, -4100),
)  # fmt: skip
RIVER_M: Final = 92.0  # between its banks
BANK_M: Final = 34.0  # of green between bank and riverside road

RAILWAY: Final = (
    (-4100, -1530), (-2950, -1600), (-1800, -1780), (-900, -1800), (-250, -1790), (480, -1790),
    (1400, -1690), (2230, -1600), (2840, -1640), (4100, -1880),
)  # fmt: skip
RAIL_HALF_M: Final = 38.0  # from the middle of the tracks to the fence
YARD: Final = (-2500.0, -1150.0, 130.0)  # from x, to x, half width in metres
PLATFORMS: Final = (-620.0, 180.0, 66.0)

FOOTBRIDGE: Final = ("澄心桥", "Chengxin Footbridge", ((1300, 470), (1700, 520), (2700, 480)))
UNDERPASS: Final = ("站房地道", "Station Underpass", ((-250, -1640), (-300, -1790), (-310, -2500)))

SQUARE: Final = ((-283, -1640), (-195, -1640), (-195, -1692), (-283, -1692), (-283, -1640))
STATION_HALL: Final = ((-290, -1722), (-188, -1722), (-188, -1698), (-290, -1698), (-290, -1722))

BORDER: Final = (
    (-3120, -2480), (-2880, -3010), (-2440, -3140), (-1900, -3080), (-1250, -3260), (-820, -3190),
    (-420, -3420), (150, -3440), (620, -3250), (1150, -3230), (1420, -3080), (2080, -3150),
    (2620, -3040), (2950, -2850), (3060, -2350), (3330, -2080), (3380, -1580), (3270, -1120),
    (3420, -760), (3480, -220), (3330, 260), (3370, 760), (3230, 1180), (3260, 1560), (3420, 1900),
    (3390, 2420), (3150, 2860), (2700, 2990), (2330, 3240), (1900, 3270), (1400, 3120),
    (960, 3170), (700, 3380), (150, 3430), (-280, 3290), (-760, 3310), (-1320, 3150), (-1800, 3170),
    (-2250, 3060), (-2620, 3080), (-2960, 2890), (-3120, 2400), (-3330, 2080), (-3360, 1500),
    (-3200, 1130), (-3230, 640), (-3400, 330), (-3430, -160), (-3290, -640), (-3340, -1150),
    (-3450, -1620), (-3300, -2050),
)  # fmt: skip
FRAME_M: Final = 3850.0  # the extract ends here


@dataclass(frozen=True)
class Place:
    """Something that fills the block around a point, once the block is small enough."""

    name: str
    en: str
    use: str
    x: float
    y: float
    max_m2: float


PLACES: Final = (
    Place("澄湖公园", "Chenghu Park", "park", -660, 1560, 430_000),
    Place("沙洲公园", "Shazhou Park", "park", 2330, 720, 260_000),
    Place("云杉公园", "Yunshan Park", "park", -2480, 2330, 190_000),
    Place("南苑公园", "Nanyuan Park", "park", 120, -2830, 190_000),
    Place("文庙公园", "Wenmiao Park", "park", -1480, -420, 100_000),
    Place("鼓台公园", "Gutai Park", "park", -420, 380, 24_000),
    Place("槐荫公园", "Huaiyin Park", "park", 260, -420, 24_000),
    Place("果园公园", "Guoyuan Park", "park", 2960, 2750, 170_000),
    Place("澄江学院", "Chengjiang College", "campus", -2480, 620, 300_000),
    Place("东澄体育场", "Dongcheng Stadium", "stadium", 900, 1250, 110_000),
    Place("澄江市人民医院", "Chengjiang People's Hospital", "hospital", -1480, 560, 80_000),
    Place("东岸医院", "Dong'an Hospital", "hospital", 3000, 750, 140_000),
    Place("北苑医院", "Beiyuan Hospital", "hospital", 180, 2280, 80_000),
    Place("南关中医院", "Nanguan Hospital", "hospital", 860, -1000, 60_000),
    Place("鼓台商场", "Gutai Mall", "mall", 420, 180, 40_000),
    Place("东岸广场", "Dong'an Plaza", "mall", 2420, -300, 140_000),
    Place("北苑天地", "Beiyuan Mall", "mall", -1560, 2240, 110_000),
    Place("站前商城", "Zhanqian Market Hall", "mall", 150, -1250, 60_000),
    Place("西郊农贸市场", "Xijiao Market", "mall", -2480, -420, 110_000),
)

SUBDISTRICTS: Final = (  # name, pinyin, a point inside
    ("鼓台街道", "Gutai", -600, 480), ("隆福街道", "Longfu", 180, 480),
    ("织染街道", "Zhiran", -600, -350), ("槐荫街道", "Huaiyin", 200, -380),
    ("文庙街道", "Wenmiao", -1500, -350), ("砖塔街道", "Zhuanta", -1480, 560),
    ("澄湖街道", "Chenghu", -700, 1500), ("柳堤街道", "Liudi", 850, 500),
    ("南关街道", "Nanguan", -150, -1100), ("站前街道", "Zhanqian", 100, -2500),
    ("铁西街道", "Tiexi", -2200, -2300), ("西郊街道", "Xijiao", -2750, -250),
    ("云杉街道", "Yunshan", -2550, 1900), ("北苑街道", "Beiyuan", 200, 2500),
    ("果园街道", "Guoyuan", 2500, 2200), ("东岸街道", "Dong'an", 2500, 250),
    ("沙洲街道", "Shazhou", 2500, -2000),
)  # fmt: skip


def use_at(x: float, y: float) -> str:
    """Return what is built around a point inside the district: old, mid, new or industrial."""
    if ((x + 230) / 900) ** 2 + ((y - 140) / 960) ** 2 < 1.0:
        return "old"
    rail_quarter = y < -1500 and x < -900  # metres on this map
    freight = y < -880 and x < -2050
    depots = y < -1700 and x > 2350
    if rail_quarter or freight or depots:
        return "industrial"
    near = ((x + 330) / 1750) ** 2 + ((y - 250) / 2300) ** 2 < 1.0
    return "mid" if near else "new"
