"""Hours as the station form tells them back: what was read of words, what OSM text means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext

from geo.errors import InvalidHoursError
from geo.hours import check_hours, read_hours, say_hours
from geo.stations.spoken import fault_of, is_meant_as_osm, read_words
from webmap.preferences import language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.hours import Reading

OSM_EXAMPLE: Final = "Mo-Fr 08:30-17:30"
LONGEST: Final = 2000  # characters of a text that is told back; longer ones are refused anyway


class Told(NamedTuple):
    """What the page says of a text for hours."""

    status: str  # ok | partial | unknown | wrong; "" where there is nothing to say
    lines: tuple[str, ...]


NOTHING: Final = Told("", ())


def say_osm(osm: str) -> str:
    """Return OSM text in the visitor's language, as it stands where no words fit it."""
    return say_hours(osm, language()) or osm


def shown_hours(osm: str) -> str:
    """Return OSM text as words that read back as the same text, else the text itself."""
    words = say_hours(osm) if osm else ""
    return words if words and read_hours(words).osm == osm else osm


def tell_words(words: str) -> Told:
    """Say what is read of hours in words."""
    if not words.strip():
        return NOTHING
    reading = read_words(words)
    return Told(reading.status, say_reading(reading))


def tell_osm(text: str) -> Told:
    """Say what OSM text means, or where it is wrong."""
    if not text.strip():
        return NOTHING
    if fault := say_osm_fault(text):
        return Told("wrong", (fault,))
    return Told("ok", (gettext("意思是：%(said)s。", said=say_osm(text)),))


def tell_either(text: str) -> Told:
    """Say what hours without staff mean, which may be OSM text or words."""
    text = text.strip()
    if not text or fault_of("self_hours", text) is None or is_meant_as_osm(text):
        return tell_osm(text)
    reading = read_words(text)
    if reading.status == "ok":
        return Told("ok", say_reading(reading))
    return Told("wrong", (say_unread(reading),))


def tell_fields(texts: Mapping[str, str], *, is_stored: bool) -> dict[str, Told]:
    """Say what stands in the form's fields of hours, by field; as it counts where it is stored."""
    words, osm = texts["hours_text"], texts["hours"]
    told = tell_words(words)
    by_hand = is_stored and words and osm and read_words(words).osm != osm
    if by_hand and not say_osm_fault(osm):
        told = Told("ok", (gettext("网页现在按这个算：%(said)s。", said=say_osm(osm)),))
    own = texts["self_hours"]
    return {"hours_text": told, "hours": tell_osm(osm), "self_hours": tell_either(own)}


def say_reading(reading: Reading) -> tuple[str, ...]:
    """Return sentences on what was read, and what that means for the worker."""
    if reading.status == "ok":
        return (gettext("我们读成：%(said)s。", said=say_osm(reading.osm)),)
    if reading.osm:
        return (
            gettext("只读懂了一部分：%(said)s。", said=say_osm(reading.osm)),
            gettext("没读懂：%(rest)s。这些话会原样给工人看。", rest=reading.rest),
        )
    return (
        gettext("这句没读懂，网页会写“时间不详”，你的话原样给工人看。"),
        gettext("换个说法试试，比如：周一到周五 8:30-17:30。"),
    )


def say_unread(reading: Reading) -> str:
    """Return why hours without staff are refused, as they were not read in full."""
    example = gettext("写成几点到几点，比如：晚上 10 点到早上 6 点。")
    if not reading.osm:
        return " ".join([gettext("没读懂。"), example])
    said = say_osm(reading.osm)
    part = gettext("只读懂了：%(said)s；没读懂：%(rest)s。", said=said, rest=reading.rest)
    return f"{part} {example}"


def say_osm_fault(text: str) -> str:
    """Return what is wrong with text that should be OSM text, and where; "" if nothing is."""
    try:
        check_hours(text.strip())
    except InvalidHoursError as error:
        if error.suggestion:
            return gettext(
                "第 %(at)s 个字符起看不懂；是不是 %(meant)s？",
                at=error.position,
                meant=error.suggestion,
            )
        return gettext(
            "第 %(at)s 个字符起看不懂；写成 %(example)s 这样，不会写就空着。",
            at=error.position,
            example=OSM_EXAMPLE,
        )
    return ""
