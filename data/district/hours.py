"""Opening hours as owners keep and word them: mostly office hours in two intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Hours:
    """A timetable: OSM text ("" = not known), the owner's words, hours without staff."""

    osm: str
    words: str
    alone: str = ""  # OSM text of the hours without staff, by ID card


OFFICE: Final = (
    Hours("Mo-Fr 08:30-11:30,13:30-17:00; PH off", "工作日 8:30-11:30，13:30-17:00"),
    Hours("Mo-Fr 08:30-11:00,13:30-17:00; PH off", "工作日上午8:30-11:00 下午13:30-17:00"),
    Hours("Mo-Fr 09:00-12:00,14:00-18:00; PH off", "工作日 9:00-12:00，14:00-18:00"),
    Hours("Mo-Fr 08:30-12:00,13:30-17:30", "周一到周五 8:30-12:00、13:30-17:30"),
    Hours("Mo-Fr 09:00-11:30,13:00-17:00", "周一至周五 9:00—11:30，13:00—17:00"),
    Hours("Mo-Sa 08:30-11:30,14:00-17:30", "周一至周六 8:30-11:30，14:00-17:30"),
    Hours("Mo-Su 08:00-12:00,14:30-17:30", "每天8点至12点、14点半至17点半"),
)
NIGHT: Final = (
    Hours(
        "Mo-Fr 08:30-11:30,13:30-17:30; PH off",
        "白天有人值守，17点半至23点刷身份证",
        "Mo-Su 17:30-23:00",
    ),
    Hours("Mo-Su 08:30-12:00,13:30-18:00", "白天有人值守，18点后刷身份证进门", "Mo-Su 18:00-08:30"),
)
DAY: Final = (
    Hours("Mo-Su 09:00-17:00", "周一至周日 9:00—17:00"),
    Hours("Mo-Su 08:30-17:30", "每日8:30-17:30"),
    Hours("Mo-Fr 09:00-17:00; Sa-Su 09:30-16:00", "周一至周五 9:00-17:00，周六周日 9:30-16:00"),
    Hours("Mo-Fr 09:30-17:00", "周一到周五 9:30-17:00"),
)
SHOP: Final = (
    Hours("Mo-Su 07:00-22:00", "每天7点至22点"),
    Hours("Mo-Su 06:30-23:00", "早上6点半至晚上23点"),
    Hours("Mo-Su 08:00-21:30", "每日8时到21时半"),
    Hours("Mo-Su 09:00-21:00", "早9点到晚9点"),
    Hours("Mo-Su 07:00-20:00", "7:00-20：00"),
    Hours("Mo-Su 10:00-02:00", "每天上午10点到次日凌晨2点"),
)
ALL_DAY: Final = (
    Hours("24/7", "365天24小时不打烊"),
    Hours("24/7", "24小时"),
    Hours("24/7", "全天开放"),
)
EARLY: Final = (
    Hours("Mo-Su 05:30-22:30", "每天5:30-22:30"),
    Hours("Mo-Su 06:00-21:00", "每日6时到21时"),
    Hours("Mo-Su 06:00-22:00", "早上6点至晚上22点"),
)
REST_DAY: Final = (
    Hours("Tu-Su 09:00-20:00", "早9点到晚8点，除周一"),
    Hours("Tu-Su 09:00-17:30", "9:00-17:30，周一闭馆"),
)
SUMMER: Final = (
    Hours("Jul-Sep Mo-Su 09:00-18:00", "每年7-9月，9:00-18:00"),
    Hours("Jun-Aug Mo-Su 10:00-19:00", "6月到8月每天10点至19点"),
)
WORDS_ONLY: Final = (  # what can be read for sure is none of it, or little
    Hours("08:00-09:00,20:00-21:00 unknown, 09:00-20:00", "冬季8:00-20:00 夏季9:00-21:00"),
    Hours("", "8:30-20:30（搬迁中）"),
    Hours("", "夏季9:00-19:00 冬季9:00-17:00（暂停开放）"),
    Hours("", "按店铺营业时间"),
    Hours("", ""),
    Hours("", ""),
)
GROUPS: Final = {
    "office": OFFICE, "night": NIGHT, "day": DAY, "shop": SHOP, "all_day": ALL_DAY,
    "early": EARLY, "rest_day": REST_DAY, "summer": SUMMER, "unknown": WORDS_ONLY,
}  # fmt: skip
SHARES: Final[dict[str, dict[str, float]]] = {  # by host; all_day and unknown come by place
    "community": {"office": 0.92, "night": 0.05, "day": 0.03},
    "bank": {"office": 0.84, "day": 0.14, "night": 0.02},
    "post_office": {"office": 0.82, "day": 0.18},
    "telecom_hall": {"office": 0.7, "day": 0.2, "shop": 0.1},
    "power_hall": {"office": 0.8, "day": 0.2},
    "estate_agent": {"office": 0.7, "shop": 0.3},
    "convenience": {"shop": 0.94, "early": 0.06},
    "supermarket": {"shop": 0.8, "office": 0.1, "early": 0.1},
    "kiosk": {"office": 0.7, "shop": 0.28, "early": 0.02},
    "fuel": {"shop": 0.8, "early": 0.2},
    "library": {"rest_day": 1.0},
    "hospital": {"office": 0.8, "day": 0.2},
    "park": {"early": 0.5, "office": 0.5},
    "toilets": {"early": 0.3, "shop": 0.15, "office": 0.55},
    "bus_terminal": {"early": 0.7, "office": 0.3},
    "police": {"office": 0.6, "night": 0.4},
}


def pick_hours(host: str, rng: np.random.Generator, *, group: str = "") -> Hours:
    """Return a timetable by the habits of a host, or one of a group."""
    if not group:
        shares = SHARES[host]
        group = str(rng.choice(list(shares), p=list(shares.values())))
    choices = GROUPS[group]
    return choices[int(rng.integers(len(choices)))]
