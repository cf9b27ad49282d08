"""Optional tile providers: the operator's own choice of street map beside the built-in one.

``tiles.json`` in the instance folder (or the file that ``NUANYI_TILES`` names) is a list of
objects::

    [{"name": "高德", "address": "https://tiles.example/{z}/{x}/{y}.png?key={key}",
      "attribution": "© example", "key": "...", "datum": "gcj02", "max_zoom": 18}]

A key stands in every address that a visitor's browser asks for: it is public by nature, so take
one that the provider binds to your site. The provider sees which part of the map is looked at.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from geo.errors import InvalidOptionError

if TYPE_CHECKING:
    from pathlib import Path

_HOLES: Final = ("{z}", "{x}", "{y}")
_DATUMS: Final = ("wgs84", "gcj02")
_FIELDS: Final = frozenset({"name", "address", "attribution", "key", "datum", "max_zoom"})
_LAST_ZOOM: Final = 18
_MOST_ZOOM: Final = 22
_LONGEST: Final = 60  # characters of a name or attribution
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider of raster tiles of 256 px in the usual scheme (web Mercator, y from north)."""

    name: str
    address: str  # with the key in it; {z} {x} {y} are left for the browser
    attribution: str
    datum: str  # "wgs84" | "gcj02"
    max_zoom: int

    @property
    def host(self) -> str:
        """Where the tiles come from, as a source of the security policy: ``https://host``."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def for_browser(self) -> dict[str, str | int]:
        """Return what the map's script is told."""
        return asdict(self)


def load_providers(path: Path, *, is_required: bool = False) -> tuple[Provider, ...]:
    """Read the tile providers; none where there is no file, unless it ``is_required``.

    Raises
    ------
    InvalidOptionError
        The file is not such a list; the message names the entry and what is wrong with it.
    """
    if not is_required and not path.is_file():
        return ()
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); see NUANYI_TILES"
        raise InvalidOptionError(msg) from error
    except ValueError as error:
        msg = f"{path}: not JSON ({error}); it is a list of objects with name, address, ..."
        raise InvalidOptionError(msg) from error
    if not isinstance(entries, list):
        msg = f"{path}: holds no list; write [ ... ] around the providers"
        raise InvalidOptionError(msg)
    providers = tuple(_read(entry, f"{path}: provider {n}") for n, entry in enumerate(entries, 1))
    if len({provider.name for provider in providers}) < len(providers):
        msg = f"{path}: two providers have the same name; give each its own"
        raise InvalidOptionError(msg)
    return providers


def _read(entry: Any, where: str) -> Provider:  # noqa: ANN401 - JSON
    """Check one entry.

    Raises
    ------
    InvalidOptionError
        It is not as the head of this file says.
    """
    fault = _fault(entry)
    if fault:
        msg = f"{where}: {fault}"
        raise InvalidOptionError(msg)
    return Provider(
        name=entry["name"].strip(),
        address=entry["address"].replace("{key}", entry.get("key", "")),
        attribution=entry["attribution"].strip(),
        datum=entry["datum"],
        max_zoom=entry.get("max_zoom", _LAST_ZOOM),
    )


def _fault(entry: Any) -> str:  # noqa: ANN401 - JSON
    """Say what is wrong with an entry; "" if nothing is."""
    if not isinstance(entry, dict):
        return 'is no object; write {"name": ..., "address": ...}'
    unknown = sorted(entry.keys() - _FIELDS)
    if unknown:
        return f"unknown field {unknown[0]!r}; known are {', '.join(sorted(_FIELDS))}"
    texts = ("name", "address", "attribution", "datum")
    missing = [name for name in texts if not str(entry.get(name, "")).strip()]
    if missing:
        return f"{missing[0]} is missing"
    strings = [name for name in (*texts, "key") if not isinstance(entry.get(name, ""), str)]
    if strings:
        return f"{strings[0]} is no text; put it in quotes"
    long = [name for name in ("name", "attribution") if len(entry[name]) > _LONGEST]
    if long:
        return f"{long[0]} is longer than {_LONGEST} characters"
    return _datum_fault(entry["datum"]) or _address_fault(entry) or _zoom_fault(entry)


def _datum_fault(datum: str) -> str:
    if datum == "bd09":
        return (
            "datum bd09: Baidu's tiles have their own numbering and projection, which no map "
            "library here draws; take a provider in wgs84 or gcj02"
        )
    return "" if datum in _DATUMS else f"datum {datum!r}: use wgs84 or gcj02"


def _address_fault(entry: dict[str, Any]) -> str:
    address = entry["address"]
    parts = urlsplit(address)
    if parts.scheme not in {"https", "http"} or not _HOST.fullmatch(parts.netloc):
        return f"address {address!r}: write https://host/... with one host and no user name"
    lost = [hole for hole in _HOLES if hole not in address]
    if lost:
        return f"address {address!r}: {lost[0]} is missing"
    if ("{key}" in address) != bool(entry.get("key")):
        return "give a key exactly where the address has {key}"
    left = re.findall(r"\{[^}]*\}", re.sub(r"\{(?:z|x|y|key)\}", "", address))
    return f"address {address!r}: nothing is put in for {left[0]}" if left else ""


def _zoom_fault(entry: dict[str, Any]) -> str:
    zoom = entry.get("max_zoom", _LAST_ZOOM)
    is_zoom = isinstance(zoom, int) and not isinstance(zoom, bool) and 1 <= zoom <= _MOST_ZOOM
    return "" if is_zoom else f"max_zoom {zoom!r}: a whole number from 1 to {_MOST_ZOOM}"
