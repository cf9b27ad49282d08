"""A position as people paste it: a map's link, or degrees in any order and notation."""

from geo.pasted.position import Pasted, read_pasted

__all__ = ["Pasted", "read_pasted"]
