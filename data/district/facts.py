"""What is known of a station besides its name, place and hours, thrown with fair dice."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np

Row = dict[str, str]  # cells by field name

DAY: Final = dt.date(2026, 11, 1)  # ages of verification are counted back from here
AUDIENCES: Final = ("", "快递员;外卖骑手;环卫工人", "户外劳动者", "环卫工人;快递员;出租车司机")
ENTRY: Final = {
    "bank": ("ask_counter", "open_door", "guard"), "post_office": ("open_door", "ask_counter"),
    "community": ("open_door", "open_door", "guard;open_door", "qr", "face;id_card"),
    "convenience": ("ask_counter", "open_door"), "police": ("guard", "open_door"),
    "library": ("open_door", "qr"), "kiosk": ("open_door", "code_lock"),
}  # fmt: skip
BASE_AMENITIES: Final = {
    "rest_station": (("seat", 0.95), ("table", 0.8), ("drinking_water", 0.93), ("hot_water", 0.6),
                     ("microwave", 0.72), ("fridge", 0.3), ("air_con", 0.7), ("heating", 0.5),
                     ("phone_charging", 0.85), ("first_aid", 0.66), ("heat_medicine", 0.3),
                     ("toilet", 0.5), ("umbrella", 0.4), ("wifi", 0.45), ("books", 0.3),
                     ("ebike_charging", 0.1), ("air_pump", 0.2), ("wheelchair", 0.2)),
    "union_hub": (("seat", 0.98), ("table", 0.95), ("drinking_water", 0.97), ("microwave", 0.6),
                  ("air_con", 0.9), ("phone_charging", 0.9), ("toilet", 0.75), ("first_aid", 0.7),
                  ("wifi", 0.8), ("books", 0.7), ("union_join", 0.9), ("legal_aid", 0.6),
                  ("mediation", 0.5), ("counselling", 0.4), ("mother_room", 0.35), ("tv", 0.3),
                  ("haircut", 0.1), ("job_info", 0.4), ("printer", 0.3)),
    "service_point": (("drinking_water", 0.8), ("seat", 0.4), ("phone_charging", 0.4),
                      ("ice_water", 0.2), ("toilet", 0.15), ("heat_medicine", 0.2),
                      ("air_pump", 0.12)),
}  # fmt: skip


def alias(name: str, rng: np.random.Generator) -> str:
    """Return another name, for one in five."""
    if rng.random() > 0.2:
        return ""
    short = name.replace("东澄农商银行", "农商行").replace("户外劳动者驿站", "驿站")
    other = short.replace("爱心驿站", "暖心驿站") if short == name else short
    return other if other != name else f"{name.removesuffix('驿站')}歇脚点"


def mode(kind: str, host: str, rng: np.random.Generator) -> str:
    """Return who set the station up."""
    if kind == "union_hub":
        return "own"
    own = 0.4 if host in {"community", "park"} else 0.05
    return str(rng.choice(["own", "joint", "hosted"], p=[own, 0.45, 0.55 - own]))


def audience(rng: np.random.Generator) -> str:
    """Return whom it is for."""
    return str(rng.choice(AUDIENCES, p=[0.3, 0.35, 0.25, 0.1]))


def amenities(kind: str, rng: np.random.Generator) -> str:
    """Return what is there, not there, or not known; a few are broken or used up."""
    found = []
    for code, share in BASE_AMENITIES[kind]:
        if rng.random() < 0.14:  # nobody looked
            continue
        if rng.random() < share:
            state = str(rng.choice(["", ":broken", ":empty"], p=[0.94, 0.045, 0.015]))
            used_up = state == ":empty" and code not in {"first_aid", "heat_medicine", "umbrella"}
            found.append(code + (":broken" if used_up else state))
        elif rng.random() < 0.45:
            found.append(f"{code}:no")
    return ";".join(found)


def amenity_hours(row: Row, front: int) -> str:
    """Return hours of single amenities: every third toilet of a station open all night is not."""
    has_toilet = "toilet" in row["amenities"].split(";")
    return "toilet: 06:00-23:00" if has_toilet and row["hours"] == "24/7" and front % 3 == 0 else ""


def status(rng: np.random.Generator) -> Row:
    """Return whether it is open: nearly all are."""
    roll = rng.random()
    if roll < 0.955:
        return {"status": "open"}
    if roll < 0.975:
        until = "2026-12-20T08:00:00+08:00" if rng.random() < 0.7 else ""
        return {"status": "temporarily_closed", "status_until": until, "note": "装修，暂停开放"}
    if roll < 0.985:
        return {"status": "closed", "note": "随网点搬迁撤销"}
    return {"status": "planned" if roll < 0.994 else "built_not_open"}


def entry(host: str, rng: np.random.Generator) -> Row:
    """Return how one gets in, and whose ground one is on."""
    choices = ENTRY.get(host, ("open_door", "ask_counter"))
    mode = choices[int(rng.integers(len(choices)))] if rng.random() < 0.88 else ""
    phone = {"qr": "yes", "": ""}.get(mode, "no" if rng.random() < 0.8 else "")
    asked = {"qr": "yes", "": ""}.get(mode, "yes" if "guard" in mode else "no")
    dignity = "ask_shopkeeper" if mode == "ask_counter" else "hall_corner"
    if host in {"community", "park", "kiosk"} and mode:
        dignity = "own_room"
    return {"entry_mode": mode, "needs_phone": phone, "needs_registration": asked,
            "dignity": dignity if mode else ""}  # fmt: skip


def room(kind: str, host: str, rng: np.random.Generator) -> Row:
    """Return area, seats and floor, where there is a room and somebody measured it."""
    if kind == "service_point" or rng.random() < 0.18:
        return {}
    low, high = (20, 120) if kind == "union_hub" else (4, 36) if host != "kiosk" else (3, 8)
    area = int(rng.integers(low, high))
    return {"area_m2": str(area), "capacity": str(max(area // 3, 1)),
            "floor": "1" if rng.random() < 0.9 else "2"}  # fmt: skip


def signs(rng: np.random.Generator) -> Row:
    """Return what an inspection would tick, or leave open."""
    flags = {}
    for name, yes in (("has_sign", 0.8), ("has_rules", 0.6), ("on_amap", 0.55), ("on_baidu", 0.4)):
        roll = rng.random()
        flags[name] = "yes" if roll < yes else "no" if roll < yes + 0.12 else ""
    return flags


def dates(state: str, rng: np.random.Generator) -> Row:
    """Return since when it is open and when it was last verified, if ever; a quarter is stale."""
    if state in {"planned", "built_not_open"}:
        return {}
    opened = DAY - dt.timedelta(days=int(rng.integers(220, 2600)))
    roll = rng.random()
    if roll < 0.16:
        return {"opened_on": opened.isoformat() if roll < 0.1 else ""}
    age = int(rng.integers(2, 175)) if roll < 0.74 else int(rng.integers(185, 900))
    verified = max(DAY - dt.timedelta(days=age), opened)
    return {"opened_on": opened.isoformat(), "verified_on": verified.isoformat()}
