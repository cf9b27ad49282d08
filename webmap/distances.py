"""Minutes, metres and directions as people say them: 5 分钟, 1.5 小时, 620 米, 1.2 公里, 往东."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext

_HOUR: Final = 60  # minutes


def say_minutes(minutes: float) -> str:
    """Return whole minutes, one at least; half hours from an hour on."""
    whole = max(1, round(minutes))
    if whole >= _HOUR:
        return gettext("%(hours)s 小时", hours=f"{round(minutes / 30) / 2:g}")
    return gettext("%(minutes)s 分钟", minutes=whole)


def say_metres(metres: float) -> str:
    """Return metres to the ten, kilometres from one on."""
    tens = round_metres(metres)
    if tens < 1000:  # noqa: PLR2004 - metres of a kilometre
        return gettext("%(metres)s 米", metres=tens)
    return gettext("%(km)s 公里", km=f"{metres / 1000:.1f}")


def say_km(metres: float) -> str:
    """Return whole kilometres: how far another city is."""
    return gettext("%(km)s 公里", km=round(metres / 1000))


def round_metres(metres: float) -> int:
    """Return metres to the ten, as they are said; 10 at least."""
    return max(10, round(metres / 10) * 10)


def say_direction(degrees: float) -> str:
    """Return one of eight directions, 0 = north."""
    words = (
        gettext("北"), gettext("东北"), gettext("东"), gettext("东南"),
        gettext("南"), gettext("西南"), gettext("西"), gettext("西北"),
    )  # fmt: skip
    return words[round(degrees / 45) % 8]
