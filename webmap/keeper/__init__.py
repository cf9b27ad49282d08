"""The keeper's page: somebody at the station confirms, closes for a while, says what is broken."""

from webmap.keeper import views
from webmap.keeper.base import blueprint

__all__ = ["blueprint", "views"]
