"""``/grid``: the stations of a map's view as clusters and single dots, without names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Response, request

from webmap.api import parse
from webmap.api.base import blueprint, layer
from webmap.api.parse import BadParameterError
from webmap.api.present import json_answer
from webmap.grid import Window
from webmap.locks import locked_codes
from webmap.moments import now

if TYPE_CHECKING:
    import datetime as dt

    from webmap.grid import Cells
    from webmap.layer import Layer

_ASK_AGAIN: Final = "no-cache"
_MOST_CODES: Final = 20  # listed for a cluster that no zoom parts
_DECIMALS: Final = 6  # of a degree: 0.1 m


@blueprint.get("/grid/<int:z>/<int:x0>/<int:y0>/<int:x1>/<int:y1>")
def grid(z: int, x0: int, y0: int, x1: int, y1: int) -> Response:
    """Answer with the cells of a window that hold stations.

    ``cells`` are ``[lon, lat, n, n_open, kind, state]``; ``kind`` and ``state`` are "" where n > 1.
    A single station has its code as a seventh part, stations at one place a list of theirs. States
    are those of now, or of the moment ``at``.

    Raises
    ------
    BadParameterError
        The window is no window.
    """
    try:
        window = Window(z, x0, y0, x1, y1)
    except ValueError as error:
        msg = str(error)
        raise BadParameterError(msg, "window") from error
    shown = layer()
    at = parse.read_moment(request.args, "at") or now()
    answer = {"seq": shown.seq, "cells": _cells(shown, shown.grid.cells(window), at)}
    response = json_answer(answer, keep=_ASK_AGAIN)
    response.add_etag()
    response.make_conditional(request)
    return response


def _cells(shown: Layer, cells: Cells, at: dt.datetime) -> list[list[object]]:
    states = shown.states(at, locked_codes(at))
    n_open = cells.count_of(states.running)
    order = shown.grid.order
    codes, kinds = shown.rows["code"].array, shown.rows["kind"].array
    answer: list[list[object]] = []
    for lon, lat, first, count, is_one_place, open_here in zip(
        cells.lon.round(_DECIMALS).tolist(),
        cells.lat.round(_DECIMALS).tolist(),
        cells.first.tolist(),
        cells.count.tolist(),
        cells.is_one_place.tolist(),
        n_open.tolist(),
        strict=True,
    ):
        row = int(order[first])
        if count == 1:
            answer.append([lon, lat, 1, open_here, kinds[row], states.words[row], codes[row]])
            continue
        cell: list[object] = [lon, lat, count, open_here, "", ""]
        if is_one_place:
            some = order[first : first + min(count, _MOST_CODES)]
            cell.append([codes[int(place)] for place in some])
        answer.append(cell)
    return answer
