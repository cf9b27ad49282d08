"""The planner's desk: runs, which have an owner, and beats, which lie in an area.

Of a run "own" means the account's, "foreign" somebody else's; an admin may change every run.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from geo.coverage.publish import publish
from tests.store.test_beats import make_beats
from tests.webmap.planner.made import make_result, put_done
from tests.webmap.rights.right import EAST, HEAD, NOW, STAFF, WEST, Right, seen, sent, typed
from tests.webmap.runs.waiting import put_row
from webmap.runs import DRAFT, RUNNING
from webmap.runs.record import File, moment_now
from webmap.runs.upload import uploaded_paths

if TYPE_CHECKING:
    from tests.webmap.rights.world import World

UNSEEN = 404  # whose run it is not does not learn that there is one
ADMINS = ("admin", HEAD)
CSV = b"worker,time,lon,lat\nw,2026-03-02T08:00:00+08:00,116.41,39.93\n"
OPTIONS = {"limit": "1000", "datum": "auto", "tz": "Asia/Shanghai", "do": "look", "name": "早班"}
KEEP = {"do": "keep", "shift": "每天 22点到6点"}
PLANNED = {
    "type": "Feature",
    "properties": {"name": "一线", "workers": 3},
    "geometry": {"type": "LineString", "coordinates": [[116.405, 39.93], [116.41, 39.93]]},
}
BEAT = {
    "name": "保洁",
    "line": "{lon},39.930000\n{lon}5,39.931000",
    "shift": "周一到周五 早上4点到11点",
    "workers": "3",
    "seen": "{beat_seen}",
}


def _run(endpoint: str, page: str, thing: str = "done", **more: Any) -> Right:  # noqa: ANN401 - parts of a right
    """Return the right to look at a run: its owner and admins may."""
    address = f"/plan/runs/{{{thing}}}{page}"
    usual: dict[str, Any] = {"foreign": UNSEEN, "far": ADMINS}
    return seen(endpoint, address, **usual | more)


def _act(endpoint: str, page: str, thing: str = "done", **more: Any) -> Right:  # noqa: ANN401 - as above
    """Return the right to do something to a run."""
    least = more.pop("least", "viewer")
    address = f"/plan/runs/{{{thing}}}{page}"
    usual: dict[str, Any] = {"foreign": UNSEEN, "far": ADMINS}
    return sent(endpoint, address, least, **usual | more)


RIGHTS = (
    seen("planner.home", "/plan/", tends=True),
    typed("planner.start", "/plan/", "viewer", done=303, form={"tracks": (CSV, "早班.csv")}),
    seen("planner.pair", "/plan/pair?run={done}&run={draft}", done=303),
    seen("planner.compare", "/plan/compare?a={done}&b={done}"),
    _run("planner.run", "", tends=True),
    _run("planner.state", "/state.json", tends=True),
    _run("planner.lines", "/lines.json"),
    _run("planner.stations", "/stations.json"),
    _run("planner.download", "/files/summary.json"),
    _run("planner.check", "/check", "draft"),
    _run("planner.positions", "/positions.json", "draft"),
    _run("planner.again", "/again"),
    _run("planner.ask_delete", "/delete"),
    _run("planner.ask_publish", "/publish", least="reviewer"),
    _act("planner.begin", "/check", "draft", anonymous=401, stale=400, form=OPTIONS),
    _act("planner.start_again", "/again", anonymous=401, stale=400, form=OPTIONS),
    _act("planner.keep_beats", "/beats", "planned", least="editor", form=KEEP),
    _act("planner.stop", "/stop", "running"),
    _act("planner.delete", "/delete"),
    _act("planner.rename", "/rename", form={"name": "晚班"}),
    _act("planner.share", "/share", form={"shared": "yes"}),
    _act("planner.keep", "/keep", form={"keep": "yes"}),
    _act("planner.retry", "/retry"),
    _act(
        "planner.publish",
        "/publish",
        least="reviewer",
        form={"min_workers": "5", "sure": "yes"},
    ),
    _act("planner.unpublish", "/unpublish", "public", least="reviewer"),
    seen("planner.beats", "/plan/beats"),
    seen("planner.beat_lines", "/plan/beats/lines.json"),
    seen("planner.beat_reading", "/plan/beats/reading.json?text=早上4点到11点"),
    seen("planner.new_beat", "/plan/beats/new", "editor"),
    seen("planner.beat", "/plan/beats/{beat}"),
    typed("planner.save_beat", "/plan/beats/new", "editor", done=303, foreign=422, form=BEAT),
    typed("planner.change_beat", "/plan/beats/{beat}", "editor", foreign=403, form=BEAT),
    seen("planner.ask_delete_beat", "/plan/beats/{beat}/delete", "editor", foreign=403),
    sent("planner.delete_beat", "/plan/beats/{beat}/delete", "editor", foreign=403),
    sent(
        "planner.measure_beats",
        "/plan/beats/measure",
        "viewer",
        form={"beats": ["{beat}"]},
    ),
)


def furnish(world: World) -> None:
    """Keep runs of each account and of somebody else, in three states, and a beat in each area."""
    store = world.store
    west = shapely.LineString([(116.405, 39.93), (116.415, 39.93)])
    east = shapely.LineString([(116.425, 39.93), (116.435, 39.93)])
    store.save_beats(
        make_beats(
            {"id": "west", "name": "西线", "area": WEST, "geometry": west},
            {"id": "east", "name": "东线", "area": EAST, "geometry": east},
        ),
        actor="老李",
        now=NOW,
    )
    world.put("beat", own="west", foreign="east")
    changed = store.read_beats(["west"])["updated_at"].iloc[0]
    world.put("beat_seen", own=changed, foreign=changed)
    with tempfile.TemporaryDirectory() as made:
        result = make_result(Path(made) / "run")
        for name in ("done", "public", "draft", "planned", "running"):
            owners = {who: _put(world, who, name, result) for who in STAFF}
            world.put(name, own=owners, foreign=_put(world, "老李", name, result))


def _put(world: World, owner: str, name: str, result: Path) -> str:
    """Keep one run."""
    own: dict[str, Any] = {"owner": owner, "files": (File("a.csv", len(CSV)),)}
    if name == "done":
        return put_done(world.settings, result, **own).id
    if name == "public":
        run = put_done(world.settings, result, published=moment_now(), **own)
        folder = world.settings.runs / run.id / "result"
        publish(folder, folder)
        return run.id
    if name == "running":  # and never given up, however slow this test is
        alive = {"state": RUNNING, "heard": "2999-01-01T00:00:00Z"}
        return put_row(world.settings, CSV, **own | alive)[1].id
    if name == "planned":
        own["files"] = (File("计划.geojson", 1),)
    folder, run = put_row(world.settings, CSV, **own | {"state": DRAFT})
    if name == "planned":
        uploaded_paths(folder, run.files)[0].write_text(json.dumps(PLANNED), encoding="utf-8")
    return run.id
