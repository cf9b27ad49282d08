"""The interface for programs: read by all; what it takes comes without cookie and token."""

from __future__ import annotations

from tests.webmap.rights.right import Right, public

AT = "lon={lon}&lat=39.93"

RIGHTS = (
    public("api.nearest", f"/api/v1/nearest?{AT}"),
    public("api.way", f"/api/v1/way?{AT}&code={{station}}"),
    public("api.search", "/api/v1/search?q=驿站"),
    public("api.stations", "/api/v1/stations"),
    public("api.station", "/api/v1/stations/{station}"),
    public("api.grid", "/api/v1/grid/12/0/0/1/1"),
    public("api.coverage_latest", "/api/v1/coverage/latest"),
    Right(
        "api.report",
        "POST",
        "/api/v1/stations/{station}/reports",
        done=201,
        writes=True,
        needs_token=False,
        json={"state": "locked"},
    ),
    Right(
        "api.wishes",
        "POST",
        "/api/v1/wishes",
        done=201,
        writes=True,
        needs_token=False,
        json={"lon": 116.4123, "lat": 39.9312},
    ),
)
