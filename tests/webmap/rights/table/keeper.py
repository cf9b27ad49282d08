"""The keeper's page: for keepers alone, each for the stations they keep."""

from __future__ import annotations

from typing import Any

from tests.webmap.rights.right import KEEPER, Right

OUT: dict[str, Any] = {"anonymous": 401, "foreign": 403, "far": ()}  # only the link leads in


def _act(endpoint: str, page: str, **form: str) -> Right:
    """Return the right of a keeper to do something at a station."""
    address = f"/keep/{{station}}/{page}"
    return Right(endpoint, "POST", address, KEEPER, done=303, writes=True, form=form, **OUT)


RIGHTS = (
    Right("keeper.home", "GET", "/keep", KEEPER, anonymous=401),
    _act("keeper.confirm", "confirm"),
    _act("keeper.close", "close", until="2026-03-09"),
    _act("keeper.reopen", "open"),
    _act("keeper.amenity", "amenity", thing="toilet", state="broken"),
)
