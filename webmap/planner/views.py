"""The planner's desk: upload tracks, see where and when workers have nowhere."""

from __future__ import annotations

from flask import Blueprint, render_template

from webmap.roles import needs_role

blueprint = Blueprint("planner", __name__, url_prefix="/plan")


@blueprint.get("/")
@needs_role("viewer")
def home() -> str:
    """Show the desk."""
    return render_template("planner/home.html")
