"""What is made for paper: the sheet on a station's door, and the list of a neighbourhood."""

from webmap.printed import area_list, poster
from webmap.printed.base import blueprint

__all__ = ["area_list", "blueprint", "poster"]
