"""One line of the table of rights, and what it says about one request."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW: Final = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)  # of the application's clock
WEST, EAST = "110101005", "110101010"  # codes of the accounts' area and of the one beside it

ANYBODY: Final = "anonymous"
HEAD: Final = "head"  # an admin of all areas; the other accounts are bound to one
KEEPER: Final = "keeper"  # of the station W
LINK: Final = "w" * 32  # the word of its link
STAFF: Final = ("viewer", "editor", "reviewer", "admin", HEAD)  # each may what those before it may
WHO: Final = (ANYBODY, *STAFF, KEEPER)

OWN, FOREIGN = "own", "foreign"  # where what is asked for lies
PLACES: Final = (OWN, FOREIGN)

TOKEN, WITHOUT, STRANGE = "token", "no token", "token of another session"
TOKENS: Final = (TOKEN, WITHOUT, STRANGE)


class Expected(NamedTuple):
    """What has to come back, and whether the store may then be another."""

    status: int
    may_write: bool
    must_write: bool = False
    to_login: bool = False


@dataclass(frozen=True)
class Right:
    """Who may send one method to one endpoint, and how the others are answered."""

    endpoint: str
    method: str
    address: str  # with {things} of the world
    least: str = ANYBODY  # the first of STAFF that may; KEEPER: keepers alone; ANYBODY: all
    done: int = 200  # status for those who may, at their own place
    foreign: int | None = None  # for those who may, but not at this place; None: as at their own
    far: tuple[str, ...] = (HEAD,)  # those to whom no place is foreign
    inside: int | None = None  # for an account, where a visitor gets ``done``
    writes: bool = False  # what is done changes the store
    tends: bool = False  # a look sees to what waits, and may write of it
    form: Mapping[str, Any] = field(default_factory=dict)  # text, several, or (bytes, name)
    json: Mapping[str, Any] | None = None
    needs_token: bool = True  # a POST; False only where no cookie is looked at
    anonymous: int = 302  # for a visitor where an account is needed: 302 leads to the login
    forbidden: int = 403  # for an account that may not
    stale: int = 302  # for those who may, without the token of their session

    @property
    def key(self) -> tuple[str, str]:
        """Endpoint and method."""
        return self.endpoint, self.method

    @property
    def tokens(self) -> tuple[str, ...]:
        """With which tokens it is asked: what reads no cookie has none."""
        return TOKENS if self.method != "GET" and self.needs_token else (WITHOUT,)

    def admits(self, who: str) -> bool:
        """Return whether ``who`` may do this at some place."""
        if self.least == ANYBODY:
            return True
        if self.least == KEEPER:
            return who == KEEPER
        return who in STAFF and STAFF.index(who) >= STAFF.index(self.least)

    def expect(self, who: str, place: str, token: str) -> Expected:
        """Return how one request has to be answered."""
        if not self.admits(who):
            is_visitor = who == ANYBODY
            status = self.anonymous if is_visitor else self.forbidden
            is_sent = is_visitor and status == 302  # to the login
            return Expected(status, may_write=False, to_login=is_sent)
        if self.method != "GET" and self.needs_token and token != TOKEN:
            return Expected(self.stale, may_write=False)
        if place == FOREIGN and self.foreign is not None and who not in self.far:
            return Expected(self.foreign, may_write=self.tends)
        status = self.done if who == ANYBODY or self.inside is None else self.inside
        return Expected(status, may_write=self.writes or self.tends, must_write=self.writes)


def seen(endpoint: str, address: str, least: str = "viewer", **more: Any) -> Right:  # noqa: ANN401 - parts of a right
    """Return the right to look at a page of the desks."""
    return Right(endpoint, "GET", address, least, **more)


def public(endpoint: str, address: str, **more: Any) -> Right:  # noqa: ANN401 - as above
    """Return the right of everybody to look at a page."""
    return Right(endpoint, "GET", address, **more)


def sent(endpoint: str, address: str, least: str, **more: Any) -> Right:  # noqa: ANN401 - as above
    """Return the right to send a form of the desks; done, it leads on."""
    return Right(endpoint, "POST", address, least, **({"done": 303, "writes": True} | more))


def typed(endpoint: str, address: str, least: str, **more: Any) -> Right:  # noqa: ANN401 - as above
    """Return the right to send a form that comes back to its writer (``webmap.roles.TYPED``)."""
    return dataclasses.replace(sent(endpoint, address, least, **more), anonymous=401, stale=400)
