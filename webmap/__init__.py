"""The web application and the ``nuanyi`` command: everything that faces people stands here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webmap.settings import Settings

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """Return the WSGI application; ``settings`` default to those of the environment."""
    from webmap.app import build_app  # noqa: PLC0415 - the command line must not wait for Flask

    return build_app(settings)
