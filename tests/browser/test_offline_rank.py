"""What the phone says without a line equals what plain Python says of the same hours.

The hours go the whole way: text, `geo.nearest.pack`, JSON, the phone's script. The other side
judges them minute by minute from the text (`tests.oracle.finder`), and never sees the pack.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

import webmap
from geo.coords import geodesic_m
from geo.hours import Timetable
from geo.nearest.arrival import ZONE, judge_arrival
from geo.nearest.pack import make_pack
from tests.oracle.finder import Asked, best_stations
from webmap import create_app
from webmap.answers import say_answer
from webmap.cards import say_trail
from webmap.offline import pack_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page

    from webmap.settings import Settings

SCRIPTS = Path(webmap.__file__).parent / "static" / "js"
STATIONS = 60
QUESTIONS = 12
LIMIT = 25
MADE = dt.datetime(2026, 9, 28, 14, 5, tzinfo=ZONE)  # a Monday before the holidays
MIDDLE = (116.3, 39.9)
HOURS = (
    "24/7", "24/7", "Mo-Fr 08:00-20:00; PH off", "Mo-Su 08:30-12:00,13:30-17:30", "22:00-06:00",
    "Mo-Fr 09:00-17:00", "", "", "Mo-Su 06:00-23:00", "Sa-Su 10:00-16:00", "Mo-Su 00:00-24:00",
)  # fmt: skip
SELF_HOURS = ("", "", "", "", "20:00-22:00", "24/7")
NEEDS = ("toilet", "drinking_water", "microwave")
OF_AMENITY = ("", ":no", ":broken")
ASK = """({ pack, questions }) => questions.map((question) => nuanyi.pack.rank(pack, question)
  .map((found) => ({
    code: found.station.code, state: found.state, metres: found.metres, straight: found.straight,
    minutes: found.minutes, unknown: found.needsUnknown,
    line: nuanyi.packWords.line(pack, found, question),
  })))"""


@pytest.fixture
def app(copy_of_demo: Callable[[], Settings]) -> Iterator[Flask]:
    """Make an application, for its words.

    Yields
    ------
    Flask
        Its store is closed after the test.
    """
    made = create_app(copy_of_demo())
    yield made
    made.extensions["stores"].close()


@pytest.fixture
def script(browser: Browser) -> Iterator[Page]:
    """Load the phone's scripts into an empty page.

    Yields
    ------
    Page
        Closed after the test.
    """
    context = browser.new_context()
    page = context.new_page()
    for name in ("pack", "pack_words"):
        page.add_script_tag(content=(SCRIPTS / f"{name}.js").read_text("utf-8"))
    yield page
    context.close()


def make_station(code: str, chance: random.Random) -> dict[str, Any]:
    """Return the cells of a random station within some 3 km."""
    amenities = [need + chance.choice(OF_AMENITY) for need in NEEDS if chance.random() < 0.7]
    self_hours = chance.choice(SELF_HOURS)
    is_back = chance.random() < 0.1
    back = MADE + dt.timedelta(minutes=chance.randrange(6 * 24 * 60))
    return {
        "code": code,
        "name": code,
        "kind": chance.choice(("rest_station", "union_hub")),
        "lon": MIDDLE[0] + chance.uniform(-0.03, 0.03),
        "lat": MIDDLE[1] + chance.uniform(-0.03, 0.03),
        "status": "temporarily_closed" if is_back else "open",
        "status_until": f"{back:%Y-%m-%dT%H:%M}+08:00" if is_back else "",
        "hours": chance.choice(HOURS),
        "self_hours": self_hours,
        "address": "",
        "subdistrict": "",
        "phone_public": "",
        "entry_mode": chance.choice(("", "attended", "qr", "attended;qr")),
        "self_entry_mode": chance.choice(("", "qr", "id_card")) if self_hours else "",
        "needs_phone": chance.choice(("", "", "yes", "no")),
        "needs_registration": "",
        "dignity": "",
        "audience": "",
        "amenities": ";".join(amenities),
        "amenity_hours": "toilet: 09:00-18:00" if "toilet" in amenities else "",
        "verified_on": chance.choice(("", f"{MADE - dt.timedelta(days=chance.randrange(500)):%F}")),
    }


def make_question(chance: random.Random) -> dict[str, Any]:
    """Return a random question, as the phone's script takes it."""
    at = MADE + dt.timedelta(seconds=chance.randrange(6 * 24 * 3600))
    needs = [need for need in (*NEEDS, "no_phone") if chance.random() < 0.2]
    return {
        "lon": MIDDLE[0] + chance.uniform(-0.02, 0.02),
        "lat": MIDDLE[1] + chance.uniform(-0.02, 0.02),
        "at": round(at.timestamp() * 1000),
        "mode": chance.choice(("walk", "ride")),
        "needs": needs,
        "kinds": chance.choice(([], [], ["rest_station"])),
        "isOpen": chance.random() < 0.2,
        "isAlways": chance.random() < 0.1,
    }


