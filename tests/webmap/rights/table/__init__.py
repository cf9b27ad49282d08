"""The table of rights: one file for each part of the site, found by itself.

A file has ``RIGHTS``, a tuple of ``Right``: one for each endpoint and method. Where its addresses
need something that the world lacks, it has as well ``furnish(world)``, which makes the things and
puts them down by name: ``world.put("check", own=..., foreign=...)``; ``{check}`` in an address or
in a field of a form then stands for the one or the other.
"""
