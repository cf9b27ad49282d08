"""The form of a station beside its pages: its position, its photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.photos import Photo
from geo.store.photos import SHOWN
from tests.webmap.rights.right import NOW, public, seen, sent

if TYPE_CHECKING:
    from tests.webmap.rights.world import World

RIGHTS = (
    sent(
        "staff.read_position",
        "/staff/position",
        "editor",
        done=200,
        writes=False,
        form={"text": "116.41,39.93"},
    ),
    sent(
        "staff.around",
        "/staff/around",
        "editor",
        done=200,
        writes=False,
        form={"lon": "{lon}", "lat": "39.93"},
    ),
    seen("staff.photos", "/staff/photos", "reviewer"),
    sent(
        "staff.judge_photo",
        "/staff/photos/{photo}",
        "reviewer",
        foreign=403,
        form={"outcome": "shown"},
    ),
    seen("staff.photo_file", "/staff/photos/{photo}.jpg"),
    public("public.photo", "/s/{station}/photo/{shown}.jpg"),
)


def furnish(world: World) -> None:
    """Let a photo of a station of each area wait, and another be shown."""
    store, ids = world.store, {}
    for code in ("W", "E"):
        for state in ("waiting", SHOWN):
            id_ = store.add_photo(Photo(b"\xff\xd8\xff", 640, 480), actor="小王", now=NOW)
            store.attach_photos([id_], code, actor="小王")
            ids[code, state] = id_
        store.judge_photo(ids[code, SHOWN], SHOWN, actor="老赵", now=NOW)
    world.put("photo", own=ids["W", "waiting"], foreign=ids["E", "waiting"])
    world.put("shown", own=ids["W", SHOWN], foreign=ids["E", SHOWN])
