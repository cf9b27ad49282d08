"""The blueprint of the staff desk, and what its pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app

from webmap.roles import Account, account
from webmap.staff.roll import Rolls
from webmap.staff.territory import Territory, find_territory

if TYPE_CHECKING:
    import pandas as pd
    from flask import Response

    from geo.store import Store
    from webmap.settings import Settings

blueprint = Blueprint("staff", __name__, url_prefix="/staff")


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Let no cache keep a page that holds names and telephones of staff."""
    response.headers["Cache-Control"] = "no-store"
    return response


def settings() -> Settings:
    """Return this application's settings."""
    return cast("Settings", current_app.extensions["settings"])


def writer() -> Account:
    """Return who is logged in; the check of roles lets nobody else come this far."""
    return cast("Account", account())


def my_territory(store: Store) -> Territory:
    """Return where the one who is logged in may change stations."""
    return find_territory(writer().area, store.read_areas())


def roll_of(store: Store) -> pd.DataFrame:
    """Return the list of a store, as ``Rolls.of`` does; one for this process."""
    rolls = cast("Rolls", current_app.extensions.setdefault("rolls", Rolls()))
    return rolls.of(store)
