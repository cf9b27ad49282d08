"""People at the staff desk and workers at doors, who write as fast as they can and remember it."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any, Final

from tests.webmap.staff.conftest import PASSWORD, fields_of, hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.webmap.killed.site import Site

SHARED: Final = "SHARED"  # a station that all of them change
REPORTED: Final = "REPORTED"  # one that all of them report
RACE: Final = "RACE"  # how codes begin that several try to take
_NEW: Final = "/staff/stations/new"
_RACES: Final = 4  # turns of one writer between two races
_MOST_REPORTS: Final = 10  # of one writer: the site takes 300 an hour from one address
_ROWS: Final = 200  # stations of one writer from south to north, then the next column
_PATIENCE_S: Final = 120  # of one request on a busy machine
_AWAY_S: Final = 0.2


@dataclass
class Notes:
    """What one writer was told: done, refused, or nothing because the site had died."""

    created: list[str] = field(default_factory=list)  # codes
    changed: list[tuple[str, str]] = field(default_factory=list)  # code and new note
    reported: list[str] = field(default_factory=list)  # ids
    refused: int = 0
    unsure: set[str] = field(default_factory=set)  # codes, notes and ids without an answer

    @property
    def done(self) -> int:
        """How many writes were acknowledged."""
        return len(self.created) + len(self.changed) + len(self.reported)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: it is the acknowledgement."""

    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 - of urllib
        """Return nothing."""


class Writer(threading.Thread):
    """One account in a browser of its own, at work until told to stop."""

    def __init__(self, site: Site, number: int, stop: threading.Event) -> None:
        super().__init__(name=f"writer-{number:02d}")
        self.notes = Notes()
        self.fault: BaseException | None = None
        self._site, self._number, self._stop_wanted = site, number, stop
        self._url = site.url
        self._chance = random.Random(number)  # noqa: S311 - which act comes next, no secret
        self._turn = 0
        self._browser = urllib.request.build_opener(
            _Stay, urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self._empty: dict[str, Any] = {}  # the fields of a new form
        self._token = ""

    def run(self) -> None:
        """Write until told to stop; a fault of the site's answers is kept."""
        try:
            while not self._stop_wanted.is_set():
                if self._site.is_up.wait(_AWAY_S):
                    self._try(self._act if self._token else self._log_in)
        except BaseException as error:  # noqa: BLE001 - raised again by the test
            self.fault = error

    def _try(self, act: Callable[[], None]) -> None:
        """Do one thing; the site may die over it.

        Raises
        ------
        HTTPError
            A report was refused.
        """
        try:
            act()
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException):
            time.sleep(_AWAY_S)

    def _log_in(self) -> None:
        _, page, _ = self._ask("/login")
        typed = {"csrf_token": hidden(page, "csrf_token"), "name": self.name, "password": PASSWORD}
        status, _, _ = self._ask("/login", typed)
        assert status == HTTPStatus.FOUND, f"{self.name} was not let in: {status}"
        _, page, _ = self._ask(_NEW)
        self._empty = dict(fields_of(page))
        self._token = hidden(page, "csrf_token")

    def _act(self) -> None:
        """Take the next turn: a new station, a change, a race for a code, a report."""
        self._turn += 1
        if self._turn % _RACES == 0:
            self._create(f"{RACE}-{self._turn // _RACES:05d}")
        elif len(self.notes.reported) < _MOST_REPORTS and self._chance.random() < 0.1:
            self._report()
        elif self.notes.created and self._chance.random() < 0.5:
            own = [code for code in self.notes.created if not code.startswith(RACE)]
            self._change(self._chance.choice([SHARED, *own[-3:]]))
        else:
            self._create(f"{self.name}-{self._turn:05d}")

    def _create(self, code: str) -> None:
        """Enter a station; each has a place of its own, farther than 300 m from all others."""
        column, row = divmod(self._turn, _ROWS)
        place = {
            "lon": f"{116.3 + 0.01 * self._number + 0.2 * column:.3f}",
            "lat": f"{39.9 + 0.004 * row:.3f}",
        }
        typed = {"code": code, "name": f"{code} {self.name}", "note": self.name, **place}
        status, address = self._send(_NEW, self._empty | typed, unsure=code)
        if status == HTTPStatus.FOUND:
            assert address.startswith("/staff/"), address
            self.notes.created.append(code)
        else:
            assert status == HTTPStatus.UNPROCESSABLE_ENTITY, f"{code}: {status}"
            assert code.startswith(RACE), f"{code} was refused"
            self.notes.refused += 1

    def _change(self, code: str) -> None:
        """Write another note into a station, unless somebody else was quicker."""
        address = f"/staff/stations/{code}"
        _, page, _ = self._ask(address)
        note = f"{self.name}-{self._turn}"
        status, _ = self._send(address, fields_of(page) | {"note": note}, unsure=note)
        if status == HTTPStatus.FOUND:
            self.notes.changed.append((code, note))
        else:
            assert status == HTTPStatus.CONFLICT, f"{code}: {status}"
            assert code == SHARED
            self.notes.refused += 1

    def _report(self) -> None:
        """Say that a door is open, as a phone does."""
        told = {"state": "open", "id": str(uuid.uuid4()), "mark": f"{self.name}-{self._turn}"}
        self.notes.unsure.add(told["id"])
        request = urllib.request.Request(  # noqa: S310 - ours
            f"{self._url}/api/v1/stations/{REPORTED}/reports",
            data=json.dumps(told).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310 - ours
            assert answer.status == HTTPStatus.CREATED
            answer.read()
        self.notes.unsure.discard(told["id"])
        self.notes.reported.append(told["id"])

    def _send(self, address: str, typed: Mapping[str, Any], *, unsure: str) -> tuple[int, str]:
        """Send a form; until there is an answer nobody knows whether it was saved."""
        self.notes.unsure.add(unsure)
        status, _, to = self._ask(address, {"csrf_token": self._token, **typed})
        self.notes.unsure.discard(unsure)
        assert not to.startswith("/login"), f"{self.name} has lost the session"
        return status, to

    def _ask(self, address: str, typed: Mapping[str, Any] | None = None) -> tuple[int, str, str]:
        """Return status, page and where it leads; a form is sent if there is something typed."""
        data = None if typed is None else urllib.parse.urlencode(typed, doseq=True).encode()
        try:
            with self._browser.open(f"{self._url}{address}", data, timeout=_PATIENCE_S) as answer:
                return answer.status, answer.read().decode(), ""
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), error.headers.get("Location", "")
