"""Tests of geo.search."""
