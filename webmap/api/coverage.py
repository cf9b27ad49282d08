"""``/coverage/latest``: what was published last, the figures and the streets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from flask import Response, current_app, request

from geo.coverage.publish import read_published
from webmap.api.base import blueprint
from webmap.api.present import json_answer
from webmap.errors import problem
from webmap.runs import DONE, Desk
from webmap.runs.record import result_folder

if TYPE_CHECKING:
    from webmap.runs import Run
    from webmap.settings import Settings

_ASK_AGAIN: Final = "no-cache"


@blueprint.get("/coverage/latest")
def coverage_latest() -> Response:
    """Answer with the run published last.

    Returns
    -------
    Response
        ``published`` (when), ``demo``, ``summary`` and ``stretches``, a GeoJSON FeatureCollection,
        as published.geojson has them; a problem of status 404 if nothing is published.
    """
    found = _latest()
    if found is None:
        return problem(
            404,
            "nothing_published",
            "no coverage is published; a reviewer publishes a run in /plan",
        )
    run, summary, stretches = found
    answer: dict[str, Any] = {
        "published": run.published,
        "demo": run.is_demo,
        "summary": orjson.Fragment(summary),
        "stretches": orjson.Fragment(stretches),
    }
    response = json_answer(answer, keep=_ASK_AGAIN)
    response.add_etag()
    response.make_conditional(request)
    return response


def _latest() -> tuple[Run, bytes, bytes] | None:
    """Return the run published last, its figures and its streets; None if there is none."""
    settings: Settings = current_app.extensions["settings"]
    runs = [run for run in Desk(settings).runs() if run.published and run.state == DONE]
    for run in sorted(runs, key=lambda run: run.published, reverse=True):
        found = read_published(result_folder(settings.runs / run.id))
        if found is not None:  # else somebody takes it back just now
            return run, *found
    return None
