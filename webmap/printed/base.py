"""The blueprint of what is printed, and the answer that carries a PDF."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, request

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST_FILES: Final = 64  # of some 20 kB
_OWN_HOSTS: Final = ("localhost", "127.0.0.1", "::1")

blueprint = Blueprint("printed", __name__)


class KeptFiles:
    """The files asked for last, by all that they show; one is written at a time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, write: Callable[[], bytes]) -> bytes:
        """Return the file of a key, written now if it is not kept."""
        with self._lock:  # half a second of work: a crowd must not take the whole machine
            if key not in self._kept:
                self._kept[key] = write()
            self._kept.move_to_end(key)
            if len(self._kept) > MOST_FILES:
                self._kept.popitem(last=False)
            return self._kept[key]


files: Final = KeptFiles()


def pdf_answer(content: bytes, name: str) -> Response:
    """Return a PDF to be saved under a name; a browser may keep it, but asks for it again."""
    response = Response(content, mimetype="application/pdf")
    kept_as = f"attachment; filename=nuanyi.pdf; filename*=UTF-8''{quote(name, safe='')}.pdf"
    response.headers["Content-Disposition"] = kept_as  # RFC 6266: Chinese, and for old browsers
    response.cache_control.no_cache = True
    response.cache_control.private = True  # in the visitor's language, by a cookie
    response.vary.add("Cookie")
    response.add_etag()
    response.make_conditional(request)
    return response


def leads_nowhere(address: str) -> bool:
    """Return whether an address can be opened on this machine alone: no use on paper."""
    return urlsplit(address).hostname in _OWN_HOSTS
