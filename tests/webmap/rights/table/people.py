"""Accounts: one's own for all staff, others' for admins of the area, keepers' for its editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.webmap.rights.right import EAST, NOW, WEST, seen, sent, typed
from tests.webmap.staff.conftest import HASH, PASSWORD

if TYPE_CHECKING:
    from tests.webmap.rights.world import World

NEW = "another horse battery"
CHANGED = {"role": "reviewer", "area": "{code}"}

RIGHTS = (
    seen("people.home", "/account/"),
    seen("people.password", "/account/password"),
    sent(
        "people.change_password",
        "/account/password",
        "viewer",
        form={"old": PASSWORD, "new": NEW, "again": NEW},
    ),
    seen("people.people", "/account/people", "admin"),
    seen("people.new", "/account/new", "admin"),
    typed(
        "people.create",
        "/account/new",
        "admin",
        done=201,
        foreign=422,
        form={"name": "小张", "role": "editor", "area": "{code}"},
    ),
    seen("people.person", "/account/people/{colleague}", "admin", foreign=403),
    typed("people.change", "/account/people/{colleague}", "admin", foreign=403, form=CHANGED),
    sent(
        "people.renew_password",
        "/account/people/{colleague}/password",
        "admin",
        done=200,
        foreign=403,
    ),
    seen("people.keepers", "/account/keepers", "editor"),
    seen("people.new_keeper", "/account/new-keeper", "editor"),
    typed(
        "people.create_keeper",
        "/account/new-keeper",
        "editor",
        done=201,
        foreign=422,
        form={"name": "店里", "stations": "{station}"},
    ),
    seen("people.keeper", "/account/keepers/{kept_by}", "editor", foreign=403),
    typed(
        "people.change_keeper",
        "/account/keepers/{kept_by}",
        "editor",
        foreign=403,
        form={"stations": "{station} {beside}"},
    ),
    sent(
        "people.renew_link",
        "/account/keepers/{kept_by}/link",
        "editor",
        done=200,
        foreign=403,
    ),
    sent("people.revoke_link", "/account/keepers/{kept_by}/revoke", "editor", foreign=403),
)


def furnish(world: World) -> None:
    """Make a colleague and a keeper in each area, and a second station beside the first."""
    for name, area, station in (("西边", WEST, "W"), ("东边", EAST, "E")):
        world.store.add_user(name, role="editor", area=area, password_hash=HASH, now=NOW)
        world.store.add_keeper(f"{name}店", stations=[station], now=NOW, link_hash=f"of {name}")
    world.put("code", own=WEST, foreign=EAST)
    world.put("colleague", own="西边", foreign="东边")
    world.put("kept_by", own="西边店", foreign="东边店")
    world.put("beside", own="W2", foreign="E2")
