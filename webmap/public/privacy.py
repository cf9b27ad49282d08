"""The page that says what the site knows of its visitors, and what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, current_app, render_template

from webmap.public.base import blueprint, kept_page, layer

if TYPE_CHECKING:
    from webmap.providers import Provider


@blueprint.get("/privacy")
def privacy() -> Response:
    """Say it in plain words; ``docs/privacy.md`` says it for operators."""
    providers: tuple[Provider, ...] = current_app.extensions["providers"]
    return kept_page(
        render_template(
            "privacy.html",
            map_makers=[provider.name for provider in providers],
            is_demo=layer().is_demo,
        )
    )
