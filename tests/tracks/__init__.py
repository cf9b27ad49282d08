"""Tests of geo.tracks."""
