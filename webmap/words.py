"""How a station's cells are said to a reader: kinds, states and hours, in either language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext

from geo.vocab import load_vocab
from webmap.preferences import language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DAYS: Final = {
    "Mo": ("周一", "Mon"),
    "Tu": ("周二", "Tue"),
    "We": ("周三", "Wed"),
    "Th": ("周四", "Thu"),
    "Fr": ("周五", "Fri"),
    "Sa": ("周六", "Sat"),
    "Su": ("周日", "Sun"),
    "PH": ("节假日", "public holidays"),
}
_DAY: Final = f"(?:{'|'.join(_DAYS)})"
_TIMES: Final = r"\d\d:\d\d-\d\d:\d\d(?:, ?\d\d:\d\d-\d\d:\d\d)*"
_RULE: Final = re.compile(rf"(?:({_DAY}(?:[-,]{_DAY})*) )?({_TIMES}|24/7|off)")


class Hours(NamedTuple):
    """Opening hours as a reader's line of text, and the language it is written in."""

    text: str
    lang: str  # "zh" | "en" | "" where it is neither


def say_word(vocab: str, code: str) -> str:
    """Return a word of a vocabulary in the visitor's language; "" for an unknown code."""
    word = load_vocab(vocab).get(code)
    if word is None:
        return ""
    return word.zh if language() == "zh" else word.en


def say_list(words: Iterable[str]) -> str:
    """Return words one after the other, as the visitor's language sets them apart."""
    return ("、" if language() == "zh" else ", ").join(words)


def say_hours(row: Mapping[str, str]) -> Hours:
    """Return the hours of a station: in the owner's words, else those of its OSM text.

    An English page prefers OSM text it can put into English, as owners write in Chinese. OSM text
    beyond plain weekly rules is shown as it stands.
    """
    lang = language()
    plain = _say_osm(row["hours"], lang)
    own = row["hours_text"]
    if own and (lang == "zh" or not plain):
        return Hours(own, "zh")
    if plain:
        return Hours(plain, lang)
    if row["hours"]:
        return Hours(row["hours"], "")
    return Hours(gettext("开放时间不详"), lang)


def _say_osm(hours: str, lang: str) -> str:
    """Put plain OSM hours (weekdays, times, off, 24/7) into words; "" for anything beyond them."""
    rules = [_RULE.fullmatch(part) for part in re.split(r"; ?", hours.strip("; "))]
    parts = [_say_rule(rule[1] or "", rule[2], lang) for rule in rules if rule]
    if not hours or len(parts) < len(rules):
        return ""
    said = ("；" if lang == "zh" else "; ").join(parts)
    return said[:1].upper() + said[1:]


def _say_rule(days: str, times: str, lang: str) -> str:
    """Put one rule into words: its days, then its times."""
    column, joint, span = (0, "、", "至") if lang == "zh" else (1, ", ", "–")
    rule_is_off = times == "off"
    if times in ("24/7", "00:00-24:00") and days in ("", "Mo-Su"):
        return ("每天 24 小时", "24 hours, every day")[column]
    if times == "00:00-24:00":
        times = ("24 小时", "24 hours")[column]
    elif rule_is_off:
        times = ("休息", "closed")[column]
    else:
        times = re.sub(r", ?", joint, times.replace("-", "–"))
    if days in ("", "Mo-Su"):  # without days a rule holds on every day
        days = ("每天", "every day")[column]
    said = re.sub(_DAY, lambda day: _DAYS[day[0]][column], days)
    said = said.replace("-", span).replace(",", joint)
    if rule_is_off:
        return f"{said}{times}" if lang == "zh" else f"{said}: {times}"
    return f"{said} {times}"
