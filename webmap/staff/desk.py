"""Which store the staff desk works on: the own one, or the demo while that is empty.

Who presses "登记自己的第一个驿站" works on the own store from then on, in this session; the first
station saved there ends the demo for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import current_app, request, session

from webmap.stores import DEMO, OWN

if TYPE_CHECKING:
    from geo.store import Store
    from webmap.stores import Stores

_OWN: Final = "own_first"  # in the session: the first own station is being entered


@dataclass(frozen=True, slots=True)
class Desk:
    """The store that is worked on, and what its users have to know about it."""

    store: Store
    is_demo: bool  # trying out, nothing here is real
    is_first: bool  # the own store, still empty, while the public sees the demo
    is_over: bool = False  # the form was opened on a demo that has ended meanwhile

    @property
    def name(self) -> str:
        """What a form says of the store it was opened on."""
        return DEMO if self.is_demo else OWN


def open_desk() -> Desk:
    """Return the desk of this request; a form goes to the store on which it was opened."""
    stores: Stores = current_app.extensions["stores"]
    asked = request.form.get("store", "")
    demo = stores.demo() if stores.is_own_empty() else None
    if demo is None:
        return Desk(stores.own(), is_demo=False, is_first=False, is_over=asked == DEMO)
    if asked == OWN or (session.get(_OWN) and asked != DEMO):
        return Desk(stores.own(), is_demo=False, is_first=True)
    return Desk(demo, is_demo=True, is_first=False)


def choose_own(*, own: bool) -> None:
    """Let this session work on the own store, or on the demo again."""
    if own:
        session[_OWN] = True
    else:
        session.pop(_OWN, None)
