"""The page of two runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for
from flask_babel import gettext

from geo.report import say
from webmap.maps import compose
from webmap.planner import week
from webmap.planner.access import blueprint, desk, may_see, settings, visible_run
from webmap.planner.differences import compare as difference
from webmap.planner.differences import week_change
from webmap.planner.files import is_readable, read_stations, read_summary
from webmap.planner.present import for_scripts
from webmap.preferences import language
from webmap.roles import needs_role
from webmap.runs import DONE
from webmap.runs.record import result_folder

if TYPE_CHECKING:
    from pathlib import Path

    from webmap.runs import Run


@blueprint.get("/compare")
@needs_role("viewer")
def compare() -> str:
    """Show two results and how they differ; without two, ask which."""
    names = _names()
    one, other = (_readable(visible_run(name)) for name in names)
    if one is None or other is None or one.id == other.id:
        return _ask(names)
    folders = _folder(one), _folder(other)
    summaries = read_summary(folders[0]), read_summary(folders[1])
    return render_template(
        "planner/compare.html",
        runs=(one, other),
        found=difference(*summaries, (read_stations(folders[0]), read_stations(folders[1]))),
        stamps=[say.stamp(summary, language()) for summary in summaries],
        plan=_for_scripts(one, other),
        map=compose("plan"),
    )


def _names() -> tuple[str, str]:
    """Return the ids asked for: the first and the second, or two ticked ones by their age."""
    ticked = request.args.getlist("run")[:2]
    if not ticked:
        return request.args.get("a", ""), request.args.get("b", "")
    runs = [found for name in ticked if (found := visible_run(name))]
    ids = [found.id for found in sorted(runs, key=lambda found: found.created)]
    first, second = (*ids, "", "")[:2]
    return first, second


def _ask(names: tuple[str, str]) -> str:
    """Let the visitor choose two results."""
    known = [run for run in desk().runs() if may_see(run) and _readable(run)]
    fault = gettext("请选两次不同的、算好了的结果。") if all(names) else ""
    return render_template("planner/compare.html", known=known, names=names, fault=fault)


def _readable(run: Run | None) -> Run | None:
    """Return a run whose result can be shown."""
    is_fit = run is not None and run.state == DONE and is_readable(_folder(run))
    return run if is_fit else None


def _folder(run: Run) -> Path:
    return result_folder(settings().runs / run.id)


def _for_scripts(one: Run, other: Run) -> dict[str, Any]:
    """Return what the page's scripts need: the words, and of both where the lines are."""
    plan, last = (for_scripts(run.id, _folder(run), has_pages=False) for run in (one, other))
    a, b = read_summary(_folder(one)), read_summary(_folder(other))
    return {
        "classes": plan["classes"],
        "words": plan["words"],
        "firstDay": plan["firstDay"],
        "shifts": plan["shifts"] | last["shifts"],
        "changes": week_change(a, b),
        "demand": [x + y for x, y in zip(week.demand(a), week.demand(b), strict=True)],
        "gaps": [week.gap_shares(of, "effective") for of in (a, b)],
        "runs": [
            {
                "lines": url_for("planner.lines", run_id=run.id),
                "stations": url_for("planner.stations", run_id=run.id),
            }
            for run in (one, other)
        ],
    }
