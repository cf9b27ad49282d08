"""The headers every answer carries: what a browser may load, send on, or frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask, Response

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tile_hosts}; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY.format(tile_hosts=""),
    "Referrer-Policy": "no-referrer",  # an address may hold what somebody searched for
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers older than frame-ancestors
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
}


OF_PARTS: Final = ("Referrer-Policy", "X-Content-Type-Options", "Cross-Origin-Resource-Policy")
_PARTS: Final = ("text/css", "text/javascript", "application/vnd.mapbox-vector-tile")


def add_headers(app: Flask, tile_hosts: Iterable[str] = ()) -> None:
    """Let every answer of ``app`` carry ``HEADERS``, unless its view has set its own.

    Scripts, styles and tiles, which no browser shows as documents, carry ``OF_PARTS`` alone: a
    map loads twenty of them over a slow line.

    Images, and nothing else, may also come from ``tile_hosts`` (as ``https://tiles.example``).
    """
    hosts = "".join(f" {host}" for host in sorted(set(tile_hosts)))
    policy = CONTENT_SECURITY_POLICY.format(tile_hosts=hosts)
    headers = HEADERS | {"Content-Security-Policy": policy}

    @app.after_request
    def _add(response: Response) -> Response:
        own = {name.casefold() for name in response.headers.keys()}  # noqa: SIM118 - not a dict
        for name in OF_PARTS if response.mimetype in _PARTS else headers:
            if name.casefold() not in own:
                response.headers.add(name, headers[name])
        return response
