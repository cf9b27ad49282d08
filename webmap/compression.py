"""Answers are packed for the wire; a static file once per process, and as small as it gets."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import brotli
from flask import request
from flask_compress import Compress

if TYPE_CHECKING:
    from flask import Flask, Response

_PACKED: Final = [
    "text/html", "text/css", "text/javascript", "image/svg+xml",
    "application/json", "application/geo+json", "application/problem+json",
    "application/manifest+json",
]  # fmt: skip
_FILES_KEPT: Final = 256
_OK: Final = 200


def add_compression(app: Flask) -> None:
    """Let ``app`` pack its answers by brotli or gzip, as the browser likes."""
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=5, COMPRESS_MIMETYPES=_PACKED
    )
    Compress(app)
    app.after_request(_pack_static)  # before Compress: the last added runs first


def _pack_static(response: Response) -> Response:
    """Pack a static file: Flask-Compress would pack it for each visitor, and not at all by gzip."""
    if request.endpoint != "static" or response.status_code != _OK:
        return response
    if response.mimetype not in _PACKED:
        return response
    response.direct_passthrough = False
    way = next((way for way in ("br", "gzip") if request.accept_encodings[way] > 0), "")
    response.set_data(_packed(response.get_data(), way))
    response.vary.add("Accept-Encoding")
    if way:
        response.content_encoding = way
    return response


@lru_cache(maxsize=_FILES_KEPT)
def _packed(content: bytes, way: str) -> bytes:
    """Return content packed by brotli, by gzip, or as it is."""
    if way == "br":
        return bytes(brotli.compress(content, quality=11))
    return gzip.compress(content, compresslevel=9, mtime=0) if way else content
