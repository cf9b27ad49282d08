"""The history, undo, bulk edit, export and map platforms of the staff desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from tests.webmap.rights.right import NOW, seen, sent

if TYPE_CHECKING:
    from tests.webmap.rights.world import World

_PLACED = {"W2": "own", "E2": "foreign"}

RIGHTS = (
    seen("staff.acts", "/staff/history"),
    seen("staff.past", "/staff/history/{station}"),
    seen("staff.act", "/staff/acts/{act}"),
    seen("staff.audit", "/staff/audit.csv", "admin"),
    seen("staff.undo_act", "/staff/acts/{act}/undo", "editor"),
    sent("staff.undo_act_now", "/staff/acts/{act}/undo", "editor", foreign=403),
    seen("staff.undo_change", "/staff/changes/{change}/undo", "editor"),
    sent(
        "staff.undo_change_now",
        "/staff/changes/{change}/undo",
        "editor",
        foreign=403,
        form={"field": "note", "seen": "999999"},  # all that will ever be
    ),
    seen("staff.bulk", "/staff/bulk", "editor"),
    sent(
        "staff.bulk_change",
        "/staff/bulk",
        "editor",
        done=200,  # the preview, which refuses what lies elsewhere
        writes=False,
        form={"code": "{station}", "status": "planned"},
    ),
    seen("staff.export", "/staff/export"),
    seen("staff.export_file", "/staff/export/file?format=csv&datum=wgs84"),
    seen("staff.platforms", "/staff/platforms"),
    seen("staff.platform_file", "/staff/platforms/sheet?format=csv"),
    sent(
        "staff.set_states",
        "/staff/platforms/states",
        "editor",
        writes=False,  # a station that lies elsewhere is left out, and said so
        tends=True,
        form={"platform": "amap", "code": "{station}", "set": "sent"},
    ),
    sent(
        "staff.save_platform_sheet",
        "/staff/platforms/sheet",
        "reviewer",
        form={"platform": "amap", "header": "名", "content": "name", "text": "", "datum": "gcj02"},
    ),
)


def furnish(world: World) -> None:
    """Change a station of each area, alone and in an act upon many."""
    acts, changes = {}, {}
    for code, place in _PLACED.items():
        note = pd.DataFrame({"code": [code], "note": ["旧"]})
        world.store.save_stations(note, actor="test", origin="form", now=NOW)
        changes[place] = str(world.store.history(code)["seq"].max())
        floor = pd.DataFrame({"code": [code], "floor": ["一层"]})
        acts[place], _ = world.store.save_batch(
            floor, kind="bulk", source="", actor="test", origin="bulk", now=NOW
        )
    world.put("act", **acts)
    world.put("change", **changes)
