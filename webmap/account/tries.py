"""How fast somebody may try passwords: slower with each failure, and never a lock-out by strangers.

A stranger's failures slow down strangers: by the account they try, and by their address. Who logged
in before from the same device (a signed cookie) or the same address is counted apart, so nobody
else's failures keep them out. Neither names nor addresses are stored, but HMACs of them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from flask import current_app, request
from flask_babel import gettext, ngettext
from itsdangerous import BadSignature, URLSafeSerializer

from geo.store.logins import Pace
from webmap.devices import place_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from flask import Response

    from geo.store import Store

COOKIE: Final = "known_device"
OF_ACCOUNT: Final = Pace(free=10, longest_s=300)  # tried by strangers
OF_ADDRESS: Final = Pace(free=20, longest_s=900)  # many may share one
OF_OWN: Final = Pace(free=5, longest_s=900)  # from a device or place known for this account
_MOST_ACCOUNTS: Final = 12  # of one device
_LIFE_S: Final = 400 * 24 * 3600  # the longest that browsers keep a cookie
_MINUTE_S: Final = 60
_MARK: Final = 32  # hexadecimal digits, 128 bits


@dataclass(frozen=True)
class Device:
    """What the cookie of a device says: its random mark, and the accounts that logged in here."""

    mark: str = ""
    accounts: tuple[str, ...] = ()

    @classmethod
    def read(cls) -> Device:
        """Return the device of this request; an unknown one where the cookie is none of ours."""
        try:
            mark, *accounts = _signer().loads(request.cookies.get(COOKIE, ""))
        except (BadSignature, TypeError, ValueError):
            return cls()
        return cls(str(mark), tuple(map(str, accounts)))

    def add(self, account: str) -> Device:
        """Return the device after a login of an account, the latest first."""
        others = [other for other in self.accounts if other != account]
        known = (account, *others)[:_MOST_ACCOUNTS]
        return Device(self.mark or secrets.token_hex(_MARK // 2), known)

    def write(self, response: Response) -> None:
        """Let the device keep this."""
        response.set_cookie(
            COOKIE,
            _signer().dumps([self.mark, *self.accounts]),
            max_age=_LIFE_S,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )


@dataclass(frozen=True)
class Try:
    """One try at the password of an account."""

    paces: Mapping[str, Pace] = field(repr=False)
    account: str = field(repr=False)  # its HMAC
    place: str = field(repr=False)  # HMAC of account and address
    is_own: bool  # from a device or place known for this account

    def begin(self, store: Store, now: dt.datetime) -> int:
        """Count it as failed; return how many seconds it comes too early, 0 if it may go on."""
        return store.begin_login(self.paces, now=now)

    def wait_s(self, store: Store, now: dt.datetime) -> int:
        """Return how many seconds the next one has to wait."""
        return store.wait_of_login(self.paces, now=now)

    def succeed(self, store: Store, now: dt.datetime) -> None:
        """Take it back: the password was right, and this place is known from now on."""
        store.take_back_login(list(self.paces), now=now, clears=self.is_own)
        store.remember_login(self.place, now=now)


def try_of(name: str, store: Store, now: dt.datetime) -> Try:
    """Return how a try of this request at an account is counted, whether there is one or not.

    Parameters
    ----------
    name : str
        As it was typed.
    store : Store
        That of the accounts.
    now : datetime, aware
        The moment.
    """
    address = place_of(request.remote_addr or "")
    account, place = _mark("account", name), _mark("place", name, address)
    device = Device.read()
    if account in device.accounts:
        return Try({_mark("device", name, device.mark): OF_OWN}, account, place, is_own=True)
    if store.is_known_login(place, now=now):
        return Try({place: OF_OWN}, account, place, is_own=True)
    strangers = {account: OF_ACCOUNT, _mark("address", address): OF_ADDRESS}
    return Try(strangers, account, place, is_own=False)


def say_wait(seconds: int) -> str:
    """Say how long somebody has to wait: seconds, or minutes rounded up."""
    if seconds < _MINUTE_S:
        return str(ngettext("%(num)s 秒", "%(num)s 秒", seconds))
    minutes = -(-seconds // _MINUTE_S)
    return str(ngettext("%(num)s 分钟", "%(num)s 分钟", minutes))


def say_too_early(seconds: int) -> str:
    """Say that a try came too early, and what is true of the password: nothing."""
    return str(
        gettext("密码试错太多次了，这一次没有看。请等 %(time)s再登录。", time=say_wait(seconds))
    )


def _mark(*parts: str) -> str:
    """Return the HMAC of some words under the secret of this installation."""
    secret: Any = current_app.config["SECRET_KEY"]
    text = "\n".join(("login", *parts)).encode("utf-8", "surrogatepass")
    return hmac.digest(str(secret).encode(), text, "sha256").hex()[:_MARK]


def _signer() -> URLSafeSerializer:
    secret: Any = current_app.config["SECRET_KEY"]
    return URLSafeSerializer(
        secret, salt="known-device", signer_kwargs={"digest_method": hashlib.sha256}
    )
