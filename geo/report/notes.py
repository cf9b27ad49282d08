"""What a figure does not say, how it was made, what its words mean, what it rests on."""

from __future__ import annotations

from typing import Any, Final

from geo.report.figures import percent, say_date, say_dates, say_limit
from geo.report.opening import say_osm
from geo.report.words import EN, count, load_words, say
from geo.vocab import load_vocab
from geo.zones import LOCAL_ZONE

DATUMS: Final = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
_FEW_WORKERS: Final = 5
_FEW_HOURS: Final = 20
_MUCH_DROPPED: Final = 0.01  # of the fixes
_EXAMPLES: Final = 5
_MOST: Final = 0.5  # of the time
_FAST: Final = 0.1  # of the fixes need more than 120 km/h


def doubts(summary: dict[str, Any], lang: str) -> list[str]:
    """Return what the figures do not say, the gravest first; every report has some."""
    is_plan = summary.get("kind") == "beats"
    return [
        *_doubts_of_size(summary, lang, is_plan=is_plan),
        *_doubt_of_speed(summary, lang),
        *_doubts_of_stations(summary, lang),
        *_doubts_of_tracks(summary, lang),
        tell("doubt_plan" if is_plan else "doubt_others", lang),
        *(tell(key, lang) for key in ("doubt_posted", "doubt_room", "doubt_way", "doubt_stand")),
        _doubt_of_needs(summary, lang),
    ]


def grave_doubts(summary: dict[str, Any], lang: str) -> list[str]:
    """Return the doubts that belong beside the headline; mostly none."""
    found = _doubts_of_size(summary, lang, is_plan=summary.get("kind") == "beats")
    never = summary["never_verified_share"]
    if never is not None and not summary["effective_meaningful"]:
        found.append(tell("doubt_never", lang, share=percent(never, lang)))
    unknown = summary["effective"]["unknown_share_time"]
    if unknown is not None and unknown > _MOST:
        found.append(tell("doubt_unknown", lang, share=percent(unknown, lang)))
    return [*found, *_doubt_of_speed(summary, lang)]


def _doubt_of_speed(summary: dict[str, Any], lang: str) -> list[str]:
    """Return whether so many fixes are too fast that several people seem to be taken for one."""
    share = summary["dropped"].get("impossible_speed", 0) / max(summary["fixes"], 1)
    return [tell("doubt_speed", lang, share=percent(share, lang))] if share > _FAST else []


def _doubts_of_size(summary: dict[str, Any], lang: str, *, is_plan: bool) -> list[str]:
    """Return whether too few people or hours were measured."""
    if summary["representative"] or is_plan:
        return []
    return [
        tell(
            "doubt_few", lang,
            workers=count("base_workers", lang, summary["workers"]),
            hours=count("hours", lang, round(summary["duration_min"] / 60, 1)),
            least=count("base_workers", lang, _FEW_WORKERS),
            enough=count("hours", lang, _FEW_HOURS),
        )
    ]  # fmt: skip


def _doubts_of_stations(summary: dict[str, Any], lang: str) -> list[str]:
    """Return what is not known of the stations."""
    said = []
    never, unknown = summary["never_verified_share"], summary["effective"]["unknown_share_time"]
    if never is not None and not summary["effective_meaningful"]:
        said.append(tell("doubt_never", lang, share=percent(never, lang)))
    elif never:
        said.append(tell("doubt_some_never", lang, share=percent(never, lang)))
    if unknown:
        said.append(tell("doubt_unknown", lang, share=percent(unknown, lang)))
    codes = summary["outside_stations"]
    if codes:
        named = say("and", lang).join(codes[:_EXAMPLES])
        more = "…" if len(codes) > _EXAMPLES else ""
        said.append(tell("doubt_outside_stations", lang, n=len(codes), codes=named + more))
    return said


