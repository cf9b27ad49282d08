"""The names of the festivals of the national calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from geo.hours.calendar import holiday_name

if TYPE_CHECKING:
    import datetime as dt


def say_festival(date: dt.date) -> str:
    """Return the festival that a day off or worked in exchange belongs to."""
    return {
        "new_years_day": gettext("元旦"),
        "spring_festival": gettext("春节"),
        "tomb_sweeping_day": gettext("清明节"),
        "labour_day": gettext("劳动节"),
        "dragon_boat_festival": gettext("端午节"),
        "mid_autumn_festival": gettext("中秋节"),
        "national_day": gettext("国庆节"),
    }.get(holiday_name(date) or "", gettext("节假日"))