def asked(question: dict[str, Any], locked: frozenset[str]) -> Asked:
    """Return a question as the other side takes it."""
    at = dt.datetime.fromtimestamp(question["at"] / 1000, ZONE).replace(tzinfo=None)
    needs = tuple(need for need in question["needs"] if need != "no_phone")
    return Asked(
        at=at,
        kmh={"walk": 4.0, "ride": 12.0}[question["mode"]],
        limit=LIMIT,
        needs=needs,
        no_phone="no_phone" in question["needs"],
        kinds=tuple(question["kinds"]),
        is_open=question["isOpen"],
        is_always=question["isAlways"],
        locked=locked,
    )


def packed(app: Flask, stations: list[dict[str, Any]], locked: dict[str, Any], lang: str) -> Any:  # noqa: ANN401
    """Return the pack as a phone in that language gets it."""
    made = make_pack(stations, at=MADE, locked=locked)
    with app.test_request_context(f"/?lang={lang}"):
        return orjson.loads(orjson.dumps(pack_data(made, stations, MADE)))


@pytest.mark.parametrize("seed", range(5))
def test_states_and_rank_are_those_of_the_definitions(app: Flask, script: Page, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # no secret
    stations = [make_station(f"S-{n:03}", chance) for n in range(STATIONS)]
    last = MADE - dt.timedelta(hours=1)
    locks = {one["code"]: (last, MADE + dt.timedelta(days=9)) for one in stations[:3]}
    questions = [make_question(chance) for _ in range(QUESTIONS)]
    data = packed(app, stations, locks, "zh")
    answers = script.evaluate(ASK, {"pack": data, "questions": questions})
    said = {one["code"] for answer in answers for one in answer}
    assert len(said) > STATIONS / 2
    for question, answer in zip(questions, answers, strict=True):
        lon, lat = question["lon"], question["lat"]
        ways = script.evaluate(
            "({ pack, lon, lat }) => pack.stations.map((one) => "
            "nuanyi.pack.metresOf(lon, lat, one.lon, one.lat))",
            {"pack": data, "lon": lon, "lat": lat},
        )
        straight = geodesic_m(
            lon, lat, [one["lon"] for one in stations], [one["lat"] for one in stations]
        )
        assert ways == pytest.approx(straight.tolist(), rel=1e-3, abs=0.5)
        wanted = best_stations(
            stations, [1.3 * way for way in ways], ways, asked(question, frozenset(locks))
        )
        assert [(one["code"], one["state"], tuple(one["unknown"])) for one in answer[:LIMIT]] == [
            (one.code, one.state, one.needs_unknown) for one in wanted
        ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_line_is_said_as_the_site_says_it(app: Flask, script: Page, lang: str) -> None:
    chance = random.Random(11)  # noqa: S311  # no secret
    stations = [make_station(f"S-{n:03}", chance) for n in range(STATIONS)]
    rows = {one["code"]: one for one in stations}
    questions = [make_question(chance) | {"needs": [], "isOpen": False} for _ in range(40)]
    data = packed(app, stations, {}, lang)
    answers = script.evaluate(ASK, {"pack": data, "questions": questions})
    seen = set()
    for question, answer in zip(questions, answers, strict=True):
        at = dt.datetime.fromtimestamp(question["at"] / 1000, ZONE)
        if at > MADE + dt.timedelta(days=4):
            continue  # the site sees farther than the pack's end
        for one in answer:
            hours = Timetable.of(rows[one["code"]])
            found = judge_arrival(hours, at, at + dt.timedelta(minutes=one["minutes"]))
            with app.test_request_context(f"/?lang={lang}"):
                wanted = say_answer(found, hours, at)
            if one["state"] == "unknown":  # the site also knows of which festival
                wanted = wanted[: len(one["line"])]
            if found.opens_at and found.opens_at >= MADE + dt.timedelta(days=7):
                continue
            assert one["line"] == wanted
            seen.add(one["state"])
    assert seen == {"open", "opens_soon", "unknown", "closes_before_arrival", "closed"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_last_confirmation_is_said_as_the_site_says_it(
    app: Flask, script: Page, lang: str
) -> None:
    chance = random.Random(12)  # noqa: S311  # no secret
    stations = [make_station(f"S-{n:03}", chance) for n in range(STATIONS)]
    days = (0, 1, 31, 32, 365, 366)
    for days_ago, one in zip(days, stations, strict=False):
        one["verified_on"] = f"{MADE - dt.timedelta(days=days_ago):%F}"
    data = packed(app, stations, {}, lang)
    for later in (0, 3):
        today = MADE + dt.timedelta(days=later)
        said = script.evaluate(
            "([pack, now]) => { Date.now = () => now;"
            " return pack.stations.map((one) => nuanyi.packWords.trail(pack, one)); }",
            [data, today.timestamp() * 1000],
        )
        with app.test_request_context(f"/?lang={lang}"):
            assert said == [say_trail(one["verified_on"], today.date()) for one in stations]
