"""Accounts: one's own, those of an admin's area, and the links of keepers."""

from webmap.people import keepers, own, views
from webmap.people.base import blueprint

__all__ = ["blueprint", "keepers", "own", "views"]
