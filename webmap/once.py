"""What a request that only reads asks once: all of one answer then stands on the same state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import g, has_request_context, request

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Found = TypeVar("Found")


def once(key: Hashable, ask: Callable[[], Found]) -> Found:
    """Return what ``ask`` returns; within a request by GET or HEAD it is asked once for a key.

    A request that writes must see what it wrote, and other threads have no request: they ask
    each time.
    """
    if not has_request_context() or request.method not in {"GET", "HEAD"}:
        return ask()
    kept: dict[Hashable, Any] = g.setdefault("once", {})
    if key not in kept:
        kept[key] = ask()
    return cast("Found", kept[key])
