"""OSM texts in plain words, Chinese and English."""

from __future__ import annotations

import pytest

from geo.hours import say_hours


@pytest.mark.parametrize(
    ("osm", "zh", "en"),
    [
        ("24/7", "每天 24 小时", "24 hours, every day"),
        ("Mo-Su 00:00-24:00", "每天 24 小时", "24 hours, every day"),
        ("Mo-Fr 00:00-24:00", "周一至周五 24 小时", "24 hours, Mon–Fri"),
        ("08:30-20:30", "每天 8:30–20:30", "Every day 8:30–20:30"),
        ("04:00-08:00", "每天 凌晨4:00–8:00", "Every day 4:00–8:00"),
        ("22:00-06:00", "每天 22:00–次日6:00", "Every day 22:00–6:00 next day"),
        (
            "Mo-Fr 08:30-12:00,13:30-17:00; PH off",
            "周一至周五 8:30–12:00、13:30–17:00；节假日休息",
            "Mon–Fri 8:30–12:00, 13:30–17:00; closed on public holidays",
        ),
        ("Mo-Fr 08:30-12:00, 13:30-17:00", "周一至周五 8:30–12:00、13:30–17:00",
         "Mon–Fri 8:30–12:00, 13:30–17:00"),
        ("Mo,We,Sa-Su,PH 10:00-16:00", "周一、周三、周六、周日、节假日 10:00–16:00",
         "Mon, Wed, Sat–Sun, public holidays 10:00–16:00"),
        ("09:00-17:00; Mo off", "每天 9:00–17:00；周一休息", "Every day 9:00–17:00; closed on Mon"),
        ("Mo-Fr 09:00-17:00; We off", "周一至周五 9:00–17:00；周三除外",
         "Mon–Fri 9:00–17:00; closed on Wed"),
        ("Oct 01-Apr 30 08:30-20:30; May 01-Sep 30 09:00-21:00",
         "10月1日至次年4月30日 8:30–20:30；5月1日至9月30日 9:00–21:00",
         "1 Oct–30 Apr: 8:30–20:30; 1 May–30 Sep: 9:00–21:00"),
        ("Jul-Sep Mo-Fr 09:00-18:00", "7月至9月 周一至周五 9:00–18:00",
         "Jul–Sep: Mon–Fri 9:00–18:00"),
        ("09:00-17:00; 2026 Oct 01-2026 Oct 07 off", "每天 9:00–17:00；2026年10月1日至10月7日休息",
         "Every day 9:00–17:00; 1 Oct 2026–7 Oct 2026: closed"),
        ("09:00-17:00; PH unknown", "每天 9:00–17:00；节假日时间不详",
         "Every day 9:00–17:00; public holidays: hours not known"),
        ("08:00-09:00 unknown, 09:00-20:00", "每天 9:00–20:00（8:00–9:00 不详）",
         "Every day 9:00–20:00 (8:00–9:00 not certain)"),
        ("08:00-26:00", "每天 8:00–次日2:00", "Every day 8:00–2:00 next day"),
        ("Mo-Fr 09:00-17:00; Mo,PH off", "周一至周五 9:00–17:00；周一、节假日除外",
         "Mon–Fri 9:00–17:00; closed on Mon, public holidays"),
        ("09:00-17:00; Oct off", "每天 9:00–17:00；每年10月休息",
         "Every day 9:00–17:00; Oct: closed"),
        ("09:00-17:00; 2026 Oct 01 off; 2026 Dec 25 off",
         "每天 9:00–17:00；2026年10月1日休息；2026年12月25日休息",
         "Every day 9:00–17:00; 1 Oct 2026: closed; 25 Dec 2026: closed"),
        ("", "", ""),
        ("08:00-34:00", "", ""),
        ("Mo off; 09:00-17:00", "", ""),  # Monday is open
        ("Mo-Fr 09:00-17:00; 10:00-16:00", "", ""),
        ("Mo-Fr 09:00-17:00; Mo-Fr 18:00-20:00", "", ""),
        ("Mo-Fr 09:00-17:00; We 18:00-20:00", "", ""),
        ("Sa-Su,PH 09:00-17:00; PH off", "", ""),
        ("Jul 10:00-12:00; May-Sep 09:00-17:00", "", ""),
        ("Jul 10:00-12:00; 09:00-17:00", "", ""),
        ("sunrise-sunset", "", ""),
        ("week 1-10 Mo 09:00-18:00", "", ""),
        ("Mo[1] off", "", ""),
        ("17:00+", "", ""),
        ('Mo-Fr 09:00-17:00 || "by appointment"', "", ""),
        ("nonsense", "", ""),
    ],
)  # fmt: skip
def test_osm_texts_are_said_in_both_languages(osm: str, zh: str, en: str) -> None:
    assert say_hours(osm) == zh
    assert say_hours(osm, "en") == en
