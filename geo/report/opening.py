"""Opening hours of a station, or a shift, as a line of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.hours.words import say_hours
from geo.report.words import ZH, say

if TYPE_CHECKING:
    from collections.abc import Mapping


def say_opening(station: Mapping[str, Any], lang: str) -> str:
    """Return the hours in the owner's words, else those of the OSM text; "not known" of none.

    An English report prefers OSM text it can put into English, as owners write in Chinese.
    """
    own, osm = str(station.get("hours_text") or ""), str(station.get("hours") or "")
    plain = say_hours(osm, lang) if osm else ""
    if own and (lang == ZH or not plain):
        return own
    return plain or osm or say("hours_unknown", lang)


def say_osm(osm: str, lang: str) -> str:
    """Return OSM hours in words; what says more than plain words can, and "", as it stands."""
    return (say_hours(osm, lang) if osm else "") or osm
