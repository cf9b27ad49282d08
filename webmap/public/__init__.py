"""Pages for everybody, without an account."""

from __future__ import annotations

from webmap.public.views import blueprint

__all__ = ["blueprint"]
