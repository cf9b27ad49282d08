"""Logging in and out: staff by a password, keepers by a link."""

from webmap.account import link, login
from webmap.account.base import blueprint

__all__ = ["blueprint", "link", "login"]
