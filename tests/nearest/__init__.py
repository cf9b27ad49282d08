"""Tests of `geo.nearest`."""
