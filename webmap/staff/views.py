"""The staff desk: the list of stations and the form."""

from __future__ import annotations

from flask import Blueprint, render_template

from webmap.roles import needs_role

blueprint = Blueprint("staff", __name__, url_prefix="/staff")


@blueprint.get("/")
@needs_role("viewer")
def home() -> str:
    """Show the desk."""
    return render_template("staff/home.html")
