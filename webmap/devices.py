"""What a reporting device is called: a name that nobody can lead back to it, for a day at most.

A name is an HMAC of the random mark that a page keeps on the device, else of the address, under a
key of this installation. Mark and address themselves are neither stored nor logged. Each hour in
which something is reported has a key of its own, which is thrown away when it is 24 h old. A device
goes on by the name under which it first reported, as long as the key of that name lives: its
reports of 23 h are known to be one device's, on whatever side of midnight, and after 24 h nobody
can tell that it is the same. The keys lie in the instance folder, so that all processes of a
machine agree; they are in no backup of the store.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
import os
import secrets
import threading
from collections import Counter, deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

logger = logging.getLogger(__name__)

FOLDER: Final = "device_keys"
LIFE_H: Final = 24  # hours after which a key is thrown away
_HOUR_S: Final = 3600
_BYTES: Final = 32  # of a key
_NAME: Final = 32  # hexadecimal digits, 128 bits
_PHONE_BITS: Final = 64  # of an IPv6 address; the rest changes with each connection


class DeviceKeys:
    """The keys of this installation: a file per hour, named by its number since 1970."""

    def __init__(self, instance: Path) -> None:
        self._folder = instance / FOLDER
        self._swept = -1  # hour in which old keys were last thrown away by this process

    def names(self, mark: str, address: str, now: dt.datetime) -> tuple[str, ...]:
        """Return the names of a device under the living keys, oldest first; 1 or more.

        Parameters
        ----------
        mark : str
            What the device calls itself; "": the address stands for it.
        address : str
            IP address; of an IPv6 address the first 64 bits.
        now : datetime, aware
            Its hour has a key after this.
        """
        self.throw_away(now)
        what = f"mark\n{mark}" if mark else f"address\n{place_of(address)}"
        hour = _hour(now)
        _make_key(self._folder / str(hour))
        keys = [self._key(old) for old in self._hours() if old <= hour]
        return tuple(hmac.digest(key, what.encode(), "sha256").hex()[:_NAME] for key in keys if key)

    def throw_away(self, now: dt.datetime) -> None:
        """Delete the keys that are 24 h old; cheap enough for every request."""
        hour = _hour(now)
        if hour == self._swept:
            return
        for old in self._hours():
            if not hour - LIFE_H < old <= hour + 1:  # + 1: another process's clock, a moment ahead
                (self._folder / str(old)).unlink(missing_ok=True)
                logger.info("threw a device key away")
        self._swept = hour

    def _hours(self) -> list[int]:
        if not self._folder.is_dir():
            return []
        names = (path.name for path in self._folder.iterdir())
        return sorted(int(name) for name in names if name.isdecimal())

    def _key(self, hour: int) -> bytes:
        try:
            return (self._folder / str(hour)).read_bytes()
        except FileNotFoundError:  # another process just threw it away
            return b""


class Bound:
    """How many of the same may come within a time; in the memory of this process alone.

    Safe between threads.
    """

    def __init__(self, most: int, within: dt.timedelta) -> None:
        self._most, self._within = most, within
        self._came: deque[tuple[dt.datetime, str]] = deque()  # the earliest first
        self._count: Counter[str] = Counter()
        self._lock = threading.Lock()

    def admits(self, name: str, now: dt.datetime) -> bool:
        """Return whether one more may come now; if so it is counted."""
        with self._lock:
            while self._came and now - self._came[0][0] >= self._within:
                self._forget(self._came.popleft()[1])
            if self._count[name] >= self._most:
                return False
            self._came.append((now, name))
            self._count[name] += 1
            return True

    def _forget(self, name: str) -> None:
        self._count[name] -= 1
        if not self._count[name]:
            del self._count[name]


def _hour(now: dt.datetime) -> int:
    return int(now.timestamp()) // _HOUR_S


def place_of(address: str) -> str:
    """Return what of an address stays the same for one device; "" where there is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _PHONE_BITS), strict=False))


def _make_key(path: Path) -> None:
    """Write a key beside ``path`` and link it there whole; the first process wins."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = path.with_name(f".{secrets.token_hex(8)}")
    handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
        try:
            os.link(own, path)
        except FileExistsError:
            logger.debug("another process made this hour's key first")
    finally:
        own.unlink()
