"""The staff desk: the list of stations and the form."""

from webmap.staff.views import blueprint

__all__ = ["blueprint"]
