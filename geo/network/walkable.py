"""Which ways a walker may use and which nodes stop a walker: the rules of definitions.md, alone.

Tags are looked up through anything with ``get(key)``: a dict or an osmium tag list.
"""

from __future__ import annotations

from typing import Final, Protocol

_NOT_FOR_FEET: Final = frozenset(
    {"motorway", "motorway_link", "construction", "proposed", "planned"}
)
_FOOT_YES: Final = frozenset({"yes", "designated", "permissive"})
_NO: Final = frozenset({"no", "private"})


class Tags(Protocol):
    """The part of a tag list that the rules read."""

    def get(self, key: str, /) -> str | None:
        """Return the value of ``key`` or None."""


def is_walkable(tags: Tags) -> bool:
    """Return True if a way with these tags can be walked.

    ``foot`` speaks before ``access``; ``motorroad`` and ``foot=use_sidepath`` decide nothing.
    """
    highway = tags.get("highway")
    return highway is not None and highway not in _NOT_FOR_FEET and not _is_shut(tags)


def is_shut_barrier(tags: Tags) -> bool:
    """Return True if a node with these tags is a barrier that stops walkers."""
    return tags.get("barrier") is not None and _is_shut(tags)


def _is_shut(tags: Tags) -> bool:
    foot = tags.get("foot")
    if foot in _FOOT_YES:
        return False
    return foot in _NO or tags.get("access") in _NO