def _doubts_of_tracks(summary: dict[str, Any], lang: str) -> list[str]:
    """Return what is not known of the tracks."""
    said = []
    fixes, dropped = summary["fixes"], sum(summary["dropped"].values())
    if dropped > _MUCH_DROPPED * (fixes + dropped):
        share = percent(dropped / (fixes + dropped), lang)
        said.append(tell("doubt_dropped", lang, share=share))
    if summary["outside_fixes"]:
        said.append(tell("doubt_outside", lang, n=f"{summary['outside_fixes']:,}"))
    if summary["off_network_share"]:
        share = percent(summary["off_network_share"], lang)
        said.append(tell("doubt_off", lang, share=share))
    if summary["tz"]["assumed"]:
        said.append(tell("doubt_zone", lang, zone=_say_zone(summary["tz"]["zone"], lang)))
    return said


def _doubt_of_needs(summary: dict[str, Any], lang: str) -> str:
    """Return what of the stations' offer was looked at."""
    needs = _say_needs(summary, lang)
    return tell("doubt_needs", lang, needs=needs) if needs else tell("doubt_no_needs", lang)


def method(lang: str) -> list[str]:
    """Return how the figures were made, a paragraph each."""
    return [text[lang] for text in load_words()["method"]]


def definitions(lang: str) -> list[tuple[str, str]]:
    """Return the report's words and what they mean."""
    return [(row["word"][lang], row["meaning"][lang]) for row in load_words()["definitions"]]


def options_said(summary: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """Return the options of the run, name and value."""
    shifts = [say_osm(row["shift"], lang) for row in summary["by_shift"] if row["shift"]]
    rows = [
        (tell("option_limit", lang), say_limit(summary["limit_m"], lang)),
        (tell("option_as_of", lang), _as_of(summary, lang)),
        (tell("option_age", lang), count("base_days", lang, summary["max_age_days"])),
        (tell("option_needs", lang), _say_needs(summary, lang) or tell("option_no_needs", lang)),
        (tell("option_zone", lang), _say_clock(summary["tz"]["zone"], lang)),
        (tell("option_datum", lang), DATUMS.get(summary["datum"], summary["datum"])),
    ]
    if shifts:
        rows.append((tell("option_shifts", lang), say("semicolon", lang).join(shifts)))
    return rows


def data_said(summary: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """Return what the figures rest on: data, their dates, versions; name and text."""
    data, dropped = summary["data"], sum(summary["dropped"].values())
    versions = summary["versions"]
    others = [f"{name} {number}" for name, number in versions.items() if name != "nuanyi"]
    return [
        (tell("data_days", lang), say_dates(data["first_day"], data["last_day"], lang)),
        (
            tell("data_fixes", lang),
            tell("data_fixes_value", lang, n=f"{summary['fixes']:,}", dropped=f"{dropped:,}"),
        ),
        (
            tell("data_stations", lang),
            tell(
                "data_stations_value", lang,
                n=f"{data['stations_open']:,}", all=f"{data['stations']:,}",
                day=_as_of(summary, lang),
            ),
        ),
        (
            tell("data_network", lang),
            tell(
                "data_network_value", lang,
                names=say("and", lang).join(data["network"]) or say("none", lang),
                km=f"{data['network_m'] / 1000:,.0f}",
            ),
        ),
        (tell("data_versions", lang), f"Nuanyi {versions['nuanyi']}"),
        (tell("data_libraries", lang), ", ".join(others)),
    ]  # fmt: skip


def _as_of(summary: dict[str, Any], lang: str) -> str:
    return say_date(summary["as_of"], lang) if summary["as_of"] else tell("as_of_none", lang)


def _say_needs(summary: dict[str, Any], lang: str) -> str:
    """Return what a station had to offer, "" if nothing was asked."""
    vocab = load_vocab("amenity")
    words = [
        (vocab[need].en if lang == EN else vocab[need].zh) if need in vocab else need
        for need in summary["needs"]
    ]
    if summary["no_phone"]:
        words.append(tell("no_phone", lang))
    return say("and", lang).join(words)


def _say_zone(zone: str, lang: str) -> str:
    return tell("zone_local", lang) if zone == LOCAL_ZONE else zone


def _say_clock(zone: str, lang: str) -> str:
    """Return how times were read, and in which clock they are shown where it is another."""
    return _say_zone(zone, lang) if zone == LOCAL_ZONE else tell("zone_read", lang, zone=zone)


def tell(key: str, lang: str, **values: object) -> str:
    """Return one of the notes' texts in a language, its places filled in."""
    return str(load_words()["notes"][key][lang]).format(**values)
