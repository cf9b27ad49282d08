"""Logging in and out."""

from webmap.account.views import blueprint

__all__ = ["blueprint"]
